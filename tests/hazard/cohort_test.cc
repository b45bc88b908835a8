// Property: all that is retired in a cohort is reclaimed exactly once, before its destructor returns; and never while
// it is protected.
#include "weir/hazard/cohort.h"

#include <atomic>
#include <thread>
#include <vector>

#include "tests/hazard/object.h"
#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/hazard/pointer.h"

namespace {

using namespace weir::test;
using weir::hazard::cohort;
using weir::hazard::make_pointer;
using weir::hazard::pointer;

struct numbered;
struct note_number {
  void operator()(numbered* n) const;
};
struct numbered : weir::hazard::obj_base<numbered, note_number> {
  int number = 0;
  std::vector<int>* order = nullptr;
  numbered* next = nullptr;  // retired by this one's deleter
  cohort* in = nullptr;
};
void note_number::operator()(numbered* n) const {
  n->order->push_back(n->number);
  if (n->next != nullptr) n->next->retire(*n->in);
}

TEST_CASE("all of a container's objects are reclaimed before it is gone, in order") {
  std::vector<int> order;
  std::vector<numbered> all(100);
  {
    cohort c(1000);
    for (int i = 0; i < 100; ++i) {
      numbered& n = all[static_cast<std::size_t>(i)];
      n.number = i;
      n.order = &order;
      n.retire(c);
    }
    CHECK(c.pending() == 100);
    CHECK(order.empty());
  }
  REQUIRE(order.size() == 100);
  bool in_order = true;
  for (int i = 0; i < 100; ++i) in_order = in_order && order[static_cast<std::size_t>(i)] == i;
  CHECK(in_order);
}

TEST_CASE("deleters may retire into their own cohort, also while it goes") {
  std::vector<int> order;
  std::vector<numbered> all(3'000);
  for (const std::size_t threshold : {1U, 7U, 100'000U}) {
    order.clear();
    {
      cohort c(threshold);
      for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].order = &order;
        all[i].in = &c;
        all[i].next = i + 1 < all.size() ? &all[i + 1] : nullptr;
      }
      all[0].retire(c);
    }
    CHECK(order.size() == all.size());
  }
}

TEST_CASE("what is protected stays, at every threshold, and the rest goes meanwhile") {
  for (const std::size_t threshold : {0U, 1U, 50U}) {
    std::vector<object> objects(200);
    pointer h = make_pointer();
    {
      cohort c(threshold);
      h.reset_protection(&objects[3]);
      for (object& o : objects) o.retire(c);
      CHECK_FALSE(objects[3].reclaimed());
      CHECK(c.pending() <= 1 + threshold);
      CHECK(reclaimed(objects) == static_cast<int>(200 - c.pending()));
      h.reset_protection();
    }
    CHECK(not_once(objects) == 0);
  }
}

TEST_CASE("several threads retire into one cohort, and a reader protects") {
  const auto each = static_cast<std::size_t>(scaled(20'000));
  constexpr std::size_t threads = 3;
  std::vector<object> objects(each * threads);
  {
    cohort c(100);
    std::atomic<bool> enough{false};
    std::atomic<object*> current{nullptr};
    crew writers;
    crew readers;
    readers.if_abandoned([&] { enough.store(true, std::memory_order_relaxed); });
    readers.add([&] {
      pointer h = make_pointer();
      while (!enough.load(std::memory_order_relaxed)) {
        const object* const o = h.protect(current);
        if (o != nullptr && o->reclaimed()) fail("an object is reclaimed while it is protected");
      }
    });
    for (std::size_t t = 0; t < threads; ++t) {
      writers.add([&, t] {
        for (std::size_t i = 0; i < each; ++i) {
          object* const old = current.exchange(&objects[t * each + i], std::memory_order_acq_rel);
          if (old != nullptr) old->retire(c);
        }
      });
    }
    CHECK(writers.join() == "");
    enough.store(true, std::memory_order_relaxed);
    CHECK(readers.join() == "");
    current.exchange(nullptr, std::memory_order_acq_rel)->retire(c);
  }
  CHECK(not_once(objects) == 0);
}

}  // namespace
