#include <thread>

#include "tests/dso/dso.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/thread.h"
#include "weir/hazard/retire.h"
#include "weir/rcu/retire.h"

dso::view view_of_writer() {
  return {&weir::barrier::per_form::form_tag, weir::barrier::active(), weir::barrier::thread::self()};
}

void turn(dso::board& b) {
  dso::page* const old = b.current.load(std::memory_order_relaxed);  // written by this thread only
  dso::page* const spare = old == &b.pages[0] ? &b.pages[1] : &b.pages[0];
  spare->retired.store(false, std::memory_order_relaxed);  // before the release
  b.current.store(spare, std::memory_order_release);
  weir::barrier::heavy();
  const unsigned step = b.steps.load(std::memory_order_acquire);
  while (step % 2 != 0 && b.steps.load(std::memory_order_acquire) == step) std::this_thread::yield();
  old->retired.store(true, std::memory_order_relaxed);  // nobody looks at it
}

namespace {

dso::book* exchange(dso::shelf& s) { return s.current.exchange(new dso::book, std::memory_order_acq_rel); }

void reclaim(dso::book* b) {
  if (b != nullptr) *static_cast<volatile int*>(&b->state) = -1;
  delete b;
}

}  // namespace

void replace(dso::shelf& s) { weir::rcu::retire(exchange(s), &reclaim); }
void settle() { weir::rcu::default_domain().barrier(); }

void replace_protected(dso::shelf& s) {
  if (dso::book* const old = exchange(s)) weir::hazard::retire(old, &reclaim);
}
void settle_protected() { weir::hazard::default_domain().clean_up(); }
