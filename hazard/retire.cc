// The way of a retired object into its thread's bag.
#include <algorithm>
#include <mutex>

#include "weir/barrier/ticket.h"
#include "weir/hazard/domain.h"
#include "weir/hazard/turn.h"

namespace weir::hazard {

using detail::bag;
using detail::retired;

// As many as are worth a barrier and a look at all slots.
std::size_t domain::threshold() const noexcept {
  constexpr std::size_t least = 256;
  return std::max({options_.threshold, least, 2 * protected_.load(std::memory_order_relaxed)});  // a hint
}

void domain::count_retired(std::size_t objects) noexcept {
  // Relaxed, all of it: statistics.
  const std::size_t now = held_.fetch_add(objects, std::memory_order_relaxed) + objects;
  std::size_t seen = peak_.load(std::memory_order_relaxed);
  while (now > seen && !peak_.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
  }
}

bool domain::retire_slowly(retired what) noexcept {
  bag* const mine = make_own();
  if (mine == nullptr) return retire_as_stranger(what);
  if (mine->open.load(std::memory_order_relaxed)->append(what)) return true;  // our own; not found on the fast way
  if (open_another(*mine, what)) return true;
  // Without memory: what can be reclaimed gives its segments back.
  if (!detail::is_looking_through(*this)) static_cast<void>(look_through(*mine, true));
  return open_another(*mine, what);
}

// False: out of memory.
bool domain::open_another(bag& b, retired what) noexcept {
  bool sealed = false;
  {
    const std::lock_guard hold(b.lock);
    const std::size_t before = b.objects;
    b.seal();
    count_retired(b.objects - before);
    sealed = b.objects != before;
    if (!b.open_one()) return false;
    static_cast<void>(b.open.load(std::memory_order_relaxed)->append(what));  // our own, or under the lock
  }
  if (sealed) after_seal(b);
  return true;
}

// By the bag that all threads without one of their own share.
bool domain::retire_as_stranger(retired what) noexcept {
  join_list();
  {
    const std::lock_guard hold(strangers_.lock);
    if (strangers_.open.load(std::memory_order_relaxed)->append(what)) return true;  // under the lock
  }
  return open_another(strangers_, what);
}

// Where there is no memory: in a list, whose objects are looked at one by one. Nobody else will come for them.
void domain::retire_linked(detail::link* l) noexcept {
  join_list();
  count_retired(1);
  links_.in.push(l);
  if (!detail::is_looking_through(*this)) look_through_links(false);
}

// Whether somebody else has been the first to reach the threshold the last time. A hint: he may not come again.
bool domain::another_leads(const bag& b) const noexcept {
  const bag* const last = led_last_.load(std::memory_order_relaxed);
  return last != nullptr && last != &b;
}

void domain::after_seal(bag& b) noexcept {
  // A deleter retires: whoever runs it looks again. Long chains do not recurse.
  if (detail::is_looking_through(*this) || &b == &detail::no_bag) return;
  for (;;) {
    std::size_t sealed = 0;
    std::size_t all = 0;
    std::uint64_t ticket = 0;
    {
      const std::lock_guard hold(b.lock);
      sealed = b.objects;
      all = sealed + b.running_objects;
      if (b.sealed.first != nullptr) ticket = b.sealed.first->ticket;
    }
    const std::size_t enough = threshold();
    if (sealed == 0 || all < enough / 2) return;
    // Somebody else's barrier has served what came first: it costs a look only.
    if (barrier::per_form::heavy_served(ticket)) {
      if (!look_through(b, false)) return;
      continue;
    }
    if (all < enough) return;
    // Give it away, or wait for a barrier that serves us, too, but not for ever: for one in progress, or for the next
    // of the thread that has led the last one. If threads led in turn, each would interrupt all others for its own
    // objects alone.
    if (all < 2 * enough && (give_away() || barrier::per_form::heavy_in_progress() || another_leads(b))) return;
    led_last_.store(&b, std::memory_order_relaxed);  // a hint
    if (!look_through(b, true)) return;
  }
}

}  // namespace weir::hazard
