// Handles of this process: small numbers for objects, with rights. Internal; the argument is in HANDLES.md.
//
// A handle is four times the number of a place in a table; its two lowest bits say nothing. To look at it takes three
// loads, no lock and no read-modify-write. Handles are made and closed under a lock; a number that was given
// back is the next to be given out. Places are never given back to the system.
#pragma once

#include <cstdint>
#include <mutex>

#include "weir/barrier/atomic.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/port.h"
#include "weir/barrier/static_mutex.h"
#include "weir/sync/nt/growing.h"
#include "weir/sync/nt/handle_slot.h"

namespace weir::nt::detail {

using handle_value = std::uintptr_t;

class handle_table {
 public:
  static constexpr std::uint32_t limit = 1u << entry::index_bits;  // handles, and one more: 0 is none

  constexpr handle_table() noexcept = default;
  handle_table(const handle_table&) = delete;
  handle_table& operator=(const handle_table&) = delete;
  ~handle_table() = default;  // that of the process is never destroyed

  // In a section, and its object is to be used there. None: there is no such handle.
  [[nodiscard]] WEIR_INLINE entry look(handle_value h) const noexcept {
    const handle_value i = h >> 2;
    if (!slots_.has(i)) [[unlikely]] {
      return entry();
    }
    return slots_.at(static_cast<number>(i)).look();
  }

  // A number that is the caller's, and no handle before it is shown: whoever makes an object takes it first, so that
  // nothing has to be undone. 0: out of memory, or out of numbers. Takes the lock; may allocate.
  [[nodiscard]] handle_value reserve() noexcept;
  void show(handle_value reserved, entry e) noexcept { slots_.at(index_of(reserved)).show(e); }
  void give_back(handle_value reserved) noexcept { give_back(index_of(reserved), entry(), true); }

  enum class closing { done, no_such_handle, not_allowed };

  // What becomes of the number of a handle that is closed: it is given back, once the handle's object was retired; or
  // whoever owns it does that, by give_back(). One table has one way.
  enum class number_of_closed { given_back, owned };

  // Closes a handle. Retire: bool(entry), gives what the handle has kept to whoever lets it go after a grace period;
  // false: there was no memory for that. Then the place keeps it, in limbo, and retire is called again some day.
  template <number_of_closed Number = number_of_closed::given_back, class Retire>
  closing close(handle_value h, Retire retire) noexcept {
    retry_limbo<Number>(retire);
    handle_slot* const s = find(h);
    if (s == nullptr) return closing::no_such_handle;
    bool stays = false;
    const entry was = s->take([&](entry e) noexcept { return stays = e.is_protected(); });
    if (stays) return closing::not_allowed;
    if (!was.is_any()) return closing::no_such_handle;
    retired<Number>(index_of(h), was, retire(was));
    return closing::done;
  }

  // The attributes of a handle. False: there is none.
  [[nodiscard]] bool set_attributes(handle_value h, bool inherit, bool is_protected) noexcept;

  // Handles that there are, and reserved numbers.
  [[nodiscard]] std::uint32_t count() noexcept {
    const std::lock_guard hold(lock_.value);
    return count_;
  }

  void lock_for_fork() noexcept { lock_.value.lock(); }
  void unlock_after_fork() noexcept { lock_.value.unlock(); }

 private:
  [[nodiscard]] static constexpr std::uint32_t index_of(handle_value h) noexcept {
    return static_cast<std::uint32_t>(h >> 2);
  }
  [[nodiscard]] handle_slot* find(handle_value h) const noexcept {
    return slots_.has(h >> 2) ? &slots_.at(index_of(h)) : nullptr;
  }
  void give_back(std::uint32_t i, entry was, bool retired) noexcept;

  // An owned number may be somebody else's already if it is retired: its place is not touched.
  template <number_of_closed Number>
  void retired(std::uint32_t i, entry was, bool done) noexcept {
    if (Number == number_of_closed::given_back || !done) give_back(i, was, done);
  }

  template <number_of_closed Number, class Retire>
  void retry_limbo(Retire retire) noexcept {
    if (limbo_.load(std::memory_order_relaxed) == 0) [[likely]] {  // a hint
      return;
    }
    const std::uint32_t i = take_limbo();
    if (i == 0) return;
    const entry kept = slots_.at(i).kept().limbo();
    retired<Number>(i, kept, retire(kept));
  }
  [[nodiscard]] WEIR_COLD std::uint32_t take_limbo() noexcept;

  growing<handle_slot, limit> slots_;

  // A line of its own: who looks does not wait for who makes.
  alignas(port::line) weir::detail::forever<weir::detail::static_mutex> lock_;  // of what follows
  std::uint32_t free_ = 0;                                                      // the last one given back
  weir::atomic<std::uint32_t> limbo_{0};  // the last one whose object could not be retired
  std::uint32_t next_ = 1;                // never used so far
  std::uint32_t count_ = 0;
};

}  // namespace weir::nt::detail
