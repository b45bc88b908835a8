// Windows: a condition variable of the system, for all naps of the process. (WaitOnAddress would want a library to be
// linked.) There are no signal handlers that could meet the lock.
#include <windows.h>

#include "weir/rcu/nap.h"

namespace weir::rcu::detail {
namespace {

constinit SRWLOCK lock = SRWLOCK_INIT;
constinit CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;

}  // namespace

void nap(weir::atomic<std::uint32_t>& word, std::uint32_t expected, std::chrono::nanoseconds at_most) noexcept {
  // Rounded up: zero would not be a sleep. A long one may end early.
  const auto wanted = std::chrono::ceil<std::chrono::milliseconds>(at_most).count();
  constexpr decltype(wanted) most = 60'000;
  ::AcquireSRWLockExclusive(&lock);
  if (word.load(std::memory_order_relaxed) == expected) {  // its last change is known under the lock
    ::SleepConditionVariableSRW(&changed, &lock, static_cast<DWORD>(wanted < most ? wanted : most), 0);
  }
  ::ReleaseSRWLockExclusive(&lock);
}

void wake_all(weir::atomic<std::uint32_t>&) noexcept {
  ::AcquireSRWLockExclusive(&lock);  // nobody is between the look and the sleep
  ::ReleaseSRWLockExclusive(&lock);
  ::WakeAllConditionVariable(&changed);
}

}  // namespace weir::rcu::detail
