// What the calls of ntapi.h have in common: from NT's types to ours. Internal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weir/sync/nt/handles.h"
#include "weir/sync/nt/names.h"
#include "weir/sync/nt/ntapi.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/nt/ticks.h"
#include "weir/sync/nt/trace.h"

namespace weir::nt::detail {

inline constexpr auto ok = status::success;

[[nodiscard]] WEIR_INLINE handle_value value_of(HANDLE h) noexcept { return reinterpret_cast<handle_value>(h); }
[[nodiscard]] WEIR_INLINE HANDLE handle_of(handle_value v) noexcept {
  return reinterpret_cast<HANDLE>(v);  // NOLINT(performance-no-int-to-ptr): a handle is a number
}

[[nodiscard]] WEIR_INLINE park::timeout timeout_of(const LARGE_INTEGER* t) noexcept {
  return nt::timeout_of(t != nullptr ? &t->QuadPart : nullptr);
}

// One call: what it is called, its handles, where the handle is that it makes, what it does, with what it needs by
// value.
template <std::size_t N, class Body>
[[nodiscard]] WEIR_INLINE NTSTATUS call(const char* name, const handle_value (&handles)[N],  // NOLINT: a list in place
                                        PHANDLE made, const Body& body) noexcept {
  if (!trace::is_off()) [[unlikely]] {
    const std::array<handle_value, N> told =
        std::to_array(handles);  // a copy, as of the body: else both would lie in memory always
    return static_cast<NTSTATUS>(trace::traced(name, told.data(), N, made, Body(body)));
  }
  return static_cast<NTSTATUS>(body());
}
template <std::size_t N, class Body>
[[nodiscard]] WEIR_INLINE NTSTATUS call(const char* name, const handle_value (&handles)[N],  // NOLINT: a list in place
                                        const Body& body) noexcept {
  return call(name, handles, nullptr, body);
}
template <class Body>
[[nodiscard]] WEIR_INLINE NTSTATUS call(const char* name, PHANDLE made, const Body& body) noexcept {
  if (!trace::is_off()) [[unlikely]] {
    return static_cast<NTSTATUS>(trace::traced(name, nullptr, 0, made, Body(body)));
  }
  return static_cast<NTSTATUS>(body());
}
template <class Body>
[[nodiscard]] WEIR_INLINE NTSTATUS call(const char* name, const Body& body) noexcept {
  return call(name, static_cast<PHANDLE>(nullptr), body);
}

// What the attributes ask for. invalid_parameter, object_name_invalid, access_violation, invalid_handle.
[[nodiscard]] status read_attributes(PCOBJECT_ATTRIBUTES a, name_request& to) noexcept;

// A new object's handle, or that of the one with the name, at *to; it is written then only.
[[nodiscard]] status create(PHANDLE to, type t, ACCESS_MASK wanted, PCOBJECT_ATTRIBUTES a, const maker& how) noexcept;
[[nodiscard]] status open(PHANDLE to, type t, ACCESS_MASK wanted, PCOBJECT_ATTRIBUTES a) noexcept;

// What does not depend on the object: the class is 0, the length Info's.
template <class Info>
[[nodiscard]] status can_query(int information_class, const void* to, ULONG length) noexcept {
  if (information_class != 0) return status::invalid_info_class;
  if (length != sizeof(Info)) return status::info_length_mismatch;
  return to != nullptr ? ok : status::access_violation;
}

// Answers a query: then read(what was found) by a handle of the type that may query.
template <class Info, class Read>
[[nodiscard]] status query(HANDLE h, type t, access_mask wanted, int information_class, void* to, ULONG length,
                           PULONG returned, Read read) noexcept {
  const status asked = can_query<Info>(information_class, to, length);
  if (asked != ok) return asked;
  const section s;
  const reached f = s.find(value_of(h), t, wanted);
  if (f.result != ok) return f.result;
  *static_cast<Info*>(to) = read(f);
  if (returned != nullptr) *returned = sizeof(Info);
  return ok;
}

template <class T, class V>
WEIR_INLINE void tell(T* to, V v) noexcept {
  if (to != nullptr) *to = static_cast<T>(v);
}

}  // namespace weir::nt::detail
