// The way of a retired object from the queue to its deleter.
#include <algorithm>
#include <chrono>
#include <utility>

#include "weir/barrier/thread.h"
#include "weir/rcu/base.h"
#include "weir/rcu/lives.h"
#include "weir/rcu/nap.h"
#include "weir/rcu/ready.h"
#include "weir/rcu/view.h"

namespace weir::rcu {

namespace thread = barrier::thread;
using detail::period;
using detail::record;
using detail::segment;

namespace {

// The domain whose deleter this thread runs; the innermost one, if a deleter waits for another domain's.
constinit thread_local const domain_base* deleting WEIR_TLS_FAST = nullptr;

// The domain whose work this thread does for an executor.
constinit thread_local const domain_base* executing WEIR_TLS_FAST = nullptr;

}  // namespace

bool domain_base::is_executing(const domain_base& d) noexcept { return executing == &d; }

// While deleters of a domain run.
struct domain_base::running {
  explicit running(const domain_base& d) noexcept : outer(std::exchange(deleting, &d)) {}
  ~running() { deleting = outer; }
  running(const running&) = delete;
  running& operator=(const running&) = delete;

  const domain_base* outer;
};

bool domain_base::in_deleter() noexcept { return deleting != nullptr; }

void domain_base::run(retired what) noexcept {
  const running now(*this);
  what.run(what.object);
}

void domain_base::run(segment& s) noexcept {
  const running now(*this);
  const std::uint32_t end = s.end;
  for (std::uint32_t i = s.first.load(std::memory_order_relaxed); i < end; ++i) {  // ours while we have it
    const retired what = *s.entry(i);
    s.first.store(i + 1, std::memory_order_relaxed);  // before the call: a child after fork() does not repeat it
    what.run(what.object);
  }
}

// One segment. Whether there was one.
bool domain_base::run_ready() noexcept {
  segment* const s = garbage_.next_ready(periods_);
  if (s == nullptr) return run_links();
  run(*s);
  finished(s);
  return true;
}

void domain_base::finished(segment* s) noexcept {
  if (garbage_.done(s, periods_)) call_worker(false);  // its owner has handed it over and gone
  tell_who_waits();
}

bool domain_base::run_links() noexcept {
  if (!garbage_.start_links(periods_)) return false;
  {
    const running now(*this);
    while (detail::link* const l = garbage_.next_link()) {
      l->run(l);
      garbage_.give_credit(1);
    }
  }
  tell_who_waits();
  return true;
}

// Not for ever, while others retire.
void domain_base::run_all_ready() noexcept {
  for (int most = 100; most > 0 && run_ready(); --most) {
  }
}

void domain_base::tell_who_waits() noexcept {
  if (garbage_.waiting.load(std::memory_order_relaxed) == 0) return;  // a hint; who is missed naps a millisecond
  garbage_.changed.fetch_add(1, std::memory_order_relaxed);           // only compared by the nap
  detail::wake_all(garbage_.changed);
}

// Whether there is anybody beside the retirers. A thread that could not be started, or has ended with the process, is
// nobody.
bool domain_base::has_worker() const noexcept {
  return options_.by == reclaimer::executor ? !worker_.is_stopped()
                                            : options_.by == reclaimer::background && worker_.runs();
}

// Deleters may synchronize, and would wait for a section that they run in.
bool domain_base::retirers_may_run() const noexcept {
  if (in_deleter() || options_.by == reclaimer::by_hand) return false;
  return (options_.help || !has_worker()) && !room_of_domains::inside_any();
}

// A step: one segment's deleters, if they may run here; else a look at the period that is waited for, or, if the caller
// is patient, a wait of about a millisecond.
void domain_base::make_progress(bool run_here, bool patient) noexcept {
  if (run_here && run_ready()) return;
  period n = garbage_.next_target(periods_);
  if (n == 0) {  // all that there is lies in segments that are not full
    static_cast<void>(collect_others());
    n = garbage_.next_target(periods_);
  }
  if (n != 0 && !periods_.has_ended(n)) {  // a period that nobody needs is not begun
    view v{*this};
    if (patient ? periods_.press(v) : periods_.advance(v)) {
      if (run_here) run_ready();
      return;
    }
  }
  if (patient) wait_a_little();
}

void domain_base::wait_a_little() noexcept {
  const std::uint32_t since = garbage_.changed.load(std::memory_order_relaxed);  // only compared by the nap
  garbage_.waiting.fetch_add(1, std::memory_order_relaxed);                      // a hint
  detail::nap(garbage_.changed, since, std::chrono::milliseconds(1));
  garbage_.waiting.fetch_sub(1, std::memory_order_relaxed);  // a hint
}

void domain_base::seal_own() noexcept {
  if (record* const mine = find_own(); mine != nullptr) seal(*mine);
}

// Puts everybody's open segments into the queue. False: one was on its way there already.
bool domain_base::collect_others() noexcept {
  bool all = true;
  const thread::index bound = thread::bound();
  for (thread::index i = 0; i < bound; ++i) {
    record* const r = find(i);
    if (r != nullptr && !garbage_.take_from(*r, ~std::uint64_t{0}, periods_)) all = false;
  }
  garbage_.close_strangers(periods_);
  return all;
}

void domain_base::barrier() noexcept {
  WEIR_ASSERT(deleting != this, "barrier() of an RCU domain inside one of its deleters: it would wait for itself");
  WEIR_ASSERT(!inside(), "barrier() of an RCU domain inside a section of that domain: it would wait for itself");
  join_list();
  const auto step = [this] {
    call_worker(true);
    make_progress(options_.help || !has_worker(), true);
  };
  seal_own();
  const std::uint64_t before = garbage_.last_serial();
  const thread::index bound = thread::bound();
  for (thread::index i = 0; i < bound; ++i) {
    record* const r = find(i);
    while (r != nullptr && !garbage_.take_from(*r, before, periods_)) step();
  }
  garbage_.close_strangers(periods_);
  const std::uint64_t all = garbage_.last_serial();
  while (!garbage_.is_done(all)) step();
}

// Of a domain that nobody uses any more but its deleters.
void domain_base::drain() noexcept {
  for (;;) {
    const bool all = collect_others();
    if (all && garbage_.empty()) break;
    make_progress(true, true);
  }
}

// --- The domain's own thread, and work for an executor ---------------------------------------------------------------

void domain_base::reclaim_once() noexcept {
  // Not wait(): a process that exits inside a section ends this thread first.
  while (!worker_.stopping()) {
    const period n = garbage_.next_target(periods_);
    if (n == 0) return;
    if (periods_.has_ended(n)) break;
    make_progress(false, true);
  }
  run_all_ready();
}

void domain_base::worker_loop() noexcept {
  unsigned quiet = 0;  // rounds without anything to reclaim
  while (!worker_.stopping()) {
    const bool urgent = worker_.urgent();
    if (!urgent) {
      // [idle] The room that is set aside first: it is given back after the segment has been pushed.
      worker_.sleep([&] { return granted_.load(std::memory_order_seq_cst) == 0 && garbage_.nothing_waits(); });
      constexpr std::chrono::milliseconds shortest(1);
      constexpr std::chrono::milliseconds longest = std::chrono::hours(24);
      worker_.nap(std::clamp(options_.linger, shortest, longest) * (1 << quiet));
    }
    // Under the soft limit everybody's segment is looked through; over it there is enough without.
    if (queued() < soft_limit() || garbage_.nothing_waits()) static_cast<void>(collect_others());
    constexpr unsigned most = 3;
    quiet = !garbage_.nothing_waits() ? 0 : quiet < most ? quiet + 1 : most;
    reclaim_once();
  }
  worker_.ends();
}

void domain_base::execute(void* domain) noexcept {
  auto& d = *static_cast<domain_base*>(domain);
  const domain_base* const outer = std::exchange(executing, &d);
  d.worker_.taken_up();
  if (d.queued() < d.soft_limit() || d.garbage_.nothing_waits()) static_cast<void>(d.collect_others());
  d.reclaim_once();
  if (!d.garbage_.nothing_waits()) d.call_worker(false);  // the next one waits for a later period
  executing = outer;
  d.worker_.over();
}

void domain_base::call_worker(bool urgently) noexcept {
  switch (options_.by) {
    case reclaimer::background: {
      if (worker_.ensure([](void* d) { static_cast<domain_base*>(d)->worker_loop(); }, this)) worker_.call(urgently);
      break;
    }
    case reclaimer::executor:
      if (!worker_.schedule()) break;
      if (!options_.execute(
              options_.context, [](void* d) { execute(d); }, this))
        worker_.refused();
      break;
    case reclaimer::in_place:
    case reclaimer::by_hand: break;
  }
}

// --- By hand ---------------------------------------------------------------------------------------------------------

ready domain_base::poll_ready() noexcept {
  join_list();
  seal_own();
  static_cast<void>(collect_others());
  advance();
  if (!in_deleter() && !room_of_domains::inside_any()) run_links();
  return ready(*this, garbage_.next_ready(periods_));
}

retired ready::pop() noexcept {
  const std::uint32_t i = segment_->first.load(std::memory_order_relaxed);  // ours while we have it
  segment_->first.store(i + 1, std::memory_order_relaxed);
  return *segment_->entry(i);
}

std::size_t ready::size() const noexcept {
  return segment_ == nullptr ? 0 : segment_->end - segment_->first.load(std::memory_order_relaxed);  // ours
}

ready::~ready() {
  if (segment_ == nullptr) return;
  if (size() != 0) {
    domain_->garbage_.put_back(segment_);
    domain_->call_worker(false);
  } else {
    domain_->finished(segment_);
  }
}

}  // namespace weir::rcu
