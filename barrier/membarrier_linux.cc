#include "weir/barrier/membarrier_linux.h"

#include <atomic>
#include <csignal>
#include <cstdint>
#include <linux/membarrier.h>
#include <mutex>
#include <sys/syscall.h>
#include <unistd.h>

#include "weir/barrier/forever.h"
#include "weir/barrier/thread.h"

namespace weir::barrier::detail {
namespace {

// Set by the handler below when the kernel answered a call of ours with SIGSYS.
thread_local volatile std::sig_atomic_t trapped WEIR_TLS_FAST = 0;

// The guard's, and under its lock: what handled SIGSYS before, and the thread's signals before.
constinit weir::detail::forever<std::mutex> guarding;
struct sigaction previous;
sigset_t mask_before;

// What handled SIGSYS before, for our handler, in one word: it may still run for another thread's signal when the next
// guard looks again. The handler's address, and whether it takes three arguments; user space ends below bit 63.
constexpr std::uint64_t takes_three = std::uint64_t{1} << 63;
constinit std::atomic<std::uint64_t> handled_by{0};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "used in a signal handler");

std::uint64_t word_of(const struct sigaction& a) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(a.sa_handler);  // the same member as sa_sigaction
  return address | ((a.sa_flags & SA_SIGINFO) != 0 ? takes_three : 0);
}

// A child must not find the guard up that a thread has put up which it does not have. Below the barrier's own room,
// which waits for a choice in progress, and that needs the guard.
constinit thread::room guard_room{
    .level = -1,
    .before_fork = []() noexcept { guarding.value.lock(); },
    .in_parent = []() noexcept { guarding.value.unlock(); },
    .in_child = [](thread::index) noexcept { guarding.value.unlock(); },
};

void on_sigsys(int signal, siginfo_t* info, void* context) {
  // SYS_SECCOMP (1): a filter's SECCOMP_RET_TRAP; si_syscall is the call that was not made (sigaction(2)).
  if (info->si_code == 1 && info->si_syscall == SYS_membarrier) {
    trapped = 1;
    return;
  }
  // Relaxed: one word that stands for itself; whoever raised the signal knows of the handler already.
  const std::uint64_t word = handled_by.load(std::memory_order_relaxed);
  // Numbers made of pointers by word_of(): there is no other way to have both in one lock-free word.
  // NOLINTBEGIN(performance-no-int-to-ptr)
  const auto address = static_cast<std::uintptr_t>(word & ~takes_three);
  const auto plain = reinterpret_cast<void (*)(int)>(address);
  const auto three = reinterpret_cast<void (*)(int, siginfo_t*, void*)>(address);
  // NOLINTEND(performance-no-int-to-ptr)
  if (plain != SIG_DFL && plain != SIG_IGN) {
    if ((word & takes_three) != 0) {
      three(signal, info, context);
    } else {
      plain(signal);
    }
  } else if (plain == SIG_DFL || info->si_code > 0) {  // one that a process has sent can be ignored
    // Nobody wanted it: die of it, as the process would have without us.
    struct sigaction standard = {};
    standard.sa_handler = SIG_DFL;
    ::sigaction(SIGSYS, &standard, nullptr);
    ::raise(SIGSYS);
  }
}

}  // namespace

static_assert(private_expedited<linux_calls>::needed ==
              (MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED));
static_assert(global_expedited<linux_calls>::needed ==
              (MEMBARRIER_CMD_GLOBAL_EXPEDITED | MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED));

long linux_calls::call(int command_number) noexcept {
  trapped = 0;
  const long r = ::syscall(SYS_membarrier, command_number, 0, 0);
  if (trapped != 0) return -ENOSYS;
  // Only QUERY returns a number. From another command it is what stood in the register when a filter raised SIGSYS and
  // a handler of the program's own returned from it: the call was not made.
  if (r > 0 && command_number != MEMBARRIER_CMD_QUERY) return -ENOSYS;
  return r < 0 ? -errno : r;
}

sigsys_guard::sigsys_guard() noexcept {
  thread::enter_once(guard_room);
  guarding.value.lock();
  // Read before ours is there: another thread's SIGSYS goes by it at once. What we call runs as it asked to: on its own
  // stack, with its own mask.
  ::sigaction(SIGSYS, nullptr, &previous);
  handled_by.store(word_of(previous), std::memory_order_relaxed);  // see on_sigsys
  struct sigaction ours = {};
  ours.sa_sigaction = &on_sigsys;
  ours.sa_mask = previous.sa_mask;
  ours.sa_flags = SA_SIGINFO | (previous.sa_flags & (SA_ONSTACK | SA_NODEFER | SA_RESTART));
  ::sigaction(SIGSYS, &ours, nullptr);
  // A forced signal that is blocked kills the process.
  sigset_t sigsys;
  ::sigemptyset(&sigsys);
  ::sigaddset(&sigsys, SIGSYS);
  ::pthread_sigmask(SIG_UNBLOCK, &sigsys, &mask_before);
}

sigsys_guard::~sigsys_guard() {
  ::pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
  ::sigaction(SIGSYS, &previous, nullptr);
  guarding.value.unlock();
}

}  // namespace weir::barrier::detail
