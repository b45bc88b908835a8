// ntapi.h: timers, keyed events, and what ntdll's runtime library has to do with them.
#include <algorithm>
#include <cstddef>
#include <limits>

#include "weir/sync/nt/address_wait.h"
#include "weir/sync/nt/keyed_event.h"
#include "weir/sync/nt/ntapi_call.h"
#include "weir/sync/nt/self.h"
#include "weir/sync/nt/thread_object.h"
#include "weir/sync/nt/timer.h"

namespace weir::nt::detail {
namespace {

native_cell* make_timer_cell(void* k) noexcept {
  return own_segment().make(*static_cast<kind*>(k), 0, 0, static_cast<std::uint8_t>(type::timer));
}
body* make_timer(native_cell& c, void*) noexcept { return timer_object::make(c); }

// A timer that was found, without a section: its service may have to be started, or is busy.
class timer_in_use {
 public:
  timer_in_use(HANDLE h, access_mask wanted) noexcept {
    const section s;
    const reached f = s.find(value_of(h), type::timer, wanted);
    result_ = f.result;
    if (result_ != ok) return;
    timer_ = static_cast<timer_object*>(&body_of(f.by.number()));
    timer_->refer();
  }
  timer_in_use(const timer_in_use&) = delete;
  timer_in_use& operator=(const timer_in_use&) = delete;
  ~timer_in_use() {
    if (timer_ != nullptr) timer_->drop();
  }
  [[nodiscard]] status result() const noexcept { return result_; }
  timer_object* operator->() const noexcept { return timer_; }

 private:
  status result_ = ok;
  timer_object* timer_ = nullptr;
};

[[nodiscard]] status set_timer(HANDLE h, const timer_setting& setting, PBOOLEAN previous) noexcept {
  const timer_in_use t(h, access::modify_state);
  if (t.result() != ok) return t.result();
  bool was = false;
  const status s = t->set(setting, was);
  if (s == ok) tell(previous, was ? 1 : 0);
  return s;
}

native_cell* make_keyed_cell(void*) noexcept {
  // Whoever may wait for the object itself finds it signaled, for ever.
  return own_segment().make(kind::manual_event, 1, 0, static_cast<std::uint8_t>(type::keyed_event));
}

// The object is kept while the thread blocks, whatever becomes of the handle.
[[nodiscard]] status meet_at(HANDLE h, const void* key, side side_of, access_mask wanted, bool alertable,
                             const LARGE_INTEGER* timeout) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(key);
  if ((at & 1) != 0) return status::invalid_parameter_1;
  native_cell* event = nullptr;
  if (h != nullptr) {
    const section s;
    const reached f = s.find(value_of(h), type::keyed_event, wanted);
    if (f.result != ok) return f.result;
    event = f.object;
    own_segment().refer(*event);
  }
  thread_object* const t = own_thread();
  native_record* const me = self();
  status r = status::no_memory;
  if (t != nullptr && me != nullptr) {
    r = meet(event != nullptr ? static_cast<number>(event->self) : 0, at, side_of, *me, *t, alertable,
             timeout_of(timeout));
  }
  if (event != nullptr) own_segment().drop(*event);
  return r;
}

}  // namespace
}  // namespace weir::nt::detail

using namespace weir::nt::detail;
using weir::nt::status;

NTSTATUS NtCreateTimer(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, TIMER_TYPE what) {
  return call("NtCreateTimer", made, [=]() noexcept {
    if (made == nullptr) return status::access_violation;
    if (what != NotificationTimer && what != SynchronizationTimer) return status::invalid_parameter;
    kind k = what == NotificationTimer ? kind::manual_event : kind::auto_event;
    return create(made, type::timer, access, attributes, {&make_timer_cell, &make_timer, nullptr, &k});
  });
}

NTSTATUS NtOpenTimer(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes) {
  return call("NtOpenTimer", made, [=]() noexcept { return open(made, type::timer, access, attributes); });
}

NTSTATUS NtSetTimer(HANDLE timer, const LARGE_INTEGER* due, PTIMER_APC_ROUTINE apc, PVOID context, BOOLEAN, LONG period,
                    PBOOLEAN previous) {
  return call("NtSetTimer", {value_of(timer)}, [=]() noexcept {
    if (due == nullptr) return status::access_violation;
    if (period < 0) return status::invalid_parameter_6;
    thread_object* const me = apc != nullptr ? own_thread() : nullptr;
    if (apc != nullptr && me == nullptr) return status::no_memory;
    return set_timer(timer, {timeout_of(due), period, apc, context, me}, previous);
  });
}

NTSTATUS NtCancelTimer(HANDLE timer, PBOOLEAN state) {
  return call("NtCancelTimer", {value_of(timer)}, [=]() noexcept {
    const timer_in_use t(timer, access::modify_state);
    if (t.result() == ok) tell(state, t->cancel() ? 1 : 0);
    return t.result();
  });
}

NTSTATUS NtQueryTimer(HANDLE timer, TIMER_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned) {
  return call("NtQueryTimer", {value_of(timer)}, [=]() noexcept {
    const auto read = [](const reached& f) noexcept {
      const timer_object::state now = static_cast<timer_object&>(body_of(f.by.number())).query();
      TIMER_BASIC_INFORMATION info{};
      info.RemainingTime.QuadPart = now.remaining;
      info.TimerState = now.signaled ? 1 : 0;
      return info;
    };
    return query<TIMER_BASIC_INFORMATION>(timer, type::timer, access::query_state, what, to, length, returned, read);
  });
}

NTSTATUS NtCreateKeyedEvent(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, ULONG flags) {
  return call("NtCreateKeyedEvent", made, [=]() noexcept {
    if (made == nullptr) return status::access_violation;
    if (flags != 0) return status::invalid_parameter;
    return create(made, type::keyed_event, access, attributes, {&make_keyed_cell, nullptr, nullptr, nullptr});
  });
}

NTSTATUS NtOpenKeyedEvent(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes) {
  return call("NtOpenKeyedEvent", made, [=]() noexcept { return open(made, type::keyed_event, access, attributes); });
}

NTSTATUS NtWaitForKeyedEvent(HANDLE event, const void* key, BOOLEAN alertable, const LARGE_INTEGER* timeout) {
  return call("NtWaitForKeyedEvent", {value_of(event)},
              [=]() noexcept { return meet_at(event, key, side::waits, access::keyed_wait, alertable != 0, timeout); });
}

NTSTATUS NtReleaseKeyedEvent(HANDLE event, const void* key, BOOLEAN alertable, const LARGE_INTEGER* timeout) {
  return call("NtReleaseKeyedEvent", {value_of(event)}, [=]() noexcept {
    return meet_at(event, key, side::releases, access::keyed_wake, alertable != 0, timeout);
  });
}

NTSTATUS NtQuerySystemTime(PLARGE_INTEGER time) {
  return call("NtQuerySystemTime", [=]() noexcept {
    if (time == nullptr) return status::access_violation;
    const weir::park::clock& by = own_segment().clock();
    time->QuadPart = weir::nt::system_time(by.wall(by));
    return ok;
  });
}

VOID RtlInitUnicodeString(PUNICODE_STRING to, PCWSTR text) {
  constexpr std::size_t longest = std::numeric_limits<USHORT>::max() / sizeof(WCHAR) - 1;
  std::size_t length = 0;
  while (text != nullptr && length < longest && text[length] != 0) ++length;
  to->Length = static_cast<USHORT>(length * sizeof(WCHAR));
  to->MaximumLength = static_cast<USHORT>(text != nullptr ? to->Length + sizeof(WCHAR) : 0);
  to->Buffer = const_cast<PWSTR>(text);  // NOLINT: NT's type; nobody writes to it
}

NTSTATUS RtlWaitOnAddress(const void* address, const void* compare, SIZE_T size, const LARGE_INTEGER* timeout) {
  return call("RtlWaitOnAddress", {reinterpret_cast<handle_value>(address)}, [=]() noexcept {
    if (size != 1 && size != 2 && size != 4 && size != 8) return status::invalid_parameter;
    if (address == nullptr || compare == nullptr) return status::access_violation;
    thread_object* const t = own_thread();
    native_record* const me = self();
    if (t == nullptr || me == nullptr) return status::no_memory;
    return wait_on_address(address, compare, size, *me, *t, timeout_of(timeout));
  });
}

VOID RtlWakeAddressSingle(const void* address) {
  static_cast<void>(call("RtlWakeAddressSingle", {reinterpret_cast<handle_value>(address)}, [=]() noexcept {
    wake_address(address, false);
    return ok;
  }));
}

VOID RtlWakeAddressAll(const void* address) {
  static_cast<void>(call("RtlWakeAddressAll", {reinterpret_cast<handle_value>(address)}, [=]() noexcept {
    wake_address(address, true);
    return ok;
  }));
}
