// NT's synchronization objects in hand, without handles: events, semaphores, mutants, and waits for one, any or all.
//
// As exact as NT's own: a wait for all takes all or nothing, and nobody sees half of it; a pulse reaches whoever waits
// at that moment, and nobody else; threads get an object in the order in which they have begun to wait. An operation
// that need not wait, and wakes nobody, is one exchange of one word, without a system call.
//
// When not to use it: for what needs none of that a std::mutex or std::atomic is smaller.
//
// Example (tests/sync/nt/example_test.cc has it whole)
//
//     event work = event::automatic();
//     mutant lock = mutant::make();
//     if (!work || !lock) return;                                       // out of memory
//     std::thread other([&] { work.set(); });
//     const status s = wait_all({&work, &lock}, park::timeout::after(60s));
//     if (s == status::wait_0) lock.release();                         // both were taken, at one moment
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>

#include "weir/barrier/fail.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/query.h"
#include "weir/sync/nt/segment.h"
#include "weir/sync/nt/self.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/nt/wait.h"
#include "weir/sync/park/timeout.h"

namespace weir::nt {

// An object, or none: moved from, or out of memory when it was to be made. Owns a reference; a wait in progress, and a
// mutant's owner, keep the object too. Everything but emptiness may be used by any number of threads at once.
class object {
 public:
  constexpr object() noexcept = default;
  object(object&& from) noexcept : cell_(std::exchange(from.cell_, nullptr)) {}
  object& operator=(object&& from) noexcept {
    if (this != &from) {
      close();
      cell_ = std::exchange(from.cell_, nullptr);
    }
    return *this;
  }
  ~object() { close(); }

  [[nodiscard]] explicit operator bool() const noexcept { return cell_ != nullptr; }
  void close() noexcept {
    if (cell_ != nullptr) detail::own_segment().drop(*std::exchange(cell_, nullptr));
  }

  // Internal.
  [[nodiscard]] WEIR_INLINE detail::native_cell& cell() const noexcept {
    WEIR_ASSERT(cell_ != nullptr, "an NT object is used that is none");
    return *cell_;
  }

 protected:
  explicit object(detail::native_cell* c) noexcept : cell_(c) {}

 private:
  detail::native_cell* cell_ = nullptr;
};

// set() lets one waiter through, or, of a manual event, all until reset(). Each returns the state before, 0 or 1.
class event : public object {
 public:
  constexpr event() noexcept = default;
  [[nodiscard]] static event automatic(bool signaled = false) noexcept;  // SynchronizationEvent
  [[nodiscard]] static event manual(bool signaled = false) noexcept;     // NotificationEvent

  WEIR_INLINE std::int32_t set() noexcept { return detail::set_event(detail::own_segment(), cell()); }
  WEIR_INLINE std::int32_t reset() noexcept { return detail::reset_event(detail::own_segment(), cell()); }
  // Lets through who waits at this moment, and is not seen signaled by anybody.
  WEIR_INLINE std::int32_t pulse() noexcept { return detail::pulse_event(detail::own_segment(), cell()); }
  [[nodiscard]] std::int32_t query() const noexcept { return detail::query_value<detail::segment>(cell()); }

 private:
  using object::object;
};

class semaphore : public object {
 public:
  constexpr semaphore() noexcept = default;
  // 0 <= count <= limit, limit > 0; else it is none, as without memory.
  [[nodiscard]] static semaphore make(std::int32_t count, std::int32_t limit) noexcept;

  // semaphore_limit_exceeded: nothing is changed, nor is *previous, the count before (without those who were waiting).
  // invalid_parameter: a count of 0.
  WEIR_INLINE status release(std::uint32_t count = 1, std::int32_t* previous = nullptr) noexcept {
    if (count == 0) return status::invalid_parameter;
    const detail::answer a = detail::release_semaphore(detail::own_segment(), cell(), count);
    if (previous != nullptr && a.result == status::success) *previous = a.previous;
    return a.result;
  }
  [[nodiscard]] std::int32_t query() const noexcept { return detail::query_value<detail::segment>(cell()); }
  [[nodiscard]] std::int32_t limit() const noexcept { return static_cast<std::int32_t>(cell().limit); }

 private:
  using object::object;
};

// Owned by a thread, as often as it has waited for it. When its owner ends, the next one is told.
class mutant : public object {
 public:
  constexpr mutant() noexcept = default;
  // `owned`: by the calling thread.
  [[nodiscard]] static mutant make(bool owned = false) noexcept;

  // mutant_not_owned: nothing is changed. *previous: 1 - how often the thread has owned it.
  WEIR_INLINE status release(std::int32_t* previous = nullptr) noexcept {
    detail::native_record* const me = detail::self();
    if (me == nullptr) [[unlikely]] {
      return status::mutant_not_owned;
    }
    const detail::answer a = detail::release_mutant(detail::own_segment(), *me, cell());
    if (previous != nullptr && a.result == status::success) *previous = a.previous;
    return a.result;
  }

  using state = detail::mutant_state;
  [[nodiscard]] state query() const noexcept {
    return detail::query_mutant(detail::own_segment(), detail::self_if_any(), cell());
  }

 private:
  using object::object;
};

// What ended a wait: wait_0 + i, abandoned_wait_0 + i, timeout; mutant_limit_exceeded if the thread owns a mutant as
// often as can be counted; no_memory for a thread that cannot be registered. `time` zero never blocks.
//
// A wait for an object that is signaled takes it, whatever the time. Each is a full barrier.
[[nodiscard]] WEIR_INLINE status wait(const object& o, const park::timeout& time = park::timeout::never()) noexcept;

// The lowest i wins; only that object is taken. invalid_parameter_1: none, or more than 64.
[[nodiscard]] status wait_any(std::span<const object* const> objects,
                              const park::timeout& time = park::timeout::never()) noexcept;
// All at one moment, or nothing. abandoned_wait_0: one of them was an abandoned mutant. invalid_parameter_mix: an
// object is there twice.
[[nodiscard]] status wait_all(std::span<const object* const> objects,
                              const park::timeout& time = park::timeout::never()) noexcept;

using object_list = std::initializer_list<const object*>;
[[nodiscard]] inline status wait_any(object_list objects, const park::timeout& time = park::timeout::never()) noexcept {
  return wait_any(std::span(objects.begin(), objects.size()), time);
}
[[nodiscard]] inline status wait_all(object_list objects, const park::timeout& time = park::timeout::never()) noexcept {
  return wait_all(std::span(objects.begin(), objects.size()), time);
}

// --- Details ---------------------------------------------------------------------------------------------------------

namespace detail {

// The objects of such a wait stay in the caller's hands.
struct stay {
  void operator()() const noexcept {}
};

[[nodiscard]] WEIR_APART status wait_in_hand(native_cell& c, attempt last, const park::timeout& time) noexcept;

}  // namespace detail

WEIR_INLINE status wait(const object& o, const park::timeout& time) noexcept {
  detail::native_cell& c = o.cell();
  const detail::kind k = detail::kind_of<detail::segment>(c);
  detail::attempt a = detail::attempt::locked;
  if (k != detail::kind::mutant) {
    a = detail::try_take_value<detail::segment>(c, k);
  } else if (detail::native_record* const me = detail::self(); me != nullptr) [[likely]] {
    a = detail::try_take_mutant(detail::own_segment(), *me, c);
  }
  if (detail::is_over(a)) [[likely]] {
    return detail::status_of(a, 0);
  }
  return detail::wait_in_hand(c, a, time);
}

}  // namespace weir::nt
