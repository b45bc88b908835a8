// The way of a retired object from its bag to its deleter.
#include <mutex>
#include <utility>

#include "weir/barrier/ticket.h"
#include "weir/hazard/domain.h"
#include "weir/hazard/each_bag.h"
#include "weir/hazard/turn.h"

namespace weir::hazard {

using barrier::per_form::heavy_served;
using detail::bag;
using detail::in_use;
using detail::segment;

namespace detail {
namespace {

constinit thread_local const deleting* innermost WEIR_TLS_FAST = nullptr;

}  // namespace

deleting::deleting(const void* owner) noexcept : owner_(owner), outer_(innermost) { innermost = this; }
deleting::~deleting() { innermost = outer_; }
bool deleting::of_any() noexcept { return innermost != nullptr; }
unsigned deleting::times(const void* owner) noexcept {
  unsigned n = 0;
  for (const deleting* d = innermost; d != nullptr; d = d->outer_) n += d->owner_ == owner ? 1 : 0;
  return n;
}

bool is_looking_through(const domain& d) noexcept { return deleting::of(&d); }
bool in_deleter() noexcept { return deleting::of_any(); }

const void* this_thread() noexcept {
  static constinit thread_local char mark WEIR_TLS_FAST = 0;
  return &mark;
}

}  // namespace detail

// Reclaims what nothing protects, or all if `used` is null. How many are left.
std::size_t domain::run(segment* chain, const in_use* used) noexcept {
  const detail::deleting now(this);
  std::size_t left = 0;
  for (segment* s = chain; s != nullptr; s = s->chain) {
    const std::uint32_t end = s->written();
    for (std::uint32_t i = s->first; i < end; ++i) {
      detail::retired& place = *s->entry(i);
      const detail::retired one = place;
      if (used != nullptr && used->holds(one.protected_as())) [[unlikely]] {
        ++left;
        continue;
      }
      place.run = nullptr;  // before the call: a child after fork() does not repeat it
      one.reclaim();
    }
  }
  return left;
}

// What is sealed in a bag, or so much of it as somebody else's barrier has served. Whether something was reclaimed.
bool domain::look_through(bag& b, bool all) noexcept {
  segment* chain = nullptr;
  bool served = true;
  {
    const auto wanted = [&](std::uint64_t ticket) {
      const bool now = heavy_served(ticket);
      served = served && (now || !all);
      return all || now;
    };
    {
      const std::lock_guard hold(b.lock);
      chain = b.begin_turn(nullptr, detail::this_thread(), wanted);
    }
    if (chain == nullptr) return false;
    if (&b != &strangers_) {  // somebody has to
      const std::lock_guard hold(strangers_.lock);
      chain = strangers_.begin_turn(chain, detail::this_thread(), wanted);
    }
  }
  const std::size_t gone = look_through(chain, served);
  if (!links_.in.empty()) look_through_links(false);
  return gone != 0;
}

// Segments that this thread has taken for it, of one bag after the other. How many objects were reclaimed.
std::size_t domain::look_through(segment* chain, bool served) noexcept {
  std::size_t objects = 0;
  for (const segment* s = chain; s != nullptr; s = s->chain) objects += s->written() - s->first;
  if (!served) barrier::heavy();  // [retire]
  std::size_t left = 0;
  {
    in_use used;
    used.look();
    protected_.store(used.count(), std::memory_order_relaxed);  // a statistic, and a hint
    scans_.fetch_add(1, std::memory_order_relaxed);             // a statistic
    left = run(chain, &used);
  }
  held_.fetch_sub(objects - left, std::memory_order_relaxed);  // a statistic
  end_turn(chain, left != 0);
  return objects - left;
}

void domain::end_turn(segment* chain, bool some_are_left) noexcept {
  while (chain != nullptr) {
    bag& b = *chain->home;
    segment* last = chain;
    while (last->chain != nullptr && last->chain->home == &b) last = last->chain;
    segment* const part = std::exchange(chain, std::exchange(last->chain, nullptr));
    {
      const std::lock_guard hold(b.lock);
      b.end_turn(part, some_are_left);
      if (b.ownerless && &b != &strangers_) {
        const std::lock_guard theirs(strangers_.lock);
        adopt(b);
      }
    }
    b.changed.notify_all();
  }
}

// One thread at a time looks through the links. `wait`: whoever else is at it is waited for. False: it is somebody
// else, or this thread already.
bool domain::begin_links(bool wait) noexcept {
  const void* const self = detail::this_thread();
  for (;;) {
    const void* other = nullptr;
    // [links] Acquire: what was reclaimed has been.
    if (links_.runner.compare_exchange_strong(other, self, std::memory_order_acquire)) break;
    if (!wait || other == self) return false;
    links_.runner.wait(other, std::memory_order_relaxed);  // looked at again, with acquire
  }
  const std::lock_guard hold(strangers_.lock);  // for fork()
  links_.left = links_.in.take_in_order();
  return true;
}

void domain::end_links() noexcept {
  // [links] Release: what was reclaimed has been. Seq_cst, and a read-modify-write, because notify_all() only loads the
  // number of those who wait, and must not do so before the null is visible.
  links_.runner.exchange(nullptr, std::memory_order_seq_cst);
  links_.runner.notify_all();
}

// `all`: whoever else is at it is waited for.
void domain::look_through_links(bool all) noexcept {
  std::size_t gone = 0;
  do {
    if (!begin_links(all)) return;
    gone = 0;
    if (links_.left != nullptr) {
      barrier::heavy();  // [retire]
      in_use used;
      used.look();
      gone = run_links(&used);
    }
    end_links();
  } while (gone != 0 && !links_.in.empty());  // what has come meanwhile
}

// Those in links_.left; all if `used` is null. How many were reclaimed.
std::size_t domain::run_links(const in_use* used) noexcept {
  const detail::deleting now(this);
  std::size_t gone = 0;
  while (detail::link* const l = links_.left) {
    const bool kept = used != nullptr && used->holds(l->handle(l, false));
    {
      const std::lock_guard hold(strangers_.lock);
      links_.left = l->next;  // before the call: a child after fork() does not repeat it
      if (kept) links_.in.push(l);
    }
    if (kept) continue;
    static_cast<void>(l->handle(l, true));
    held_.fetch_sub(1, std::memory_order_relaxed);  // a statistic
    ++gone;
  }
  return gone;
}

// --- All of it -----------------------------------------------------------------------------------------------------

// Under the bag's lock; `regardless`: of its owner, who does not use it any more. False: memory has run out.
bool domain::seal_all(bag& b, bool regardless) noexcept {
  const std::size_t before = b.objects;
  bool all = true;
  if (regardless || &b == &own() || &b == &strangers_) {
    b.seal();
  } else {
    all = b.seal_copy();
  }
  count_retired(b.objects - before);
  return all;
}

// What is there now, but for what other threads look through already. Whether nothing was left, and there was none of
// that.
bool domain::clean_up_once() noexcept {
  segment* chain = nullptr;
  bool all = true;
  each_bag(barrier::thread::bound(), [&](bag& b) {
    const std::lock_guard hold(b.lock);
    all = !b.somebody_runs(b.turns, detail::this_thread()) && all;
    all = seal_all(b, false) && all;
    chain = b.begin_turn(chain, detail::this_thread(), [](std::uint64_t) { return true; });
  });
  if (chain != nullptr) static_cast<void>(look_through(chain, false));
  return all;
}

void domain::wait_for_others(bag& b) noexcept {
  std::uint64_t turns = ~std::uint64_t{0};
  for (;;) {
    std::uint32_t changed = 0;
    {
      const std::lock_guard hold(b.lock);
      if (turns == ~std::uint64_t{0}) turns = b.turns;
      if (!b.somebody_runs(turns, detail::this_thread())) return;
      changed = b.changed.load(std::memory_order_relaxed);  // under the lock
    }
    b.changed.wait(changed, std::memory_order_relaxed);  // [changed] looked at again, under the lock
  }
}

void domain::clean_up() noexcept {
  WEIR_ASSERT(!detail::in_deleter(),
              "clean_up() of a domain of hazard pointers inside a deleter: it could wait for it");
  join_list();
  // What another thread was looking through when we came may have been protected when it looked, and is not now: it is
  // waited for, and what it has left is looked through again. Whoever takes it before us does it later than our call.
  for (int round = 0; round < 2; ++round) {
    if (clean_up_once()) break;
    each_bag(barrier::thread::bound(), [this](bag& b) { wait_for_others(b); });
  }
  look_through_links(true);
  after_seal(own());  // of what deleters have retired meanwhile
}

[[maybe_unused]] static bool nothing_protects(segment* chain, detail::link* l) noexcept {
  in_use used;
  used.look();
  for (segment* s = chain; s != nullptr; s = s->chain) {
    for (std::uint32_t i = s->first; i < s->written(); ++i) {
      if (used.holds(s->entry(i)->protected_as())) return false;
    }
  }
  for (; l != nullptr; l = l->next) {
    if (used.holds(l->handle(l, false))) return false;
  }
  return true;
}

// Of a domain that nobody uses any more but its deleters: whatever is protected. False: there was nothing.
bool domain::reclaim_the_rest() noexcept {
  segment* chain = nullptr;
  each_bag(barrier::thread::bound(), [&](bag& b) {
    const std::lock_guard hold(b.lock);
    static_cast<void>(seal_all(b, true));
    chain = b.begin_turn(chain, detail::this_thread(), [](std::uint64_t) { return true; });
  });
  // A thread at its end may still be at them.
  const bool links = begin_links(true);
  const bool some = chain != nullptr || (links && links_.left != nullptr);
  WEIR_ASSERT(nothing_protects(chain, links ? links_.left : nullptr),
              "a domain of hazard pointers is destroyed while one protects an object of it");
  static_cast<void>(run(chain, nullptr));
  end_turn(chain, false);
  if (links) {
    static_cast<void>(run_links(nullptr));
    end_links();
  }
  return some;
}

// --- Work for an executor --------------------------------------------------------------------------------------------

// Whether somebody else will do it. A hint: the bags' locks do not order what was sealed before schedule() with work
// that is just being taken up. What that work misses is given away with the next segment, or reclaimed by its own
// thread at twice the threshold.
bool domain::give_away() noexcept {
  if (options_.execute == nullptr) return false;
  if (!work_.schedule()) return true;
  const detail::deleting now(&work_);
  if (options_.execute(options_.context, &execute, this)) return true;
  work_.refused();
  return false;
}

void domain::execute(void* domain) noexcept {
  auto& d = *static_cast<hazard::domain*>(domain);
  d.work_.taken_up();
  const detail::deleting now(&d.work_);
  segment* chain = nullptr;
  d.each_bag(barrier::thread::bound(), [&](bag& b) {
    const std::lock_guard hold(b.lock);
    chain = b.begin_turn(chain, detail::this_thread(), [](std::uint64_t) { return true; });
  });
  if (chain != nullptr) static_cast<void>(d.look_through(chain, false));
  d.after_seal(d.own());  // of what deleters have retired meanwhile
  d.work_.over();         // the last that is done with the domain
}

}  // namespace weir::hazard
