// Mach semaphores over futex(2). A name is given once, so that the use of one after its end is seen; and there is no
// lock in here: between threads there is no other order than that of a signal before the wait that takes it, so that
// ThreadSanitizer sees an order that is missing above.
#include <mach/semaphore.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <mach/mach.h>
#include <mach/sync_policy.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/shim/apple/control.h"
#include "tests/support/shim/apple/ports.h"

namespace weir::shim::apple {
namespace {

// One for each name. 0: never made. `dead` alone: destroyed. Else `alive` and, below, how many signals are there.
using word = std::uint32_t;
constexpr word alive = word{1} << 31;
constexpr word dead = word{1} << 30;

constexpr std::uint32_t most_names = 1 << 20;
std::atomic<word> words[most_names];
// All relaxed: numbers that stand for themselves.
std::atomic<std::uint32_t> names{0};
std::atomic<unsigned> living{0};
std::atomic<unsigned> most_living{UINT_MAX};

mach_port_t name_of(std::uint32_t index) noexcept { return index * 4 + 2; }  // ports end in 3

// Null: there is none of this name, or not any more.
std::atomic<word>* find(semaphore_t name) noexcept {
  const std::uint32_t index = name / 4;
  const bool is_one = name % 4 == 2 && index < names.load(std::memory_order_relaxed) &&
                      (words[index].load(std::memory_order_relaxed) & alive) != 0;
  if (is_one) return &words[index];
  note_misuse();
  return nullptr;
}

long futex(std::atomic<word>& at, int operation, word value, const timespec* time) noexcept {
  return ::syscall(SYS_futex, &at, operation | FUTEX_PRIVATE_FLAG, value, time, nullptr, 0);
}

// False: it is destroyed already.
bool destroy(std::atomic<word>& at) noexcept {
  word now = at.load(std::memory_order_relaxed);
  do {
    if ((now & alive) == 0) return false;
  } while (!at.compare_exchange_weak(now, dead, std::memory_order_relaxed, std::memory_order_relaxed));
  living.fetch_sub(1, std::memory_order_relaxed);
  futex(at, FUTEX_WAKE, INT_MAX, nullptr);
  return true;
}

bool signal(std::atomic<word>& at) noexcept {
  word now = at.load(std::memory_order_relaxed);
  do {
    if ((now & alive) == 0) return false;
    // Release: what was before the signal is before the end of the wait that takes it.
  } while (!at.compare_exchange_weak(now, now + 1, std::memory_order_release, std::memory_order_relaxed));
  futex(at, FUTEX_WAKE, 1, nullptr);
  return true;
}

// `time`: how long; null: for ever.
kern_return_t wait(semaphore_t name, const timespec* time) noexcept {
  if (const int code = semaphore_wait().next(); code != 0) return code;
  std::atomic<word>* const at = find(name);
  if (at == nullptr) return KERN_INVALID_ARGUMENT;
  for (;;) {
    word now = at->load(std::memory_order_relaxed);
    if ((now & alive) == 0) return KERN_TERMINATED;
    if (now == alive) {
      if (time != nullptr && time->tv_sec == 0 && time->tv_nsec == 0) return KERN_OPERATION_TIMED_OUT;
      // A wake for nothing begins the time anew: who measures it knows better.
      if (futex(*at, FUTEX_WAIT, now, time) == 0 || errno == EAGAIN) continue;
      return errno == ETIMEDOUT ? KERN_OPERATION_TIMED_OUT : KERN_ABORTED;
    }
    // Acquire: of the signal that is taken, or of the ones that came before it.
    if (at->compare_exchange_weak(now, now - 1, std::memory_order_acquire, std::memory_order_relaxed)) {
      return KERN_SUCCESS;
    }
  }
}

void forget() noexcept {
  for (std::uint32_t i = 0; i < names.load(std::memory_order_relaxed); ++i) {
    words[i].store(dead, std::memory_order_relaxed);
  }
  living.store(0, std::memory_order_relaxed);
}

template <class Use>
void for_each(Use use) noexcept {
  for (std::uint32_t i = 0; i < names.load(std::memory_order_relaxed); ++i) use(words[i]);
}

}  // namespace

refusals& semaphore_create() {
  static auto* const all = new refusals;
  return *all;
}
refusals& semaphore_signal() {
  static auto* const all = new refusals;
  return *all;
}
refusals& semaphore_wait() {
  static auto* const all = new refusals;
  return *all;
}

unsigned semaphores() noexcept { return living.load(std::memory_order_relaxed); }
void semaphores_at_most(unsigned count) noexcept { most_living.store(count, std::memory_order_relaxed); }
void destroy_semaphores() noexcept {
  for_each([](std::atomic<word>& at) { destroy(at); });
}
void signal_semaphores() noexcept {
  for_each([](std::atomic<word>& at) { signal(at); });
}

}  // namespace weir::shim::apple

using namespace weir::shim::apple;

kern_return_t semaphore_create(task_t task, semaphore_t* made, int policy, int value) {
  static const int forgets = ::pthread_atfork(nullptr, nullptr, &forget);
  if (forgets != 0) return KERN_RESOURCE_SHORTAGE;
  if (const int code = semaphore_create().next(); code != 0) return code;
  if (task != mach_task_self() || policy != SYNC_POLICY_FIFO || value < 0) {
    note_misuse();
    return KERN_INVALID_ARGUMENT;
  }
  if (living.fetch_add(1, std::memory_order_relaxed) >= most_living.load(std::memory_order_relaxed)) {
    living.fetch_sub(1, std::memory_order_relaxed);
    return KERN_RESOURCE_SHORTAGE;
  }
  const std::uint32_t index = names.fetch_add(1, std::memory_order_relaxed);
  if (index >= most_names) return KERN_RESOURCE_SHORTAGE;  // and all later ones
  words[index].store(alive | static_cast<word>(value), std::memory_order_relaxed);
  *made = name_of(index);
  return KERN_SUCCESS;
}

kern_return_t semaphore_destroy(task_t task, semaphore_t name) {
  if (task != mach_task_self()) {
    note_misuse();
    return KERN_INVALID_ARGUMENT;
  }
  std::atomic<word>* const at = find(name);
  if (at == nullptr) return KERN_INVALID_ARGUMENT;
  return destroy(*at) ? KERN_SUCCESS : KERN_TERMINATED;
}

kern_return_t semaphore_signal(semaphore_t name) {
  if (const int code = semaphore_signal().next(); code != 0) return code;
  std::atomic<word>* const at = find(name);
  if (at == nullptr) return KERN_INVALID_ARGUMENT;
  return signal(*at) ? KERN_SUCCESS : KERN_TERMINATED;
}

kern_return_t semaphore_wait(semaphore_t name) { return wait(name, nullptr); }

kern_return_t semaphore_timedwait(semaphore_t name, mach_timespec_t time) {
  if (time.tv_nsec < 0 || time.tv_nsec >= 1'000'000'000) {
    note_misuse();
    return KERN_INVALID_VALUE;
  }
  const timespec t{static_cast<std::time_t>(time.tv_sec), time.tv_nsec};
  return wait(name, &t);
}
