#include "weir/sync/nt/objects.h"

namespace weir::nt {

using detail::kind;
using detail::own_segment;

event event::automatic(bool signaled) noexcept {
  return event(own_segment().make(kind::auto_event, signaled ? 1 : 0, 0, 0));
}

event event::manual(bool signaled) noexcept {
  return event(own_segment().make(kind::manual_event, signaled ? 1 : 0, 0, 0));
}

semaphore semaphore::make(std::int32_t count, std::int32_t limit) noexcept {
  if (limit <= 0 || count < 0 || count > limit) return {};
  return semaphore(
      own_segment().make(kind::semaphore, static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(limit), 0));
}

mutant mutant::make(bool owned) noexcept {
  detail::native_record* const me = owned ? detail::self() : nullptr;
  if (owned && me == nullptr) return {};
  mutant made(own_segment().make(kind::mutant, 0, 0, 0));
  if (owned && made) own_segment().give(made.cell(), *me);
  return made;
}

namespace detail {
namespace {

// The cells of what the caller holds.
struct cells {
  explicit cells(std::span<const object* const> objects) noexcept {
    for (const object* o : objects) at[count++] = &o->cell();
  }
  native_cell* at[maximum_wait_objects];
  std::uint32_t count = 0;
};

[[nodiscard]] bool is_count(std::size_t n) noexcept { return n != 0 && n <= maximum_wait_objects; }

}  // namespace

status wait_in_hand(native_cell& c, attempt last, const park::timeout& time) noexcept {
  native_record* const me = self();
  if (me == nullptr) return status::no_memory;
  stay in_hand;
  return wait_one_slowly<segment>(own_segment(), *me, c, kind_of<segment>(c), last, time, nullptr, in_hand);
}

}  // namespace detail

status wait_any(std::span<const object* const> objects, const park::timeout& time) noexcept {
  if (!detail::is_count(objects.size())) return status::invalid_parameter_1;
  detail::native_record* const me = detail::self();
  if (me == nullptr) return status::no_memory;
  const detail::cells c(objects);
  return detail::wait_any(own_segment(), *me, {c.at, c.count, c.count, false}, time, detail::stay{});
}

status wait_all(std::span<const object* const> objects, const park::timeout& time) noexcept {
  if (!detail::is_count(objects.size())) return status::invalid_parameter_1;
  detail::native_record* const me = detail::self();
  if (me == nullptr) return status::no_memory;
  const detail::cells c(objects);
  return detail::wait_all(own_segment(), *me, {c.at, c.count, c.count, true}, time, detail::stay{});
}

}  // namespace weir::nt
