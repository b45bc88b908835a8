#include "weir/sync/nt/address_wait.h"

#include <cstring>
#include <mutex>

#include "weir/barrier/forever.h"
#include "weir/sync/nt/line_up.h"
#include "weir/sync/nt/room.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/thread_object.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::detail {
namespace {

constinit weir::detail::forever<waiters_by_key> addresses;

// The bytes are no std::atomic, and C++ has nothing else for them that all our libraries have: the compilers' own.
template <class Word>
[[nodiscard]] bool is_same(const void* address, const void* compare) noexcept {
  Word expected;
  std::memcpy(&expected, compare, sizeof expected);
  if (reinterpret_cast<std::uintptr_t>(address) % sizeof(Word) != 0) {
    return std::memcmp(address, compare, sizeof expected) == 0;
  }
  // Acquire: of what was done before the value was stored. What wakes is ordered by the list's lock.
  return __atomic_load_n(static_cast<const Word*>(address), __ATOMIC_ACQUIRE) == expected;
}

[[nodiscard]] bool is_same(const void* address, const void* compare, std::size_t size) noexcept {
  switch (size) {
    case 1: return is_same<std::uint8_t>(address, compare);
    case 2: return is_same<std::uint16_t>(address, compare);
    case 4: return is_same<std::uint32_t>(address, compare);
    default: return is_same<std::uint64_t>(address, compare);
  }
}

}  // namespace

// Who changes the bytes and wakes has the lock after the change. If that is before ours, we see the change; else we are
// in the list. No third case.
status wait_on_address(const void* address, const void* compare, std::size_t size, native_record& me,
                       thread_object& thread, const park::timeout& time) noexcept {
  const auto key = reinterpret_cast<std::uintptr_t>(address);
  waiters& list = addresses.value.of(key, 0);
  waiter mine{key, 0, &thread.met_cell()};
  {
    const std::lock_guard hold(list);
    if (!is_same(address, compare, size)) return status::success;
    if (time.only_polls()) return status::timeout;
    list.append(mine);
  }
  const auto nothing = []() noexcept {};
  if (wait_one(own_segment(), me, *mine.met, time, nullptr, nothing) == status::wait_0) return status::success;
  {
    const std::lock_guard hold(list);
    if (mine.linked) {
      list.remove(mine);
      return status::timeout;
    }
  }
  // Whoever has woken us sets the event, or has done so.
  return wait_one(own_segment(), me, *mine.met, park::timeout::never(), nullptr, nothing);
}

void wake_address(const void* address, bool all) noexcept {
  const auto key = reinterpret_cast<std::uintptr_t>(address);
  enter_handles();
  waiters& list = addresses.value.of(key, 0);
  const std::lock_guard hold(list);
  for (waiter* w = list.find(key, 0); w != nullptr; w = all ? list.find(key, 0) : nullptr) {
    list.remove(*w);
    set_event(own_segment(), *w->met);
  }
}

void lock_addresses_for_fork() noexcept { addresses.value.lock_for_fork(); }
void unlock_addresses_after_fork() noexcept { addresses.value.unlock_after_fork(); }
void forget_addresses_of_parent() noexcept { addresses.value.forget(); }

}  // namespace weir::nt::detail
