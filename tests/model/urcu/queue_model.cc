// liburcu's queue, on the shipped header: each node is taken out once, whole, and after those that its producer has put
// in before. Each ordering is weakened in turn.
#include "tests/model/plain.h"
#include "tests/model/search.h"
#include "tests/model/urcu/uatomic.h"
#include "tests/support/catch.h"

#include <urcu/wfcqueue.h>

namespace {

using weir::model::how;
using weir::model::plain;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;
using weir::model::words;

// A queue, and nodes with something in them.
template <unsigned Nodes>
struct queue {
  words all;
  __cds_wfcq_head head;
  cds_wfcq_tail tail;
  cds_wfcq_node nodes[Nodes];
  plain<int> what[Nodes];

  void make() {
    __cds_wfcq_init(&head, &tail);
    all.plain(head.node.next);
    all.plain(tail.p);
    for (cds_wfcq_node& n : nodes) {
      n.next = nullptr;
      all.plain(n.next);
    }
  }
  cds_wfcq_head_ptr_t at() { return __cds_wfcq_head_cast(&head); }
  // By whose node it is.
  bool put(unsigned i) {
    what[i] = 1;
    cds_wfcq_node_init(&nodes[i]);
    all.plain(nodes[i].next);
    return cds_wfcq_enqueue(at(), &tail, &nodes[i]);
  }
  // By who has taken it out: it is as its producer left it, and the taker's.
  unsigned taken(cds_wfcq_node* n) {
    const auto i = static_cast<unsigned>(n - nodes);
    RL_ASSERT(i < Nodes && what[i] == 1);
    what[i] = 2;
    cds_wfcq_node_init(n);
    all.plain(n->next);
    return i;
  }
};

// Two producers. Thread 0 takes out all that they put in, and puts the first one in again.
template <unsigned Each>
struct dequeue : rl::test_suite<dequeue<Each>, 3> {
  queue<2 * Each> q;
  unsigned newest[2];  // of thread 0: one more than the last of each producer's

  void before() {
    q.make();
    newest[0] = newest[1] = 0;
  }
  void thread(unsigned self) {
    if (self != 0) {
      for (unsigned i = 0; i < Each; ++i) q.put((self - 1) * Each + i);
      return;
    }
    const unsigned first = take(false);
    in_order(first);
    q.put(first);
    bool again = false;
    for (unsigned n = 1; n < 2 * Each + 1; ++n) {
      const unsigned i = take(n % 2 == 0);
      if (i == first && !again) {
        again = true;
      } else {
        in_order(i);
      }
    }
    RL_ASSERT(cds_wfcq_empty(q.at(), &q.tail));
  }
  unsigned take(bool blocking) {
    for (;;) {
      cds_wfcq_node* const n =
          blocking ? __cds_wfcq_dequeue_blocking(q.at(), &q.tail) : __cds_wfcq_dequeue_nonblocking(q.at(), &q.tail);
      if (n != nullptr && n != CDS_WFCQ_WOULDBLOCK) return q.taken(n);
      rl::yield(1, {});
    }
  }
  void in_order(unsigned i) {
    RL_ASSERT(i % Each == newest[i / Each]);
    ++newest[i / Each];
  }
};

// Thread 0 moves what there is into a queue of its own, puts another node behind it, and goes through it.
struct splice : rl::test_suite<splice, 3> {
  queue<3> q;
  __cds_wfcq_head own;
  cds_wfcq_tail own_tail;

  void before() {
    q.make();
    __cds_wfcq_init(&own, &own_tail);
    q.all.plain(own.node.next);
    q.all.plain(own_tail.p);
  }
  void thread(unsigned self) {
    if (self != 0) {
      q.put(self - 1);
      return;
    }
    unsigned taken = 0;
    q.what[2] = 1;
    while (taken < 3) {
      const cds_wfcq_ret got = taken == 0 ? __cds_wfcq_splice_nonblocking(to(), &own_tail, q.at(), &q.tail)
                                          : __cds_wfcq_splice_blocking(to(), &own_tail, q.at(), &q.tail);
      if (got == CDS_WFCQ_RET_WOULDBLOCK || got == CDS_WFCQ_RET_SRC_EMPTY) {
        rl::yield(1, {});
        continue;
      }
      RL_ASSERT(got == CDS_WFCQ_RET_DEST_EMPTY);
      if (taken == 0) cds_wfcq_enqueue(to(), &own_tail, &q.nodes[2]);
      unsigned seen = 0;
      cds_wfcq_node* node = nullptr;
      __cds_wfcq_for_each_blocking(to(), &own_tail, node) {
        RL_ASSERT(q.what[node - q.nodes] == 1);
        ++seen;
      }
      for (; seen > 0; --seen, ++taken) q.taken(__cds_wfcq_dequeue_blocking(to(), &own_tail));
      RL_ASSERT(cds_wfcq_empty(to(), &own_tail));
    }
  }
  cds_wfcq_head_ptr_t to() { return __cds_wfcq_head_cast(&own); }
};

// Who finds that its node was taken out may look at what the taker did before.
template <bool Splice>
struct found_empty : rl::test_suite<found_empty<Splice>, 2> {
  queue<2> q;
  __cds_wfcq_head own;
  cds_wfcq_tail own_tail;
  plain<int> done;

  void before() {
    q.make();
    __cds_wfcq_init(&own, &own_tail);
    q.all.plain(own.node.next);
    q.all.plain(own_tail.p);
    done = 0;
  }
  void thread(unsigned self) {
    if (self != 0) {
      q.put(0);
      if (cds_wfcq_empty(q.at(), &q.tail)) RL_ASSERT(done == 1);
      return;
    }
    done = 1;
    if (Splice) {
      static_cast<void>(__cds_wfcq_splice_nonblocking(__cds_wfcq_head_cast(&own), &own_tail, q.at(), &q.tail));
    } else {
      static_cast<void>(__cds_wfcq_dequeue_nonblocking(q.at(), &q.tail));
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

TEST_CASE("every node is taken out once, whole and in order") {
  SECTION("two producers with a node each") { must_hold<dequeue<1>>(); }
  SECTION("with two") { must_hold<dequeue<2>>(); }
  SECTION("all at once") { must_hold<splice>(); }
}

TEST_CASE("who is told that the queue is empty knows what the taker did") {
  SECTION("of one node") { must_hold<found_empty<false>>(); }
  SECTION("of all") { must_hold<found_empty<true>>(); }
}

// By one of the suites.
template <class... Suites>
bool noticed(std::string_view site) {
  return (!search_mutated<Suites>(site, how::random, schedules).clean || ...);
}

TEST_CASE("each weakened ordering is noticed") {
  const auto* site = GENERATE("wfcq-tail", "wfcq-link", "wfcq-follow", "wfcq-last", "wfcq-last-all", "wfcq-empty");
  INFO(site);
  CHECK(noticed<dequeue<1>, splice, found_empty<false>, found_empty<true>>(site));
}

}  // namespace
