#include "weir/sync/park/semaphore_pool.h"

#include <algorithm>
#include <mach/mach.h>
#include <mach/mach_error.h>
#include <mach/semaphore.h>
#include <mach/sync_policy.h>

#include "weir/barrier/atomic.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/thread.h"

namespace weir::park::detail {
namespace {

static_assert(sizeof(semaphore_t) == sizeof(std::uint32_t));

constinit weir::detail::forever<semaphore_pool> the_pool;
// Below the rooms that may hold locks of theirs when they draw.
constinit barrier::thread::room pool_room{
    .level = 1,
    .before_fork = []() noexcept { the_pool.value.before_fork(); },
    .in_parent = []() noexcept { the_pool.value.in_parent(); },
    .in_child = [](barrier::thread::index) noexcept { the_pool.value.in_child(); },
};

// 0: there is none to be had at this time.
std::uint32_t create() noexcept {
  semaphore_t made = MACH_PORT_NULL;
  const kern_return_t r = ::semaphore_create(mach_task_self(), &made, SYNC_POLICY_FIFO, 0);
  if (r == KERN_SUCCESS) return made;
  if (r == KERN_RESOURCE_SHORTAGE || r == KERN_NO_SPACE) return 0;
  weir::detail::die("semaphore_create failed (%s, %d)", ::mach_error_string(r), r);
}

// One that somebody else has destroyed already is of no interest.
void destroy(std::uint32_t name) noexcept { ::semaphore_destroy(mach_task_self(), name); }

}  // namespace

semaphore_pool& semaphores() noexcept {
  // No static object that is made here: a child of fork() would wait for the thread that makes it.
  static constinit weir::atomic<bool> entered{false};
  if (!entered.load(std::memory_order_relaxed)) {
    barrier::thread::enter_once(pool_room);  // once for all, whoever comes and how often
    entered.store(true, std::memory_order_relaxed);
  }
  return the_pool.value;
}

// With the lock.
std::uint32_t semaphore_pool::take_idle() noexcept {
  if (idle_ == 0) return 0;
  const std::uint32_t* const names = names_ != nullptr ? names_ : first_names_.data();
  return names[--idle_];
}

// With the lock.
unsigned semaphore_pool::wanted() const noexcept { return std::max({at_least, peak_, last_peak_}); }

// With the lock. Allocates when more threads than ever before have come back.
bool semaphore_pool::has_room() noexcept {
  if (idle_ < room_) return true;
  void* const more = std::malloc(std::size_t{2} * room_ * sizeof *names_);
  if (more == nullptr) return false;
  const std::uint32_t* const old = names_ != nullptr ? names_ : first_names_.data();
  std::copy_n(old, idle_, static_cast<std::uint32_t*>(more));
  std::free(names_);
  names_ = static_cast<std::uint32_t*>(more);
  room_ *= 2;
  return true;
}

std::uint32_t semaphore_pool::draw() noexcept {
  {
    const std::lock_guard hold(lock_);
    peak_ = std::max(peak_, ++drawn_);
    if (const std::uint32_t name = take_idle(); name != 0) return name;
  }
  if (const std::uint32_t name = create(); name != 0) return name;
  const std::lock_guard hold(lock_);
  const std::uint32_t name = take_idle();  // one may have come back
  if (name == 0) --drawn_;
  return name;
}

void semaphore_pool::put_back(std::uint32_t name) noexcept {
  {
    const std::lock_guard hold(lock_);
    if (++returns_ == stretch) {
      returns_ = 0;
      last_peak_ = peak_;
      peak_ = drawn_;
    }
    --drawn_;
    if (drawn_ + idle_ < wanted() && has_room()) {
      (names_ != nullptr ? names_ : first_names_.data())[idle_++] = name;
      return;
    }
  }
  destroy(name);
}

void semaphore_pool::write_off() noexcept {
  const std::lock_guard hold(lock_);
  --drawn_;
}

semaphore_pool::numbers semaphore_pool::count() noexcept {
  const std::lock_guard hold(lock_);
  return {drawn_, idle_};
}

void semaphore_pool::in_child() noexcept {
  idle_ = drawn_ = peak_ = last_peak_ = 0;
  lock_.unlock();
}

}  // namespace weir::park::detail
