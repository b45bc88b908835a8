// A program with busy threads that forks. argv[1]: what the threads are busy with; argv[2]: how many forks.
//   heavy    heavy() all the time          choose   the process's first use, before the library's constructor
//   join     join() of barrier/shared.h    quiet    nothing: for counting calls
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/barrier/luck/probe.h"
#include "weir/barrier/shared.h"
#include "weir/barrier/thread.h"

namespace {

namespace barrier = weir::barrier;
using probe::print;

void use_shared() {
  barrier::shared::header header;
  barrier::shared::member m;
  if (m.join(header)) std::abort();
  m.light();
  m.heavy();
}

// What every child does. The parent has made the choice, or the child makes it.
[[noreturn]] void be_child(bool shared) {
  const auto before = barrier::system_barriers();
  for (int i = 0; i < 3; ++i) {
    barrier::light();
    barrier::heavy();
  }
  const bool called = barrier::active() != barrier::strategy::fence;
  if (barrier::system_barriers() != before + (called ? 3 : 0)) ::_exit(4);
  if (shared) {
    use_shared();
    struct sigaction now = {};
    ::sigaction(SIGSYS, nullptr, &now);
    if (now.sa_handler != SIG_DFL) ::_exit(5);  // the guard of a thread that is gone is still up
  }
  ::_exit(0);
}

// Forks and waits; how the child ended.
int one_fork(bool shared) {
  const pid_t pid = ::fork();
  if (pid == 0) be_child(shared);
  int status = -1;
  while (pid > 0 && ::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

int forks_among_busy_threads(std::string_view busy, int count) {
  std::atomic<bool> stop{false};
  std::atomic<unsigned long> rounds{0};
  std::vector<std::thread> threads;
  for (int i = 0; busy != "quiet" && i < 3; ++i) {
    threads.emplace_back([&stop, &rounds, busy] {
      while (!stop.load(std::memory_order_relaxed)) {  // joined afterwards
        if (busy == "join") {
          use_shared();
        } else {
          barrier::heavy();
        }
        rounds.fetch_add(1, std::memory_order_relaxed);  // only looked at
      }
    });
  }
  int failed = 0;
  int last_failure = 0;
  for (int i = 0; i < count; ++i) {
    // Each fork meets threads that have gone on since the one before.
    const auto seen = rounds.load(std::memory_order_relaxed);
    while (busy != "quiet" && rounds.load(std::memory_order_relaxed) == seen) std::this_thread::yield();
    const int status = one_fork(busy == "join");
    failed += status != 0;
    if (status != 0) last_failure = status;
  }
  stop.store(true, std::memory_order_relaxed);
  for (std::thread& t : threads) t.join();
  print("failed", static_cast<unsigned long>(failed));
  print("last-failure", static_cast<unsigned long>(last_failure));
  print("active", barrier::name(barrier::active()).data());
  return 0;
}

// A thread makes the first use of the process; meanwhile this one forks, `spins` turns of a loop later. The choice
// takes milliseconds then, because the process has two threads.
__attribute__((constructor(101))) void choose_and_fork(int argc, char** argv) {
  if (argc < 3 || std::string_view(argv[1]) != "choose") return;
  // So that the system knows of our fork handlers. One that is under way meanwhile, inside another's handler, does not
  // call them (docs/barrier.md), and ThreadSanitizer's own handler takes long enough to meet that.
  static constinit barrier::thread::room none;
  barrier::thread::enter_once(none);
  std::atomic<bool> going{false};
  std::thread chooser([&going] {
    going.store(true, std::memory_order_relaxed);  // a hint of the time, no more
    barrier::heavy();
  });
  while (!going.load(std::memory_order_relaxed)) std::this_thread::yield();
  for (int spins = std::atoi(argv[2]); spins > 0; --spins) weir::port::relax();
  const int status = one_fork(false);
  chooser.join();
  print("failed", status != 0 ? 1 : 0);
  print("last-failure", static_cast<unsigned long>(status));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string_view busy = argv[1];
  if (busy != "choose") return forks_among_busy_threads(busy, std::atoi(argv[2]));
  probe::print_state();
}
