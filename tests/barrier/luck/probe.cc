// A program that has the bad luck which its arguments name, and prints what comes of it. The tests of this directory
// run it, mostly under a filter of system calls that was there when it started.
#include <cerrno>
#include <csignal>
#include <cstring>
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/barrier/luck/fake_membarrier.h"
#include "tests/barrier/luck/probe.h"
#include "tests/support/launcher.h"
#include "tests/support/seccomp.h"
#include "weir/barrier/shared.h"

namespace {

namespace barrier = weir::barrier;
namespace seccomp = weir::test::seccomp;
using probe::print;

int state() {
  probe::print_state();
  return 0;
}

// As many calls of heavy() as asked for.
int heavies(int count) {
  for (int i = 0; i < count; ++i) barrier::heavy();
  print("active", barrier::name(barrier::active()).data());
  print("barriers", barrier::system_barriers());
  return 0;
}

// heavy() in a process that has as many mappings as it may have.
int crowded() {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  static void* first[256];  // given back in the end: a sanitizer needs some to print, or to exit
  unsigned long mappings = 0;
  for (;; ++mappings) {
    // In turns, so that no two become one. The first is next to the barrier's own page, and like it.
    const int access = mappings % 2 == 0 ? PROT_NONE : PROT_READ;
    void* const p = ::mmap(nullptr, page, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) break;
    if (mappings < std::size(first)) first[mappings] = p;
  }
  const int refused = errno;
  for (int i = 0; i < 5; ++i) barrier::heavy();
  for (void* const p : first) ::munmap(p, page);
  print("refused", refused == ENOMEM ? "ENOMEM" : "otherwise");
  print("mappings", mappings);
  print("active", barrier::name(barrier::active()).data());
  return 0;
}

int shared_state() {
  barrier::shared::header header;
  barrier::shared::member m;
  const std::error_code e = m.join(header);
  m.light();
  m.heavy();
  print("join", e.message().c_str());
  print("mode", m.how() == barrier::shared::mode::expedited ? "expedited" : "fence");
  print("describe", m.describe());
  return 0;
}

// A handler that pretends that nothing has happened. What the call then returns is what the register held: its number.
void ignore_sigsys(int) {}

// From now on `call` is refused in the way that `how` says.
void refuse(long call, std::string_view how) {
  seccomp::answer answer = seccomp::answer::allow;
  if (how == "eperm") answer = seccomp::fail(EPERM);
  if (how == "enosys") answer = seccomp::fail(ENOSYS);
  if (how == "eacces") answer = seccomp::fail(EACCES);
  if (how == "trap" || how == "trap-ignored") answer = seccomp::answer::trap;
  if (how == "kill") answer = seccomp::answer::kill;
  if (how == "trap-ignored") std::signal(SIGSYS, &ignore_sigsys);
  if (const int r = seccomp::filter().on(call, answer).install(); r != 0) {
    print("filter", std::strerror(-r));
    std::exit(2);
  }
}

// heavy() works; then the call it makes is refused; then heavy() again, which must not return.
int refused_later(std::string_view call, std::string_view how) {
  barrier::heavy();
  print("worked", barrier::name(barrier::active()).data());
  refuse(call == "mprotect" ? SYS_mprotect : SYS_membarrier, how);
  barrier::heavy();
  print("returned", "yes");
  return 0;
}

int refused_later_shared(std::string_view how) {
  barrier::shared::header header;
  barrier::shared::member m;
  if (m.join(header) || m.how() != barrier::shared::mode::expedited) {
    print("mode", m.describe());
    return 0;
  }
  m.heavy();
  print("worked", "shared");
  refuse(SYS_membarrier, how);
  m.heavy();
  print("returned", "yes");
  return 0;
}

// Whether require() of each strategy succeeds, and what it says.
int require_each() {
  for (const auto s : {barrier::strategy::fence, barrier::strategy::membarrier, barrier::strategy::mprotect,
                       barrier::strategy::flush, barrier::strategy::registers, barrier::strategy::edges}) {
    const std::error_code e = barrier::require(s);
    print(barrier::name(s).data(), e ? e.message().c_str() : "ok");
  }
  print("active", barrier::name(barrier::active()).data());
  return 0;
}

// exec() ends a registration: the new program must have its own.
int exec_again(const char* self, bool in_child) {
  barrier::heavy();
  if (in_child) {
    const pid_t pid = ::fork();
    if (pid != 0) {
      int status = -1;
      ::waitpid(pid, &status, 0);
      return status == 0 ? 0 : 1;
    }
  }
  if (const char* with = weir::test::launcher(); with != nullptr) ::execl(with, with, self, "state", nullptr);
  ::execl(self, self, "state", nullptr);
  return 3;
}

// What the library needs of membarrier(2), asked of the kernel without the library.
int membarrier_itself() {
  const auto call = [](int command) { return ::syscall(SYS_membarrier, command, 0, 0); };
  const bool answered = call(MEMBARRIER_CMD_QUERY) >= 0 && call(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0 &&
                        call(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0;
  print("membarrier", answered ? "answered" : std::strerror(errno));
  return 0;
}

int play_to_the_end(const char* name) {
  luck::script s = luck::deadly(name);
  luck::playing = &s;
  print("playing", name);
  luck::fake::heavy();
  print("returned", "yes");
  return 0;
}

int run(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const char* const first = argc > 2 ? argv[2] : "";
  const char* const second = argc > 3 ? argv[3] : "";
  if (what == "state") return state();
  if (what == "heavies") return heavies(std::atoi(first));
  if (what == "crowded") return crowded();
  if (what == "shared") return shared_state();
  if (what == "refused-later") return refused_later(first, second);
  if (what == "refused-later-shared") return refused_later_shared(first);
  if (what == "require") return require_each();
  if (what == "sleep") {
    print("asleep", "yes");
    for (;;) ::pause();
  }
  if (what == "query") {
    print("query", ::syscall(SYS_membarrier, 0, 0, 0) < 0 ? std::strerror(errno) : "answered");
    return 0;
  }
  if (what == "membarrier") return membarrier_itself();
  if (what == "script") return play_to_the_end(first);
  if (what == "exec") return exec_again(argv[0], false);
  if (what == "fork-exec") return exec_again(argv[0], true);
  std::fprintf(stderr, "probe: unknown command\n");
  return 2;
}

}  // namespace

int main(int argc, char** argv) { return run(argc, argv); }
