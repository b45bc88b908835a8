// ntapi.h: events, semaphores, mutants.
#include "weir/sync/nt/ntapi_call.h"
#include "weir/sync/nt/query.h"
#include "weir/sync/nt/self.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/take.h"

namespace weir::nt::detail {
namespace {

// What a plain object is made of.
struct plain_object {
  type what;
  kind k;
  std::uint32_t value;
  std::uint32_t limit;
  native_record* owner;  // of a mutant; null: nobody

  static native_cell* make(void* self) noexcept {
    const auto& o = *static_cast<plain_object*>(self);
    return own_segment().make(o.k, o.value, o.limit, static_cast<std::uint8_t>(o.what));
  }
  // What is owned lives until it is released.
  static void own(native_cell& c, void* self) noexcept {
    const auto& o = *static_cast<plain_object*>(self);
    if (o.owner != nullptr) own_segment().give(c, *o.owner);
  }
  [[nodiscard]] maker how() noexcept { return {&make, nullptr, &own, this}; }
};

status create_plain(PHANDLE made, ACCESS_MASK wanted, PCOBJECT_ATTRIBUTES a, plain_object o) noexcept {
  return create(made, o.what, wanted, a, o.how());
}

// A signal of an event: `change` returns the state before.
template <class Change>
[[nodiscard]] WEIR_INLINE status change_event(HANDLE h, PLONG previous, Change change) noexcept {
  const section s;
  const reached f = s.find(value_of(h), type::event, access::modify_state);
  if (f.result != ok) [[unlikely]] {
    return f.result;
  }
  tell(previous, change(*f.object));
  return ok;
}

}  // namespace
}  // namespace weir::nt::detail

using namespace weir::nt::detail;
using weir::nt::status;

// --- Events ----------------------------------------------------------------------------------------------------------

NTSTATUS NtCreateEvent(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, EVENT_TYPE what,
                       BOOLEAN signaled) {
  return call("NtCreateEvent", made, [=]() noexcept {
    if (made == nullptr) return status::access_violation;
    if (what != NotificationEvent && what != SynchronizationEvent) return status::invalid_parameter;
    const kind k = what == NotificationEvent ? kind::manual_event : kind::auto_event;
    return create_plain(made, access, attributes, {type::event, k, signaled != 0 ? 1u : 0u, 0, nullptr});
  });
}

NTSTATUS NtOpenEvent(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes) {
  return call("NtOpenEvent", made, [=]() noexcept { return open(made, type::event, access, attributes); });
}

NTSTATUS NtSetEvent(HANDLE event, PLONG previous) {
  return call("NtSetEvent", {value_of(event)}, [=]() WEIR_IN_PLACE {
    return change_event(event, previous, [](native_cell& c) noexcept { return set_event(own_segment(), c); });
  });
}

NTSTATUS NtResetEvent(HANDLE event, PLONG previous) {
  return call("NtResetEvent", {value_of(event)}, [=]() WEIR_IN_PLACE {
    return change_event(event, previous, [](native_cell& c) noexcept { return reset_event(own_segment(), c); });
  });
}

NTSTATUS NtClearEvent(HANDLE event) {
  return call("NtClearEvent", {value_of(event)}, [=]() WEIR_IN_PLACE {
    return change_event(event, nullptr, [](native_cell& c) noexcept { return reset_event(own_segment(), c); });
  });
}

NTSTATUS NtPulseEvent(HANDLE event, PLONG previous) {
  return call("NtPulseEvent", {value_of(event)}, [=]() WEIR_IN_PLACE {
    return change_event(event, previous, [](native_cell& c) noexcept { return pulse_event(own_segment(), c); });
  });
}

NTSTATUS NtQueryEvent(HANDLE event, EVENT_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned) {
  return call("NtQueryEvent", {value_of(event)}, [=]() noexcept {
    const auto read = [](const reached& f) noexcept {
      const bool manual = kind_of<segment>(*f.object) == kind::manual_event;
      return EVENT_BASIC_INFORMATION{manual ? NotificationEvent : SynchronizationEvent,
                                     query_value<segment>(*f.object)};
    };
    return query<EVENT_BASIC_INFORMATION>(event, type::event, access::query_state, what, to, length, returned, read);
  });
}

// --- Semaphores ------------------------------------------------------------------------------------------------------

NTSTATUS NtCreateSemaphore(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, LONG count, LONG limit) {
  return call("NtCreateSemaphore", made, [=]() noexcept {
    if (made == nullptr) return status::access_violation;
    if (limit <= 0 || count < 0 || count > limit) return status::invalid_parameter;
    return create_plain(made, access, attributes,
                        {type::semaphore, kind::semaphore, static_cast<std::uint32_t>(count),
                         static_cast<std::uint32_t>(limit), nullptr});
  });
}

NTSTATUS NtOpenSemaphore(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes) {
  return call("NtOpenSemaphore", made, [=]() noexcept { return open(made, type::semaphore, access, attributes); });
}

// The count comes first, as everything does that can be said without the object.
NTSTATUS NtReleaseSemaphore(HANDLE semaphore, LONG count, PLONG previous) {
  return call("NtReleaseSemaphore", {value_of(semaphore)}, [=]() WEIR_IN_PLACE {
    if (count == 0) [[unlikely]] {
      return status::invalid_parameter;
    }
    const section s;
    const reached f = s.find(value_of(semaphore), type::semaphore, access::modify_state);
    if (f.result != ok) [[unlikely]] {
      return f.result;
    }
    const answer a = release_semaphore(own_segment(), *f.object, static_cast<std::uint32_t>(count));
    if (a.result == ok) tell(previous, a.previous);
    return a.result;
  });
}

NTSTATUS NtQuerySemaphore(HANDLE semaphore, SEMAPHORE_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned) {
  return call("NtQuerySemaphore", {value_of(semaphore)}, [=]() noexcept {
    const auto read = [](const reached& f) noexcept {
      return SEMAPHORE_BASIC_INFORMATION{query_value<segment>(*f.object), static_cast<LONG>(f.object->limit)};
    };
    return query<SEMAPHORE_BASIC_INFORMATION>(semaphore, type::semaphore, access::query_state, what, to, length,
                                              returned, read);
  });
}

// --- Mutants ---------------------------------------------------------------------------------------------------------

NTSTATUS NtCreateMutant(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, BOOLEAN owned) {
  return call("NtCreateMutant", made, [=]() noexcept {
    if (made == nullptr) return status::access_violation;
    native_record* const me = owned != 0 ? self() : nullptr;
    if (owned != 0 && me == nullptr) return status::no_memory;
    return create_plain(made, access, attributes, {type::mutant, kind::mutant, 0, 0, me});
  });
}

NTSTATUS NtOpenMutant(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes) {
  return call("NtOpenMutant", made, [=]() noexcept { return open(made, type::mutant, access, attributes); });
}

NTSTATUS NtReleaseMutant(HANDLE mutant, PLONG previous) {
  return call("NtReleaseMutant", {value_of(mutant)}, [=]() WEIR_IN_PLACE {
    const section s;
    const reached f = s.find(value_of(mutant), type::mutant, 0);
    if (f.result != ok) [[unlikely]] {
      return f.result;
    }
    native_record* const me = self();
    if (me == nullptr) [[unlikely]] {
      return status::mutant_not_owned;
    }
    const answer a = release_mutant(own_segment(), *me, *f.object);
    if (a.result == ok) tell(previous, a.previous);
    return a.result;
  });
}

NTSTATUS NtQueryMutant(HANDLE mutant, MUTANT_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned) {
  return call("NtQueryMutant", {value_of(mutant)}, [=]() noexcept {
    const auto read = [](const reached& f) noexcept {
      const mutant_state m = query_mutant(own_segment(), self_if_any(), *f.object);
      return MUTANT_BASIC_INFORMATION{m.count, static_cast<BOOLEAN>(m.owned ? 1 : 0),
                                      static_cast<BOOLEAN>(m.abandoned ? 1 : 0)};
    };
    return query<MUTANT_BASIC_INFORMATION>(mutant, type::mutant, access::query_state, what, to, length, returned, read);
  });
}
