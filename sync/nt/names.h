// Names of objects, in this process: one space for all types, as NT's. Internal.
//
// A name is a path: a directory that exists, and what the object is called there. There are the root (\), and
// \BaseNamedObjects; and those of sessions, \Sessions\<n>\BaseNamedObjects. In each of the latter two are the links
// Global, to \BaseNamedObjects, and Local, to where it is. Upper and lower case are the same in directories; in what is
// there they differ, unless who asks says otherwise; then they are the same for ASCII, Latin-1, Greek (but for the
// small sigma at a word's end) and Cyrillic. A name goes with the object's last handle, whoever waits for it. Source:
// [MS-WINPROTOCOL] has none of it; Windows SDK, "Object Namespaces", and the behaviour in facts of the tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/sync/nt/body.h"
#include "weir/sync/nt/handles.h"
#include "weir/sync/nt/status.h"

namespace weir::nt::detail {

struct name_request {
  std::u16string_view path{};    // empty: an object without a name
  std::uint32_t attributes = 0;  // OBJ_*
};

// How an object is made; each function is called once at most, with the argument.
struct maker {
  native_cell* (*cell)(void* argument) noexcept;           // null: out of memory. Its one reference is the caller's
  body* (*with)(native_cell& c, void* argument) noexcept;  // its body, likewise; null function: a plain one, for a name
  void (*finish)(native_cell& c, void* argument) noexcept;  // nothing can fail any more; null function: it is as made
  void* argument;
};

// A handle for a new object, or for the one that has the name, if OBJ_OPENIF is asked for: object_name_exists.
// object_name_collision; object_type_mismatch (with OBJ_OPENIF); object_name_invalid, object_path_syntax_bad,
// object_path_not_found; no_memory. On error nothing has happened. Thread-safe: yes.
[[nodiscard]] status create_object(type t, access_mask wanted, const name_request& r, const maker& how,
                                   handle_value& made) noexcept;

// A handle for the one that has the name. object_name_not_found, object_type_mismatch, and those of paths.
[[nodiscard]] status open_object(type t, access_mask wanted, const name_request& r, handle_value& made) noexcept;

// The object's last handle has been closed.
void forget_name(body& b) noexcept;

void lock_names_for_fork() noexcept;
void unlock_names_after_fork() noexcept;

}  // namespace weir::nt::detail
