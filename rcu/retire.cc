// The way of a retired object from its retirer to the queue.
#include <algorithm>
#include <chrono>
#include <thread>

#include "weir/barrier/thread.h"
#include "weir/rcu/domain.h"
#include "weir/rcu/lives.h"

namespace weir::rcu {

using detail::record;
using detail::segment;

namespace {

// A thread that gets less than this much room retires through the strangers' segment instead.
constexpr std::uint32_t least_room = 16;

std::size_t usual_limit() noexcept {
  return std::max<std::size_t>(8192, std::size_t{1024} * std::thread::hardware_concurrency());
}

}  // namespace

std::size_t domain_base::limit() const noexcept {
  static constinit weir::atomic<std::size_t> usual{0};
  if (options_.limit != 0) return options_.limit;
  std::size_t n = usual.load(std::memory_order_relaxed);  // whoever comes first computes the same
  if (n == 0) {
    n = usual_limit();
    usual.store(n, std::memory_order_relaxed);
  }
  return n;
}

// How much room a thread may set aside: of half of the limit, which all open segments have together, a quarter of what
// is left, so that there is something left for whoever comes next. It is set aside then. 0: too little.
std::uint32_t domain_base::reserve() noexcept {
  const std::size_t all = limit() / 2;
  std::size_t given = granted_.load(std::memory_order_relaxed);  // only compared
  for (;;) {
    const std::size_t room = std::min<std::size_t>((all - std::min(given, all)) / 4, segment::most);
    if (room < least_room) return 0;
    // [call] Seq_cst: see call_worker().
    if (granted_.compare_exchange_weak(given, given + room, std::memory_order_seq_cst, std::memory_order_relaxed)) {
      return static_cast<std::uint32_t>(room);
    }
  }
}

bool domain_base::retire_slowly(retired what) noexcept {
  record* const mine = make_own();
  if (mine == nullptr || barrier::thread::is_leaving()) return retire_without_record(what);
  segment* s = mine->open.load(std::memory_order_relaxed);  // our own
  if (s != nullptr) {
    if (s->append(what)) return true;  // a thread that is not found on the fast way
    seal(*mine);
    after_seal();
    // A deleter that has run meanwhile may have opened another.
    s = mine->open.load(std::memory_order_relaxed);  // our own
    if (s != nullptr && s->append(what)) return true;
  }
  s = open_segment(*mine);
  return s != nullptr ? s->append(what) : retire_without_record(what);
}

segment* domain_base::open_segment(record& mine) noexcept {
  const std::uint32_t room = reserve();
  if (room == 0) return nullptr;
  mine.reserved += room;
  make_room(room);
  mine.reserved -= room;
  seal(mine);  // a deleter may have opened another one
  segment* const s = garbage_.fresh(room);
  if (s == nullptr) {
    garbage_.give_credit(room);
    granted_.fetch_sub(room, std::memory_order_seq_cst);  // [idle]
    return nullptr;
  }
  mine.open.store(s, std::memory_order_release);  // [seal] it is as new
  if (options_.by == reclaimer::background) call_worker(false);
  return s;
}

void domain_base::seal(record& mine) noexcept {
  segment* const s = mine.open.load(std::memory_order_relaxed);  // our own
  if (s == nullptr) return;
  // [seal] Who looks into the record finds the segment in one of the two, or else in the queue. Pairs with [seal] in
  // garbage.cc.
  //
  // [handing-over] Seq_cst: either who forks waits for us, or we see that it forks, and let it go first. Pairs with
  // [forking]. A child must not find a segment that is neither here nor there.
  mine.closing.store(s, std::memory_order_seq_cst);
  while (room_of_domains::somebody_else_forks()) {
    mine.closing.store(nullptr, std::memory_order_release);
    std::this_thread::yield();
    mine.closing.store(s, std::memory_order_seq_cst);  // [handing-over]
  }
  mine.open.store(nullptr, std::memory_order_release);
  const std::uint32_t room = s->room;
  if (s->hand.close()) {
    s->end = s->hand.written();
    s->target = periods_.ask();
    garbage_.push(s);
  }
  granted_.fetch_sub(room, std::memory_order_seq_cst);     // after push(): see [idle]
  mine.closing.store(nullptr, std::memory_order_release);  // [seal]; [forking]
}

// Of what is held, what is not set aside: two counts, so about.
std::size_t domain_base::queued() const noexcept {
  const std::size_t held = garbage_.held();
  return held - std::min(held, granted_.load(std::memory_order_relaxed));
}

void domain_base::after_seal() noexcept {
  const bool much = queued() >= soft_limit();
  switch (options_.by) {
    case reclaimer::background:
    case reclaimer::executor: call_worker(much); break;
    case reclaimer::in_place:
      if (!retirers_may_run()) break;
      run_all_ready();
      // Begins a period, if none is in progress, and looks once: a reader that takes long is not waited for.
      if (much && advance()) run_all_ready();
      break;
    case reclaimer::by_hand: break;
  }
}

// Takes the credit: from what is free, or else from what can be freed in time, or else over the limit.
void domain_base::make_room(std::size_t objects) noexcept {
  const std::size_t most = limit();
  if (garbage_.take_credit(objects, most)) return;
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::nanoseconds longest = std::chrono::hours(24 * 365);
  const clock::time_point end = clock::now() + std::min(options_.max_wait, longest);
  const bool may_wait = !in_deleter() && !room_of_domains::inside_any();
  const bool may_run = retirers_may_run();
  call_worker(true);
  // At least one look, also by who may not wait.
  for (bool patient = false;; patient = true) {
    make_progress(may_run, patient);
    if (garbage_.take_credit(objects, most)) return;
    if (!may_wait || clock::now() >= end) break;
  }
  garbage_.take_credit_over_the_limit(objects);
}

// By the segment that all threads without one of their own share.
bool domain_base::retire_without_record(retired what) noexcept {
  join_list();
  const std::size_t room = std::clamp<std::size_t>(limit() / 8, 1, segment::most);
  make_room(1);
  if (!garbage_.append_for_strangers(what, static_cast<std::uint32_t>(room), periods_)) {
    garbage_.give_credit(1);
    return retire_without_memory(what);
  }
  after_seal();
  return true;
}

bool domain_base::retire_without_memory(retired what) noexcept {
  if (!retirers_may_run()) return false;
  synchronize();
  run(what);
  return true;
}

void domain_base::retire_linked(detail::link* object) noexcept {
  join_list();
  make_room(1);
  garbage_.push(object);
  call_worker(queued() >= soft_limit());
}

}  // namespace weir::rcu
