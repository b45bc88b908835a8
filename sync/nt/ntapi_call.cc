#include "weir/sync/nt/ntapi_call.h"

#include <string_view>

namespace weir::nt::detail {

static_assert(sizeof(WCHAR) == 2 && sizeof(LONG) == 4 && sizeof(ULONG) == 4 && sizeof(LARGE_INTEGER) == 8);
static_assert(sizeof(char16_t) == sizeof(WCHAR) && alignof(char16_t) == alignof(WCHAR));
static_assert(SYNCHRONIZE == access::synchronize && EVENT_MODIFY_STATE == access::modify_state);
static_assert(KEYEDEVENT_WAKE == access::keyed_wake && THREAD_SET_CONTEXT == access::thread_set_context);
static_assert(OBJ_OPENIF == obj_openif && OBJ_CASE_INSENSITIVE == obj_case_insensitive && OBJ_INHERIT == obj_inherit);
static_assert(EVENT_ALL_ACCESS == access::mapping_of(type::event).all);
static_assert(SEMAPHORE_ALL_ACCESS == access::mapping_of(type::semaphore).all);
static_assert(MUTANT_ALL_ACCESS == access::mapping_of(type::mutant).all);
static_assert(TIMER_ALL_ACCESS == access::mapping_of(type::timer).all);
static_assert(KEYEDEVENT_ALL_ACCESS == access::mapping_of(type::keyed_event).all);
static_assert(THREAD_ALL_ACCESS == access::mapping_of(type::thread).all);

status read_attributes(PCOBJECT_ATTRIBUTES a, name_request& to) noexcept {
  if (a == nullptr) return ok;
  if (a->Length != sizeof(OBJECT_ATTRIBUTES) || (a->Attributes & ~OBJ_VALID_ATTRIBUTES) != 0) {
    return status::invalid_parameter;
  }
  to.attributes = a->Attributes;
  const UNICODE_STRING* const n = a->ObjectName;
  if (n == nullptr || n->Length == 0) return ok;
  if (n->Length % sizeof(WCHAR) != 0) return status::object_name_invalid;
  if (n->Buffer == nullptr) return status::access_violation;
  if (a->RootDirectory != nullptr) {  // there are no directories that a handle could be of
    const section s;
    const status r = s.find(value_of(a->RootDirectory), 0).result;
    return r == ok ? status::object_type_mismatch : r;
  }
  // Both are 16 bits of UTF-16.
  to.path = std::u16string_view(reinterpret_cast<const char16_t*>(n->Buffer), n->Length / sizeof(WCHAR));
  return ok;
}

status create(PHANDLE to, type t, ACCESS_MASK wanted, PCOBJECT_ATTRIBUTES a, const maker& how) noexcept {
  name_request r;
  if (const status s = read_attributes(a, r); s != ok) return s;
  handle_value made = 0;
  const status s = create_object(t, wanted, r, how, made);
  if (!is_error(s)) *to = handle_of(made);
  return s;
}

status open(PHANDLE to, type t, ACCESS_MASK wanted, PCOBJECT_ATTRIBUTES a) noexcept {
  if (to == nullptr) return status::access_violation;
  if (a == nullptr) return status::invalid_parameter;
  name_request r;
  if (const status s = read_attributes(a, r); s != ok) return s;
  handle_value made = 0;
  const status s = open_object(t, wanted, r, made);
  if (!is_error(s)) *to = handle_of(made);
  return s;
}

}  // namespace weir::nt::detail
