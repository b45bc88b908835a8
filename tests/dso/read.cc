#include "tests/dso/dso.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/thread.h"
#include "weir/hazard/pointer.h"
#include "weir/rcu/domain.h"

dso::view view_of_reader() {
  return {&weir::barrier::per_form::form_tag, weir::barrier::active(), weir::barrier::thread::self()};
}

bool look(dso::board& b) {
  const unsigned step = b.steps.load(std::memory_order_relaxed);  // written by this thread only
  b.steps.store(step + 1, std::memory_order_release);             // and for who waits for the look before, as below
  weir::barrier::light();
  const bool good = !b.current.load(std::memory_order_acquire)->retired.load(std::memory_order_relaxed);
  b.steps.store(step + 2, std::memory_order_release);  // the page has been read; the acquire is in turn()
  return good;
}

bool read_in_section(dso::shelf& s) {
  const weir::rcu::reader r;
  const dso::book* const b = s.current.load(std::memory_order_acquire);
  return b == nullptr || b->state == 1;
}

bool read_protected(dso::shelf& s) {
  weir::hazard::pointer h = weir::hazard::make_pointer();
  const dso::book* const b = h.protect(s.current);
  return b == nullptr || b->state == 1;
}
