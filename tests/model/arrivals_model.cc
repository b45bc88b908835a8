// Retired objects on their way to the queue, on the shipped header: each arrives once, whole, and after those that its
// retirer has pushed before. Each ordering is weakened in turn.
#include "tests/model/plain.h"
#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/barrier/arrivals.h"

namespace {

using weir::detail::arrivals;
using weir::model::how;
using weir::model::plain;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;

struct object {
  plain<object*> next;
  plain<unsigned> what;
};

// Thread 0 takes, now and then and once all have been pushed; each of the others pushes its objects.
template <unsigned Retirers, unsigned Each>
struct arriving : rl::test_suite<arriving<Retirers, Each>, 1 + Retirers> {
  static constexpr unsigned all = Retirers * Each;

  arrivals<object> list;
  object objects[Retirers][Each];
  unsigned arrived[Retirers];  // of thread 0

  void before() {
    for (unsigned& n : arrived) n = 0;
  }
  void after() {
    for (const unsigned n : arrived) RL_ASSERT(n == Each);
    RL_ASSERT(list.newest() == nullptr);
  }
  void thread(unsigned self) {
    if (self != 0) {
      for (unsigned i = 0; i < Each; ++i) {
        objects[self - 1][i].what = (self - 1) * Each + i;
        list.push(&objects[self - 1][i]);
      }
      return;
    }
    for (unsigned n = 0; n < all;) {
      const unsigned before = n;
      for (object* o = list.take_in_order(); o != nullptr; ++n) {
        const unsigned what = o->what;
        RL_ASSERT(what % Each == arrived[what / Each]);
        ++arrived[what / Each];
        object* const next = o->next;
        o->what = all;  // ours: it may be run, and pushed anew
        o->next = nullptr;
        o = next;
      }
      if (n == before) rl::yield(1, {});
    }
  }
};

using one_retirer = arriving<1, 2>;
using two_retirers = arriving<2, 2>;

constexpr unsigned long schedules = 60'000;

template <class Suite>
void must_hold() {
  const result r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

TEST_CASE("every object arrives once, whole and in order") {
  SECTION("a retirer") { must_hold<one_retirer>(); }
  SECTION("two") { must_hold<two_retirers>(); }
}

TEST_CASE("each weakened ordering is noticed") {
  const auto* site = GENERATE("push", "collect");
  INFO(site);
  CHECK(!search_mutated<one_retirer>(site, how::random, schedules).clean);
  CHECK(!search_mutated<two_retirers>(site, how::random, schedules).clean);
}

}  // namespace
