// Property: whichever allocation is the first to fail, sections protect, and what is retired is run exactly once; or
// the caller is told, and nothing has happened.
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/failing_new.h"
#include "tests/support/forked.h"
#include "weir/rcu/qsbr.h"
#include "weir/rcu/retire.h"

namespace {

using namespace weir::test;
using weir::rcu::domain;
using weir::rcu::grace_period;
using weir::rcu::qsbr_domain;
using weir::rcu::reader;
using weir::rcu::reclaimer;

struct counted : weir::rcu::obj_base<counted, void (*)(counted*)> {
  std::atomic<int> runs{0};
  static void run(counted* c) { c->runs.fetch_add(1, std::memory_order_relaxed); }
};

int all_of_it(reclaimer by, bool help) {
  static std::array<counted, 700> objects;
  static std::array<counted, 700> others;
  domain d({.by = by, .max_wait = {}, .help = help});
  int bad = 0;
  {
    const reader r(d);
    const reader nested(d);
    const grace_period p = d.start_poll();
    bad |= unless(!d.poll(p), "a section does not hold up a period");
    for (std::size_t i = 0; i < 350; ++i) objects[i].retire(&counted::run, d);
  }
  for (std::size_t i = 350; i < 700; ++i) objects[i].retire(&counted::run, d);
  int told = 0;
  {
    const reader r(d);
    for (counted& c : others) {
      try {
        weir::rcu::retire(&c, &counted::run, d);
      } catch (const std::bad_alloc&) {
        ++told;
        c.runs.fetch_add(1, std::memory_order_relaxed);
      }
      const auto by_hand = [](void* p) { counted::run(static_cast<counted*>(p)); };
      if (!d.try_retire(&c, by_hand)) c.runs.fetch_add(1, std::memory_order_relaxed);
    }
  }
  d.barrier();
  for (const counted& c : objects) bad |= unless(c.runs == 1, "an object was not reclaimed exactly once");
  for (const counted& c : others) bad |= unless(c.runs == 2, "a refused object was touched, or another one lost");
  return bad | (told > 0 ? 4 : 0);
}

TEST_CASE("each allocation may fail") {
  for (const int way : {0, 1, 2, 3}) {
    const reclaimer by = way < 2 ? reclaimer::background : way == 2 ? reclaimer::in_place : reclaimer::by_hand;
    bool told = false;
    bool enough = false;
    for (int k = 0; k < 24; ++k) {
      const outcome child = forked([&] {
        left.store(k, std::memory_order_relaxed);
        const int result = all_of_it(by, way != 1);
        return result | (left.load(std::memory_order_relaxed) >= 0 ? 8 : 0);
      });
      INFO(static_cast<int>(by) << ", allocation " << k << ": " << child.summary());
      REQUIRE(child.exited);
      CHECK((child.status & ~12) == 0);
      told = told || (child.status & 4) != 0;
      enough = enough || (child.status & 8) != 0;
    }
    CHECK(told);    // one of them failed where it can be told
    CHECK(enough);  // and the last ones not at all
  }
}

TEST_CASE("without memory quiescent states are as good") {
  const outcome child = forked([] {
    left.store(0, std::memory_order_relaxed);
    static qsbr_domain d;
    d.online();
    const grace_period p = d.start_poll();
    int bad = unless(!d.poll(p), "an online thread does not hold up a period");
    d.quiescent();
    bad |= unless(d.poll(p) || d.poll(p), "a quiescent thread holds up a period");
    d.synchronize();
    d.offline();
    d.synchronize();
    return bad;
  });
  CHECK(child.summary() == "exit 0");
}

}  // namespace
