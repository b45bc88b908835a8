#include "weir/hazard/bag.h"

#include <utility>

#include "weir/barrier/ticket.h"

namespace weir::hazard::detail {

constinit segment full(segment::most);

segment* bag::fresh() noexcept {
  segment* const s = spare;
  if (s == nullptr) return segment::make();
  spare = s->next;
  --spares;
  s->next = nullptr;
  return s;
}

void bag::recycle(segment* s) noexcept {
  constexpr std::uint32_t enough = 64;  // 256 KiB
  if (spares == enough) {
    segment::destroy(s);
    return;
  }
  s->reset();
  s->next = spare;
  spare = s;
  ++spares;
}

bool bag::open_one() noexcept {
  segment* const s = fresh();
  if (s == nullptr) return false;
  open.store(s, std::memory_order_relaxed);  // under the lock
  return true;
}

// [retire] All that is in the segment was retired before, by its owner or under the lock; or its entries were seen. So
// what was unlinked comes before the ticket, and before the heavy() after which the slots are looked at. Pairs with
// [protect].
void bag::seal(segment* s) noexcept {
  if (s->written() == s->first) {
    recycle(s);
    return;
  }
  s->ticket = barrier::per_form::heavy_ticket();  // [retire]
  objects += s->written() - s->first;
  sealed.add(s);
}

void bag::seal() noexcept {
  segment* const s = open.load(std::memory_order_relaxed);  // under the lock
  if (s == &full) return;
  open.store(&full, std::memory_order_relaxed);  // likewise
  seal(s);
}

bool bag::seal_copy() noexcept {
  segment* const s = open.load(std::memory_order_relaxed);  // under the lock
  if (s == &full) return true;
  const std::uint32_t end = s->written();
  bool all = true;
  while (s->first < end) {
    if (sealed.first != nullptr && sealed.last->append(*s->entry(s->first))) {
      ++objects;
      ++s->first;
      continue;
    }
    segment* const more = fresh();
    if (more == nullptr) {
      all = false;
      break;
    }
    if (sealed.first != nullptr) sealed.last->ticket = barrier::per_form::heavy_ticket();  // [retire]
    sealed.add(more);
  }
  if (sealed.first != nullptr) sealed.last->ticket = barrier::per_form::heavy_ticket();  // [retire]
  return all;
}

void bag::run(segment* s, const void* runner) noexcept {
  s->home = this;
  s->runner = runner;
  s->serial = turns;
  s->prior = nullptr;
  s->next = running;
  if (running != nullptr) running->prior = s;
  running = s;
  running_objects += s->written() - s->first;
}

void bag::unlink(segment* s) noexcept {
  (s->prior == nullptr ? running : s->prior->next) = s->next;
  if (s->next != nullptr) s->next->prior = s->prior;
  s->next = s->prior = nullptr;
  running_objects -= s->written() - s->first;
}

void bag::end_turn(segment* chain, bool some_are_left) noexcept {
  for (segment* s = chain; s != nullptr; s = s->chain) unlink(s);
  if (some_are_left) {
    compact(chain);
  } else {
    while (chain != nullptr) recycle(std::exchange(chain, chain->chain));
  }
  // [changed] Looked at under the lock. Seq_cst, since notify_all() only loads the number of those who wait. Pairs with
  // who waits for it (reclaim.cc).
  changed.fetch_add(1, std::memory_order_seq_cst);
}

// What is left in the segments of a chain, in as few of them as it needs.
void bag::compact(segment* chain) noexcept {
  segment* to = nullptr;
  while (chain != nullptr) {
    segment* const from = std::exchange(chain, chain->chain);
    const std::uint32_t first = from->first;
    const std::uint32_t end = from->written();
    from->reset();
    for (std::uint32_t i = first; i < end; ++i) {
      const retired one = *from->entry(i);
      if (one.run == nullptr) continue;
      if (to != nullptr && to->append(one)) continue;
      if (to != nullptr) seal(to);
      to = from;  // what is appended to it lies before what is still to be read
      static_cast<void>(to->append(one));
    }
    if (to != from) recycle(from);
  }
  if (to != nullptr) seal(to);
}

bool bag::somebody_runs(std::uint64_t turn, const void* self) const noexcept {
  for (const segment* s = running; s != nullptr; s = s->next) {
    if (s->serial <= turn && s->runner != self) return true;
  }
  return false;
}

void bag::adopt(bag& other) noexcept {
  other.seal();
  while (segment* const s = other.sealed.pop()) {
    segment* const mine = open.load(std::memory_order_relaxed);  // under both locks, as all that follows
    const std::uint32_t count = s->written() - s->first;
    other.objects -= count;
    if (mine != &full && mine->written() + count <= segment::most) {
      for (std::uint32_t i = s->first; i < s->written(); ++i) static_cast<void>(mine->append(*s->entry(i)));
      other.recycle(s);
    } else if (mine == &full && s->first == 0 && count < segment::most / 2) {
      open.store(s, std::memory_order_relaxed);
    } else {
      seal(s);
    }
  }
}

void bag::take_back(const void* self) noexcept {
  segment* chain = nullptr;
  for (segment* s = running; s != nullptr;) {
    segment* const next = s->next;
    if (s->runner != self) {
      unlink(s);
      s->chain = chain;
      chain = s;
    }
    s = next;
  }
  compact(chain);
}

void bag::free_memory() noexcept {
  while (spare != nullptr) segment::destroy(std::exchange(spare, spare->next));
  spares = 0;
}

}  // namespace weir::hazard::detail
