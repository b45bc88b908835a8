// ntapi.h: waits.
#include <array>
#include <thread>

#include "weir/sync/nt/gather.h"
#include "weir/sync/nt/ntapi_call.h"
#include "weir/sync/nt/self.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/thread_object.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::detail {
namespace {

// The alert that ends a wait as well, where that is wanted; and what becomes of it.
class alerts {
 public:
  // no_memory.
  [[nodiscard]] status want(const park::timeout& time) noexcept {
    thread_ = own_thread();
    if (thread_ == nullptr) return status::no_memory;
    if (time.only_polls()) thread_->apcs.settle();
    return ok;
  }
  [[nodiscard]] native_cell* cell() const noexcept { return thread_ != nullptr ? &thread_->apcs_cell() : nullptr; }
  // `count` objects, and room for one more.
  [[nodiscard]] wanted<segment> with(native_cell** cells, std::uint32_t count, bool all) const noexcept {
    if (thread_ == nullptr) return {cells, count, count, all};
    cells[count] = cell();
    return {cells, count, count + 1, all};
  }
  [[nodiscard]] status after(status s) const noexcept {
    return s == status::alerted ? thread_->apcs.deliver(thread_->apcs_cell()) : s;
  }

 private:
  thread_object* thread_ = nullptr;
};

// An attempt has not taken it. The section ends when the queue keeps the object.
WEIR_COLD status wait_for_one(section::handed_on its, native_record& me, native_cell& c, kind k, attempt last,
                              bool alertable, const LARGE_INTEGER* timeout) noexcept {
  section s(its);
  const park::timeout time = timeout_of(timeout);
  alerts by;
  if (alertable) {
    if (const status r = by.want(time); r != ok) return r;
  }
  const auto entered = [&s]() noexcept { s.leave(); };
  const status r = wait_one_slowly(own_segment(), me, c, k, last, time, by.cell(), entered);
  s.leave();
  return by.after(r);
}

// One that has been found, in its section.
[[nodiscard]] WEIR_INLINE status wait_in(section& s, native_cell& c, bool alertable,
                                         const LARGE_INTEGER* timeout) noexcept {
  native_record* const me = self();
  if (me == nullptr) [[unlikely]] {
    return status::no_memory;
  }
  const kind k = kind_of<segment>(c);
  const attempt a = try_take(own_segment(), *me, c, k);
  if (is_over(a)) [[likely]] {
    return status_of(a, 0);
  }
  return wait_for_one(s.hand_on(), *me, c, k, a, alertable, timeout);
}

// The caller's own thread or process, by their pseudo-handles; their objects do not end. Null: out of memory.
[[nodiscard]] native_cell* pseudo_object(handle_value h) noexcept {
  if (h == current_process) return own_process();
  thread_object* const t = own_thread();
  return t != nullptr ? &t->cell() : nullptr;
}

WEIR_COLD status wait_for_pseudo(handle_value h, bool alertable, const LARGE_INTEGER* timeout) noexcept {
  native_cell* const c = pseudo_object(h);
  if (c == nullptr) return status::no_memory;
  section s;
  return wait_in(s, *c, alertable, timeout);
}

[[nodiscard]] WEIR_INLINE bool is_pseudo(handle_value h) noexcept { return h >= current_thread; }

[[nodiscard]] WEIR_INLINE status wait_for_handle(handle_value h, bool alertable,
                                                 const LARGE_INTEGER* timeout) noexcept {
  if (is_pseudo(h)) [[unlikely]] {
    return wait_for_pseudo(h, alertable, timeout);
  }
  section s;
  const reached f = s.find(h, access::synchronize);
  if (f.result != ok) [[unlikely]] {
    return f.result;
  }
  return wait_in(s, *f.object, alertable, timeout);
}

// For all of them or any; 1 to 64.
[[nodiscard]] status wait_for_many(const HANDLE* handles, std::uint32_t count, bool all, bool alertable,
                                   const LARGE_INTEGER* timeout) noexcept {
  native_record* const me = self();
  if (me == nullptr) return status::no_memory;
  const park::timeout time = timeout_of(timeout);
  alerts by;
  if (alertable) {
    if (const status r = by.want(time); r != ok) return r;
  }
  std::array<native_cell*, maximum_wait_objects + 1> cells;  // as far as they are waited for
  section s;
  for (std::uint32_t i = 0; i < count; ++i) {
    const reached f = s.find(value_of(handles[i]), access::synchronize);
    if (f.result != ok) return f.result;
    cells[i] = f.object;
  }
  const wanted<segment> what = by.with(cells.data(), count, all);
  const auto entered = [&s]() noexcept { s.leave(); };
  const status r =
      all ? wait_all(own_segment(), *me, what, time, entered) : wait_any(own_segment(), *me, what, time, entered);
  s.leave();
  return by.after(r);
}

// By any handle that may; of the types that can be signaled.
[[nodiscard]] status signal(const reached& f) noexcept {
  const bool may = f.by.may(access::modify_state);
  switch (f.by.what()) {
    case type::event:
      if (!may) return status::access_denied;
      set_event(own_segment(), *f.object);
      return ok;
    case type::semaphore:
      if (!may) return status::access_denied;
      return release_semaphore(own_segment(), *f.object, 1).result;
    case type::mutant: {
      native_record* const me = self();
      return me != nullptr ? release_mutant(own_segment(), *me, *f.object).result : status::mutant_not_owned;
    }
    default: return status::object_type_mismatch;
  }
}

// What a wait needs is there: it does not run out of memory any more.
[[nodiscard]] bool is_ready_to_wait(bool alertable) noexcept {
  return self() != nullptr && (!alertable || own_thread() != nullptr);
}

// The object to wait for is found before anything is signaled, and not lost afterwards; and so is all else that the
// wait needs.
[[nodiscard]] status signal_and_wait(handle_value by, handle_value h, bool alertable,
                                     const LARGE_INTEGER* timeout) noexcept {
  section s;
  const reached to_signal = s.find(by, 0);
  if (to_signal.result != ok && !is_pseudo(by)) return to_signal.result;
  if (is_pseudo(h)) {
    if (pseudo_object(h) == nullptr || !is_ready_to_wait(alertable)) return status::no_memory;
    const status r = signal(to_signal);
    s.leave();
    return r == ok ? wait_for_pseudo(h, alertable, timeout) : r;
  }
  const reached f = s.find(h, access::synchronize);
  if (f.result != ok) return f.result;
  if (!is_ready_to_wait(alertable)) return status::no_memory;
  const status r = signal(to_signal);
  return r == ok ? wait_in(s, *f.object, alertable, timeout) : r;
}

[[nodiscard]] status delay(bool alertable, const LARGE_INTEGER* timeout) noexcept {
  const park::timeout time = timeout_of(timeout);
  native_record* const me = self();
  if (me == nullptr) return status::no_memory;
  alerts by;
  if (alertable) {
    if (const status r = by.want(time); r != ok) return r;
  }
  if (time.only_polls()) std::this_thread::yield();
  native_cell* alert = nullptr;
  const wanted<segment> what = by.with(&alert, 0, false);
  const status r = wait_any(own_segment(), *me, what, time, []() noexcept {});
  return r == status::timeout ? ok : by.after(r);
}

}  // namespace
}  // namespace weir::nt::detail

using namespace weir::nt::detail;
using weir::nt::status;

NTSTATUS NtWaitForSingleObject(HANDLE object, BOOLEAN alertable, const LARGE_INTEGER* timeout) {
  return call("NtWaitForSingleObject", {value_of(object)},
              [=]() WEIR_IN_PLACE { return wait_for_handle(value_of(object), alertable != 0, timeout); });
}

NTSTATUS NtWaitForMultipleObjects(ULONG count, const HANDLE* objects, WAIT_TYPE what, BOOLEAN alertable,
                                  const LARGE_INTEGER* timeout) {
  const auto body = [=]() noexcept {
    if (count == 0 || count > weir::nt::maximum_wait_objects) return status::invalid_parameter_1;
    if (what != WaitAll && what != WaitAny) return status::invalid_parameter_3;
    if (objects == nullptr) return status::access_violation;
    return wait_for_many(objects, count, what == WaitAll, alertable != 0, timeout);
  };
  if (trace::is_off()) [[likely]] {
    return static_cast<NTSTATUS>(body());
  }
  std::array<handle_value, weir::nt::maximum_wait_objects> handles{};
  const ULONG told = objects != nullptr && count <= handles.size() ? count : 0;
  for (ULONG i = 0; i < told; ++i) handles[i] = value_of(objects[i]);
  return static_cast<NTSTATUS>(trace::traced("NtWaitForMultipleObjects", handles.data(), told, nullptr, body));
}

NTSTATUS NtSignalAndWaitForSingleObject(HANDLE signal, HANDLE object, BOOLEAN alertable, const LARGE_INTEGER* timeout) {
  return call("NtSignalAndWaitForSingleObject", {value_of(signal), value_of(object)},
              [=]() noexcept { return signal_and_wait(value_of(signal), value_of(object), alertable != 0, timeout); });
}

NTSTATUS NtDelayExecution(BOOLEAN alertable, const LARGE_INTEGER* timeout) {
  return call("NtDelayExecution", [=]() noexcept {
    return timeout != nullptr ? delay(alertable != 0, timeout) : status::access_violation;
  });
}

NTSTATUS NtYieldExecution(void) {
  return call("NtYieldExecution", []() noexcept {
    std::this_thread::yield();
    return ok;
  });
}
