// ntapi.h: handles.
#include "weir/sync/nt/ntapi_call.h"
#include "weir/sync/nt/thread_object.h"

namespace weir::nt::detail {
namespace {

inline constexpr access_mask process_dup_handle = 0x0040;

// Those that stand for something without being in the table: the process, the thread, and four tokens.
[[nodiscard]] bool is_pseudo(handle_value h) noexcept { return h >= ~handle_value{0} - 5; }

// Whether it names this process, and may duplicate handles. There is no other.
[[nodiscard]] status check_process(HANDLE h) noexcept {
  if (value_of(h) == current_process) return ok;
  const section s;
  return s.find(value_of(h), type::process, process_dup_handle).result;
}

// What any handle stands for. The objects of pseudo-handles do not end while the caller runs.
[[nodiscard]] status resolve(const section& s, handle_value h, entry& to) noexcept {
  if (h == current_thread) {
    const thread_object* const t = own_thread();
    if (t == nullptr) return status::no_memory;
    to = t->as_entry();
    return ok;
  }
  if (h == current_process) {
    const native_cell* const c = own_process();
    if (c == nullptr) return status::no_memory;
    to = entry::make(type::process, access::mapping_of(type::process).all, c->self, c->generation, false);
    return ok;
  }
  const reached f = s.find(h, 0);
  to = f.by;
  return f.result;
}

[[nodiscard]] status duplicate(handle_value source, PHANDLE target, ACCESS_MASK wanted, ULONG attributes,
                               ULONG options) noexcept {
  const section s;
  entry from;
  if (const status r = resolve(s, source, from); r != ok) return r;
  const bool same = (options & DUPLICATE_SAME_ACCESS) != 0;
  const access_mask granted = same ? from.access() : access::granted(from.what(), wanted);
  if ((options & DUPLICATE_SAME_ATTRIBUTES) != 0) {
    attributes = (from.is_inherited() ? obj_inherit : 0) | (from.is_protected() ? obj_protect_close : 0);
  }
  handle_value made = 0;
  const status r = duplicate_handle(from, granted, attributes, made);
  if (r == ok) *target = handle_of(made);
  return r;
}

[[nodiscard]] status close(handle_value h) noexcept { return is_pseudo(h) ? ok : close_handle(h); }

template <class Info>
[[nodiscard]] status answer_with(const Info& info, PVOID to, ULONG length, PULONG returned) noexcept {
  tell(returned, sizeof(Info));
  if (length != sizeof(Info)) return status::info_length_mismatch;
  if (to == nullptr) return status::access_violation;
  *static_cast<Info*>(to) = info;
  return ok;
}

[[nodiscard]] status query_object(handle_value h, OBJECT_INFORMATION_CLASS what, PVOID to, ULONG length,
                                  PULONG returned) noexcept {
  if (what != ObjectBasicInformation && what != ObjectHandleFlagInformation) return status::invalid_info_class;
  const section s;
  entry e;
  if (const status r = resolve(s, h, e); r != ok) return r;
  if (what == ObjectHandleFlagInformation) {
    const OBJECT_HANDLE_FLAG_INFORMATION flags{static_cast<BOOLEAN>(e.is_inherited() ? 1 : 0),
                                               static_cast<BOOLEAN>(e.is_protected() ? 1 : 0)};
    return answer_with(flags, to, length, returned);
  }
  OBJECT_BASIC_INFORMATION info{};
  info.Attributes = e.is_inherited() ? obj_inherit : 0;
  info.GrantedAccess = e.access();
  info.HandleCount = e.has_body() ? body_of(e.number()).handles() : 1;
  info.PointerCount = info.HandleCount + 1;
  return answer_with(info, to, length, returned);
}

[[nodiscard]] status set_flags(handle_value h, OBJECT_INFORMATION_CLASS what, const void* from, ULONG length) noexcept {
  if (what != ObjectHandleFlagInformation) return status::invalid_info_class;
  if (length != sizeof(OBJECT_HANDLE_FLAG_INFORMATION)) return status::info_length_mismatch;
  if (from == nullptr) return status::access_violation;
  const auto& flags = *static_cast<const OBJECT_HANDLE_FLAG_INFORMATION*>(from);
  return own_handles().set_attributes(h, flags.Inherit != 0, flags.ProtectFromClose != 0) ? ok : status::invalid_handle;
}

}  // namespace
}  // namespace weir::nt::detail

using namespace weir::nt::detail;
using weir::nt::status;

NTSTATUS NtClose(HANDLE handle) {
  return call("NtClose", {value_of(handle)}, [=]() noexcept { return close(value_of(handle)); });
}

NTSTATUS NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process, PHANDLE target,
                           ACCESS_MASK access, ULONG attributes, ULONG options) {
  return call("NtDuplicateObject", {value_of(source)}, target, [=]() noexcept {
    if (const status r = check_process(source_process); r != ok) return r;
    status done = ok;
    if (target != nullptr) {
      done = check_process(target_process);
      if (done == ok) done = duplicate(value_of(source), target, access, attributes, options);
    } else if ((options & DUPLICATE_CLOSE_SOURCE) == 0) {
      return status::invalid_parameter;
    }
    if ((options & DUPLICATE_CLOSE_SOURCE) == 0) return done;
    const status closed = close(value_of(source));  // also where it could not be duplicated
    return done == ok && target == nullptr ? closed : done;
  });
}

NTSTATUS NtQueryObject(HANDLE handle, OBJECT_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned) {
  return call("NtQueryObject", {value_of(handle)},
              [=]() noexcept { return query_object(value_of(handle), what, to, length, returned); });
}

NTSTATUS NtSetInformationObject(HANDLE handle, OBJECT_INFORMATION_CLASS what, PVOID from, ULONG length) {
  return call("NtSetInformationObject", {value_of(handle)},
              [=]() noexcept { return set_flags(value_of(handle), what, from, length); });
}
