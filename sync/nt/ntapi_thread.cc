// ntapi.h: threads, APCs, alerts.
#include <algorithm>
#include <cstddef>
#include <new>

#include "weir/sync/nt/ntapi_call.h"
#include "weir/sync/nt/self.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/start_thread.h"
#include "weir/sync/nt/thread_object.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::detail {
namespace {

struct start {
  thread_object* thread;
  PUSER_THREAD_START_ROUTINE routine;
  PVOID argument;
};

void run_thread(void* p) noexcept {
  auto* const given = static_cast<start*>(p);
  const start s = *given;
  delete given;
  if (!become(*s.thread)) {  // the system has no memory for it
    s.thread->set_exit_status(static_cast<std::int32_t>(status::no_memory));
    return s.thread->end();
  }
  const std::int32_t result = s.routine(s.argument);
  // In a child that the routine has forked off it is another one, or there is none.
  if (own_thread_object != nullptr) own_thread_object->set_exit_status(result);
}

[[nodiscard]] HANDLE id_of(const thread_object& t) noexcept { return handle_of(t.id()); }

// Only the attribute that is known: others ask for what is not there.
[[nodiscard]] status check_list(const PS_ATTRIBUTE_LIST* list, const PS_ATTRIBUTE*& id) noexcept {
  id = nullptr;
  if (list == nullptr) return ok;
  constexpr std::size_t head = offsetof(PS_ATTRIBUTE_LIST, Attributes);
  if (list->TotalLength < head || (list->TotalLength - head) % sizeof(PS_ATTRIBUTE) != 0) {
    return status::invalid_parameter;
  }
  const std::size_t count = (list->TotalLength - head) / sizeof(PS_ATTRIBUTE);
  for (const PS_ATTRIBUTE* a = list->Attributes; a != list->Attributes + count; ++a) {
    if (a->Attribute != PS_ATTRIBUTE_CLIENT_ID) return status::not_supported;
    if (a->Size != sizeof(CLIENT_ID)) return status::invalid_parameter;
    if (a->ValuePtr == nullptr) return status::access_violation;
    id = a;
  }
  return ok;
}

// The handle is there before the thread runs; what cannot be started has ended.
[[nodiscard]] status create_thread(PHANDLE made, access_mask wanted, std::uint32_t attributes, start begin,
                                   std::size_t stack, const PS_ATTRIBUTE* id, HANDLE& told) noexcept {
  const handle_value h = reserve_handle();
  if (h == 0) return status::no_memory;
  auto* const given = new (std::nothrow) start(begin);
  thread_object* const t = given != nullptr ? thread_object::make() : nullptr;
  if (t == nullptr) {
    delete given;
    own_handles().give_back(h);
    return status::no_memory;
  }
  given->thread = t;
  static_cast<void>(t->add_handle());  // it has one of its own
  const handle_value number = t->id();
  t->show();
  own_handles().show(h,
                     t->as_entry().with(access::granted(type::thread, wanted), (attributes & obj_inherit) != 0, false));
  // What the caller is told, the thread may read.
  const HANDLE before = *made;
  *made = handle_of(h);
  CLIENT_ID* const to = id != nullptr ? static_cast<CLIENT_ID*>(id->ValuePtr) : nullptr;
  const CLIENT_ID id_before = to != nullptr ? *to : CLIENT_ID{};
  if (to != nullptr) *to = {handle_of(own_process_id()), handle_of(number)};
  if (!start_thread(&run_thread, given, stack, signals::inherited)) {
    delete given;
    *made = before;
    if (to != nullptr) *to = id_before;
    static_cast<void>(close_handle(h));
    t->end();
    return status::no_memory;
  }
  if (id != nullptr) tell(id->ReturnLength, sizeof(CLIENT_ID));
  told = handle_of(h);
  return ok;
}

// By a handle or the pseudo-handle, in the section.
struct thread_found {
  status result;
  thread_object* thread;
};
[[nodiscard]] thread_found find(const section& s, HANDLE h, access_mask wanted) noexcept {
  if (value_of(h) == current_thread) {
    thread_object* const t = own_thread();
    return {t != nullptr ? ok : status::no_memory, t};
  }
  const reached f = s.find(value_of(h), type::thread, wanted);
  return {f.result, f.result == ok ? &thread_of_entry(f.by) : nullptr};
}

void run_user_apc(const apc& a) noexcept {
  reinterpret_cast<PNTAPCFUNC>(a.routine)(a.arguments[0], a.arguments[1], a.arguments[2]);  // NOLINT: as it was given
}
void delete_apc(apc& a) noexcept { delete &a; }

[[nodiscard]] status queue_apc(HANDLE thread, PNTAPCFUNC routine, std::uintptr_t a, std::uintptr_t b,
                               std::uintptr_t c) noexcept {
  const section s;
  const thread_found f = find(s, thread, access::thread_set_context);
  if (f.result != ok) return f.result;
  auto* const made = new (std::nothrow) apc{&run_user_apc, &delete_apc};
  if (made == nullptr) return status::no_memory;
  made->routine = reinterpret_cast<void (*)() noexcept>(routine);  // NOLINT: called as what it is
  made->arguments[0] = a;
  if (f.thread->apcs.add(*made, b, c, f.thread->apcs_cell()) == apc_queue::added::now) return ok;
  delete made;
  return status::unsuccessful;
}

[[nodiscard]] status query_thread(HANDLE h, PVOID to, ULONG length, PULONG returned) noexcept {
  if (length != sizeof(THREAD_BASIC_INFORMATION)) return status::info_length_mismatch;
  if (to == nullptr) return status::access_violation;
  const section s;
  const thread_found f = find(s, h, access::thread_query_limited_information);
  if (f.result != ok) return f.result;
  THREAD_BASIC_INFORMATION info{};
  info.ExitStatus = f.thread->exit_status();
  info.ClientId = {handle_of(own_process_id()), id_of(*f.thread)};
  *static_cast<THREAD_BASIC_INFORMATION*>(to) = info;
  tell(returned, sizeof info);
  return ok;
}

[[nodiscard]] status alert_thread(HANDLE h) noexcept {
  const section s;
  const thread_found f = find(s, h, access::thread_alert);
  if (f.result == ok) f.thread->apcs.alert(f.thread->apcs_cell());
  return f.result;
}

[[nodiscard]] status alert_by_id(handle_value id) noexcept {
  const section s;
  const thread_object* const t = find_thread(s, id);
  if (t == nullptr) return status::invalid_cid;
  set_event(own_segment(), t->alert_cell());
  return ok;
}

[[nodiscard]] status wait_for_alert(const park::timeout& time) noexcept {
  const thread_object* const t = own_thread();
  native_record* const me = self();
  if (t == nullptr || me == nullptr) return status::no_memory;
  const status r = wait_one(own_segment(), *me, t->alert_cell(), time, nullptr, []() noexcept {});
  return r == status::wait_0 ? status::alerted : r;
}

}  // namespace
}  // namespace weir::nt::detail

using namespace weir::nt::detail;
using weir::nt::status;

NTSTATUS NtCreateThreadEx(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, HANDLE process,
                          PUSER_THREAD_START_ROUTINE start, PVOID argument, ULONG flags, SIZE_T zero_bits,
                          SIZE_T stack_size, SIZE_T maximum_stack_size, PPS_ATTRIBUTE_LIST list) {
  HANDLE told = nullptr;  // to the trace: *made may be the thread's to free
  return call("NtCreateThreadEx", &told, [=, &told]() noexcept {
    if (made == nullptr) return status::access_violation;
    if (start == nullptr) return status::invalid_parameter;
    if (flags != 0 || zero_bits != 0) return status::not_supported;
    name_request r;
    if (const status s = read_attributes(attributes, r); s != ok) return s;
    if (!r.path.empty()) return status::invalid_parameter;
    if (value_of(process) != current_process) {
      const section s;
      if (const status f = s.find(value_of(process), type::process, 0x0002).result; f != ok) return f;
    }
    const PS_ATTRIBUTE* id = nullptr;
    if (const status s = check_list(list, id); s != ok) return s;
    return create_thread(made, access, r.attributes, {nullptr, start, argument},
                         std::max(stack_size, maximum_stack_size), id, told);
  });
}

NTSTATUS NtQueryInformationThread(HANDLE thread, THREADINFOCLASS what, PVOID to, ULONG length, PULONG returned) {
  return call("NtQueryInformationThread", {value_of(thread)}, [=]() noexcept {
    return what == ThreadBasicInformation ? query_thread(thread, to, length, returned) : status::invalid_info_class;
  });
}

HANDLE NtCurrentThreadId(void) {
  const thread_object* const t = own_thread();
  return t != nullptr ? id_of(*t) : nullptr;
}

HANDLE NtCurrentProcessId(void) { return handle_of(own_process_id()); }

NTSTATUS NtQueueApcThread(HANDLE thread, PNTAPCFUNC routine, PVOID a, PVOID b, PVOID c) {
  return call("NtQueueApcThread", {value_of(thread)}, [=]() noexcept {
    if (routine == nullptr) return status::invalid_parameter;
    return queue_apc(thread, routine, reinterpret_cast<std::uintptr_t>(a), reinterpret_cast<std::uintptr_t>(b),
                     reinterpret_cast<std::uintptr_t>(c));
  });
}

NTSTATUS NtTestAlert(void) {
  return call("NtTestAlert", []() noexcept {
    thread_object* const t = own_thread();
    return t != nullptr ? t->apcs.test(t->apcs_cell()) : status::no_memory;
  });
}

NTSTATUS NtAlertThread(HANDLE thread) {
  return call("NtAlertThread", {value_of(thread)}, [=]() noexcept { return alert_thread(thread); });
}

NTSTATUS NtAlertThreadByThreadId(HANDLE thread_id) {
  return call("NtAlertThreadByThreadId", {value_of(thread_id)},
              [=]() noexcept { return alert_by_id(value_of(thread_id)); });
}

// The address is what the caller waits for: for debuggers.
NTSTATUS NtWaitForAlertByThreadId(const void*, const LARGE_INTEGER* timeout) {
  return call("NtWaitForAlertByThreadId", [=]() noexcept { return wait_for_alert(timeout_of(timeout)); });
}
