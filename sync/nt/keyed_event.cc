#include "weir/sync/nt/keyed_event.h"

#include <mutex>

#include "weir/barrier/forever.h"
#include "weir/sync/nt/line_up.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/thread_object.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::detail {
namespace {

constinit weir::detail::forever<waiters_by_key> meetings;

[[nodiscard]] std::uint64_t scope_of(number event, side s) noexcept {
  return std::uint64_t{event} << 1 | (s == side::releases ? 1 : 0);
}

// False: another thread has met us.
[[nodiscard]] bool withdraw(waiters& list, waiter& me) noexcept {
  const std::lock_guard hold(list);
  if (!me.linked) return false;
  list.remove(me);
  return true;
}

}  // namespace

status meet(number event, std::uintptr_t key, side s, native_record& me, thread_object& thread, bool alertable,
            const park::timeout& time) noexcept {
  const std::uint64_t own = scope_of(event, s);
  const std::uint64_t other = own ^ 1;
  waiters& list = meetings.value.of(key, own | 1);
  waiter mine{key, own, &thread.met_cell()};
  {
    const std::lock_guard hold(list);
    if (waiter* const w = list.find(key, other); w != nullptr) {
      list.remove(*w);
      set_event(own_segment(), *w->met);
      return status::success;
    }
    if (time.only_polls() && !alertable) return status::timeout;
    list.append(mine);
  }
  native_cell* const alert = alertable ? &thread.apcs_cell() : nullptr;
  const auto nothing = []() noexcept {};
  if (alertable && time.only_polls()) thread.apcs.settle();
  const status got = wait_one(own_segment(), me, *mine.met, time, alert, nothing);
  if (got == status::wait_0) return status::success;
  if (withdraw(list, mine)) return got == status::alerted ? thread.apcs.deliver(*alert) : got;
  // Whoever has met us sets the event, or has done so.
  static_cast<void>(wait_one(own_segment(), me, *mine.met, park::timeout::never(), nullptr, nothing));
  if (got == status::alerted) thread.apcs.put_back(*alert);
  return status::success;
}

void lock_keys_for_fork() noexcept { meetings.value.lock_for_fork(); }
void unlock_keys_after_fork() noexcept { meetings.value.unlock_after_fork(); }
void forget_keys_of_parent() noexcept { meetings.value.forget(); }

}  // namespace weir::nt::detail
