// Michael and Scott's queue: first in, first out; many producers, many consumers.
//
// When not to use it: with one producer and one consumer a ring needs no read-modify-write; and it has no bound.
//
// Example (tests/structures/example_test.cc compiles it):
//
//     weir::structures::by_hazard_pointers<> scheme;
//     weir::structures::queue<int> q(scheme);
//     q.push(1);
//     std::optional<int> first = q.pop();
#pragma once

#include <atomic>
#include <optional>
#include <utility>

#include "tests/structures/schemes.h"
#include "weir/barrier/port.h"

namespace weir::structures {

// A list of nodes, of which the first, to which head_ points, is spent: its value is gone, or never was. tail_ points
// to the last node, or to one before it, and whoever finds it behind moves it on.
//
// What always holds: (1) a node's `next` changes once, from null. (2) head_ and tail_ only move on along the list.
// (3) tail_ is not behind head_: who moves head_ on from h to the next one has seen tail_ elsewhere than at h, and so
// beyond h. (4) A node is retired by who has moved head_ on from it; so neither head_ nor tail_ leads to it, nor will.
//
// Lock-free and linearizable: push() takes effect when the node is linked, pop() when head_ is moved, or, where there
// is nothing, at its look at `next` of the first node. Only the constructor and the destructor want the queue for
// themselves.
template <class T, class Scheme = by_hazard_pointers<>>
class queue {
 public:
  explicit queue(Scheme& scheme) : scheme_(scheme), head_(new node), tail_(head_.load(std::memory_order_relaxed)) {}
  ~queue() {
    node* n = head_.load(std::memory_order_relaxed);  // nobody else is here
    while (n != nullptr) delete std::exchange(n, n->next.load(std::memory_order_relaxed));
  }
  queue(const queue&) = delete;
  queue& operator=(const queue&) = delete;

  void push(T value) {
    typename Scheme::template guards<1> g(scheme_);
    auto* const made = new node(std::move(value));
    for (;;) {
      // [queue-tail] Acquire, by protect(): the node is constructed. It is protected, by (4).
      node* const last = g.protect(0, tail_);
      // [queue-next] Acquire: if somebody has linked a node here, it is constructed, and may be handed on by tail_.
      node* next = Scheme::use(last).next.load(std::memory_order_acquire);
      if (next != nullptr) {
        move_tail(last, next);
        continue;
      }
      // [queue-next] Release: the new node is constructed. Pairs with the other sites of its name, all of which
      // acquire. ABA: `next` goes from null to a node once, and `last` is protected, so it is the node that we mean. It
      // is the last one, wherever tail_ is meanwhile.
      if (!Scheme::use(last).next.compare_exchange_strong(next, made, std::memory_order_release,
                                                          std::memory_order_relaxed)) {
        continue;  // read again, with acquire
      }
      move_tail(last, made);
      return;
    }
  }

  [[nodiscard]] std::optional<T> pop() {
    node* first = nullptr;
    std::optional<T> value;
    {
      typename Scheme::template guards<2> g(scheme_);
      for (;;) {
        // [queue-head] Acquire, by protect(): the node is constructed, and tail_ is not behind it, see below. It is
        // protected, by (4).
        first = g.protect(0, head_);
        // [queue-next] Acquire, by protect(): the node is constructed. Nothing says that it is not retired already: it
        // is used only once head_ was moved to it.
        node* const next = g.protect(1, Scheme::use(first).next);
        if (next == nullptr) return std::nullopt;
        // Relaxed: only compared. [queue-head] makes it a value that tail_ had when head_ came to `first`, or a later
        // one; so where it is not `first`, tail_ is beyond, and stays there.
        if (!Scheme::lacks(part::queue_tail) && tail_.load(std::memory_order_relaxed) == first) move_tail(first, next);
        // [queue-head] Release: the node is constructed, and tail_ is as far. Pairs with the acquire above.
        // ABA: `first` is protected, so where head_ points to it, it has done so all the time. Then `next` was not
        // retired when protect() looked for the last time, and is protected.
        node* expected = first;
        Scheme::step();
        if (head_.compare_exchange_strong(expected, next, std::memory_order_release, std::memory_order_relaxed)) {
          value = std::move(Scheme::use(next).value);  // ours alone: whoever moves head_ to a node has its value
          break;
        }
      }
    }
    scheme_.retire(first);
    return value;
  }

 private:
  struct node : Scheme::template base<node> {
    node() = default;
    explicit node(T v) : value(std::move(v)) {}
    std::atomic<node*> next{nullptr};
    std::optional<T> value;
  };

  // On from `from`, which is protected, so that tail_ points to that very node or to a later one; in which case
  // somebody else has moved it. If it points to `from`, `next` is not retired, by (3).
  void move_tail(node* from, node* next) noexcept {
    Scheme::step();
    // [queue-tail] Release: the node is constructed. Pairs with the acquire in push().
    tail_.compare_exchange_strong(from, next, std::memory_order_release, std::memory_order_relaxed);
  }

  Scheme& scheme_;
  alignas(port::line) std::atomic<node*> head_;
  alignas(port::line) std::atomic<node*> tail_;
};

}  // namespace weir::structures
