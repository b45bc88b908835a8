// liburcu's stack, on the shipped header: each node is taken off once, whole, and before those that its producer has
// pushed before. Each ordering is weakened in turn.
#include "tests/model/plain.h"
#include "tests/model/search.h"
#include "tests/model/urcu/uatomic.h"
#include "tests/support/catch.h"

#include <urcu/wfstack.h>

namespace {

using weir::model::how;
using weir::model::plain;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;
using weir::model::words;

// A stack, and nodes with something in them.
template <unsigned Nodes>
struct stack {
  words all;
  __cds_wfs_stack top;
  cds_wfs_node nodes[Nodes];
  plain<int> what[Nodes];

  void make() {
    __cds_wfs_init(&top);
    all.plain(top.head);
    for (cds_wfs_node& n : nodes) {
      n.next = nullptr;
      all.plain(n.next);
    }
  }
  cds_wfs_stack_ptr_t at() { return __cds_wfs_stack_cast(&top); }
  // By whose node it is. Whether there was something below.
  bool put(unsigned i) {
    what[i] = 1;
    cds_wfs_node_init(&nodes[i]);
    all.plain(nodes[i].next);
    return cds_wfs_push(at(), &nodes[i]) != 0;
  }
  // By who has taken it: it is as its producer left it, and the taker's.
  unsigned taken(cds_wfs_node* n) {
    const auto i = static_cast<unsigned>(n - nodes);
    RL_ASSERT(i < Nodes && what[i] == 1);
    what[i] = 2;
    cds_wfs_node_init(n);
    all.plain(n->next);
    return i;
  }
};

// Two producers. Thread 0 pops all that they push, and pushes the first one again.
template <unsigned Each>
struct pop : rl::test_suite<pop<Each>, 3> {
  stack<2 * Each> s;

  void before() { s.make(); }
  void thread(unsigned self) {
    if (self != 0) {
      for (unsigned i = 0; i < Each; ++i) s.put((self - 1) * Each + i);
      return;
    }
    s.put(take(false));
    for (unsigned n = 0; n < 2 * Each; ++n) take(n % 2 == 0);
    RL_ASSERT(cds_wfs_empty(s.at()));
  }
  unsigned take(bool blocking) {
    for (;;) {
      cds_wfs_node* const n = blocking ? __cds_wfs_pop_blocking(s.at()) : __cds_wfs_pop_nonblocking(s.at());
      if (n != nullptr && n != CDS_WFS_WOULDBLOCK) return s.taken(n);
      rl::yield(1, {});
    }
  }
};

// Thread 0 takes all that there are, again and again; those of one producer, the newest first.
struct pop_all : rl::test_suite<pop_all, 3> {
  stack<4> s;

  void before() { s.make(); }
  void thread(unsigned self) {
    if (self != 0) {
      for (unsigned i = 0; i < 2; ++i) s.put((self - 1) * 2 + i);
      return;
    }
    for (unsigned n = 0; n < 4;) {
      unsigned below[2] = {2, 2};
      cds_wfs_node *node = nullptr, *next = nullptr;
      cds_wfs_head* const all = __cds_wfs_pop_all(s.at());
      if (all == nullptr) rl::yield(1, {});
      cds_wfs_for_each_blocking_safe(all, node, next) {
        const unsigned i = s.taken(node);
        RL_ASSERT(i % 2 < below[i / 2]);
        below[i / 2] = i % 2;
        ++n;
      }
    }
  }
};

// Who pushes and finds that its last node was taken may look at what the taker did before.
template <bool All>
struct found_empty : rl::test_suite<found_empty<All>, 2> {
  stack<2> s;
  plain<int> done;

  void before() {
    s.make();
    done = 0;
  }
  void thread(unsigned self) {
    if (self != 0) {
      s.put(0);
      if (!s.put(1)) RL_ASSERT(done == 1);
      return;
    }
    done = 1;
    if (All) {
      static_cast<void>(__cds_wfs_pop_all(s.at()));
    } else {
      static_cast<void>(__cds_wfs_pop_nonblocking(s.at()));
    }
  }
};

constexpr unsigned long schedules = 60'000;

template <class Suite>
void must_hold() {
  const result r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

TEST_CASE("every node is taken off once, and whole") {
  SECTION("two producers with a node each") { must_hold<pop<1>>(); }
  SECTION("with two") { must_hold<pop<2>>(); }
  SECTION("all at once") { must_hold<pop_all>(); }
}

TEST_CASE("who finds the stack empty knows what the taker did") {
  SECTION("of one node") { must_hold<found_empty<false>>(); }
  SECTION("of all") { must_hold<found_empty<true>>(); }
}

// By one of the suites.
template <class... Suites>
bool noticed(std::string_view site) {
  return (!search_mutated<Suites>(site, how::random, schedules).clean || ...);
}

TEST_CASE("each weakened ordering is noticed") {
  const auto* site = GENERATE("wfs-top", "wfs-link", "wfs-follow", "wfs-take", "wfs-take-out", "wfs-take-all");
  INFO(site);
  CHECK(noticed<pop<1>, pop_all, found_empty<false>, found_empty<true>>(site));
}

}  // namespace
