#include "weir/sync/nt/segment.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "weir/sync/nt/owned.h"
#include "weir/sync/nt/self.h"

namespace weir::nt::detail {

constinit weir::detail::forever<segment> segment_of_process;

bool native_types::nap(const park::deadline& until) noexcept {
  constexpr std::chrono::nanoseconds longest = std::chrono::milliseconds(1);
  const std::chrono::nanoseconds left = until.left();
  std::this_thread::sleep_for(std::min(left, longest));
  return left > longest || !until.passed();
}

// A lock is held for as long as 64 objects take. If its holder does not run, neither its priority nor ours may matter:
// in the end we sleep, and look again after a time that nobody has to cut short.
void segment::wait_a_while(unsigned round) noexcept {
  constexpr unsigned spins = 12;
  constexpr unsigned yields = 64;
  if (round < spins) {
    for (unsigned i = 0; i < 1u << std::min(round, 6u); ++i) port::relax();
  } else if (round < spins + yields) {
    std::this_thread::yield();
  } else {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

native_cell* segment::take_free() noexcept {
  const std::lock_guard hold(lock_);
  number n = free_;
  if (n != 0) {
    free_ = cells_.at(n).own_next;
  } else {
    n = next_;
    if (!cells_.make(n)) return nullptr;
    cells_.at(n).self = n;
    ++next_;
  }
  ++objects_;
  return &cells_.at(n);
}

void segment::ended(native_cell& c) noexcept {
  const std::lock_guard hold(lock_);
  c.own_next = free_;
  free_ = c.self;
  --objects_;
}

std::uint32_t segment::objects() noexcept {
  const std::lock_guard hold(lock_);
  return objects_;
}

native_cell* segment::make(kind k, std::uint32_t value, std::uint32_t limit, std::uint8_t object) noexcept {
  enter_room();
  native_cell* const c = take_free();
  if (c == nullptr) return nullptr;
  // Locked: a signaler that has seen a node of the cell's last object may still lock it, and give it back as it was.
  static_cast<void>(detail::lock(*this, *c));
  c->limit = limit;
  c->recursion.store(1, std::memory_order_relaxed);  // under the lock
  c->own_next = 0;
  c->own_prior = 0;
  c->references = 1;
  c->object = object;
  c->process = process_;
  unlock(*this, *c, word::of(k) | word::of_value(value));
  return c;
}

void segment::refer(native_cell& c) noexcept {
  const word::bits w = detail::lock(*this, c);
  ++c.references;
  unlock(*this, c, w);
}

void segment::give(native_cell& c, native_record& me) noexcept {
  const word::bits w = detail::lock(*this, c);
  unlock(*this, c, word::taken(kind::mutant, w, me.self));
  got_mutant(*this, me, c);
}

void segment::drop(native_cell& c) noexcept {
  if (!is_own(c)) return;
  const word::bits w = detail::lock(*this, c);
  const bool last = --c.references == 0;
  let_go(*this, c, last ? w | word::orphan : w);
}

native_record* segment::make_record(number n) noexcept {
  native_record* const r = records_.make(n);
  if (r != nullptr) r->self = n;
  return r;
}

// With the group's lock no other thread has a cell locked whose object has ended: what the child makes anew is whole.
void segment::lock_for_fork() noexcept {
  lock_group(*this);
  lock_.lock();
}
void segment::unlock_after_fork() noexcept {
  lock_.unlock();
  unlock_group(*this);
}

}  // namespace weir::nt::detail
