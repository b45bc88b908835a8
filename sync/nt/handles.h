// The handles of this process: from a number to an object that may be used, and back. Internal.
//
// Example: what each call does
//
//     section s;                                                       // no object ends from here on
//     const reached f = s.find(h, type::event, access::modify_state);
//     if (f.result != status::success) return f.result;
//     set_event(own_segment(), *f.object);
#pragma once

#include <cstdint>

#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/port.h"
#include "weir/rcu/domain.h"
#include "weir/sync/nt/access.h"
#include "weir/sync/nt/body.h"
#include "weir/sync/nt/handle_table.h"
#include "weir/sync/nt/segment.h"
#include "weir/sync/nt/status.h"

namespace weir::nt::detail {

extern constinit weir::detail::forever<handle_table> handles_of_process;

[[nodiscard]] WEIR_INLINE handle_table& own_handles() noexcept { return handles_of_process.value; }

// Pseudo-handles. Whoever allows them asks for them before a lookup; where a type is asked for they are of another one.
inline constexpr handle_value current_process = ~handle_value{0};
inline constexpr handle_value current_thread = ~handle_value{0} - 1;

struct reached {
  status result;
  native_cell* object;  // null if there is none
  entry by;
};

// As long as it lives, or until leave(), what it has found does not end, and its cell is no other object's. Grace
// periods wait for it: nobody sleeps in it for another thread, but for the locks of sync/README.md, which are held for
// short; and a wait may look at its object for a while before it leaves it.
class section {
 public:
  WEIR_INLINE section() noexcept { rcu::default_domain().lock(); }
  WEIR_INLINE ~section() { leave(); }
  section(const section&) = delete;
  section& operator=(const section&) = delete;

  WEIR_INLINE void leave() noexcept {
    if (open_) rcu::default_domain().unlock();
    open_ = false;
  }

  // To a function that goes on with it, by its value. What is handed on by reference lies in memory from its beginning,
  // also where the function is seldom called.
  class handed_on {
    friend class section;
    constexpr handed_on() noexcept = default;  // of a section alone
  };
  [[nodiscard]] WEIR_INLINE handed_on hand_on() noexcept {
    WEIR_ASSERT(open_, "a section is handed on that has been left");
    open_ = false;
    return handed_on();
  }
  WEIR_INLINE explicit section(handed_on) noexcept {}  // once for each

  // By any handle. invalid_handle; access_denied.
  [[nodiscard]] WEIR_INLINE reached find(handle_value h, access_mask wanted) const noexcept {
    const entry e = own_handles().look(h);
    if (!e.is_any()) [[unlikely]] {
      return {status::invalid_handle, nullptr, e};
    }
    if (!e.may(wanted)) [[unlikely]] {
      return {status::access_denied, nullptr, e};
    }
    return object(e);
  }

  // By one of a type, which comes before the rights. object_type_mismatch.
  [[nodiscard]] WEIR_INLINE reached find(handle_value h, type t, access_mask wanted) const noexcept {
    const entry e = own_handles().look(h);
    if (!e.is(t, wanted)) [[unlikely]] {
      return {refused(h, e, t), nullptr, e};
    }
    return object(e);
  }

 private:
  [[nodiscard]] WEIR_INLINE static reached object(entry e) noexcept {
    native_cell& c = own_segment().cell_at(e.number());
    WEIR_ASSERT(e.is_of(c.generation), "a handle has led to another object than its own");
    return {status::success, &c, e};
  }
  [[nodiscard]] WEIR_COLD static status refused(handle_value h, entry e, type t) noexcept {
    if (!e.is_any()) return h >= current_thread ? status::object_type_mismatch : status::invalid_handle;
    return e.what() != t ? status::object_type_mismatch : status::access_denied;
  }

  bool open_ = true;
};

// A number for a handle that is about to be made. 0: out of memory, or out of numbers.
[[nodiscard]] handle_value reserve_handle() noexcept;

// One more handle for what `by` names, in the section in which it was found; or else the caller keeps it from ending.
// invalid_handle: its last one has just been closed. no_memory.
[[nodiscard]] status duplicate_handle(entry by, access_mask granted, std::uint32_t attributes,
                                      handle_value& made) noexcept;

// invalid_handle, handle_not_closable. The object ends after a grace period, if nobody else has it; a name is gone when
// this returns, if it was the last handle.
[[nodiscard]] status close_handle(handle_value h) noexcept;

// Gives up a handle's reference, to the cell or to the body: after a grace period, since somebody may look at the
// object. False: there is no memory for that, and this is no place to wait.
[[nodiscard]] bool retire(entry e) noexcept;

// Attributes of a handle (Windows SDK, ntdef.h).
inline constexpr std::uint32_t obj_inherit = 0x02;
inline constexpr std::uint32_t obj_case_insensitive = 0x40;
inline constexpr std::uint32_t obj_openif = 0x80;
inline constexpr std::uint32_t obj_protect_close = 0x01;  // of duplicates (ntifs.h)

}  // namespace weir::nt::detail
