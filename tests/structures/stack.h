// Treiber's stack: a list with one end, at which all threads push and pop.
//
// When not to use it: where many threads meet. They all change one word.
//
// Example (tests/structures/example_test.cc compiles it):
//
//     weir::structures::by_hazard_pointers<> scheme;
//     weir::structures::stack<int> s(scheme);
//     s.push(1);
//     std::optional<int> top = s.pop();
#pragma once

#include <atomic>
#include <optional>
#include <utility>

#include "tests/structures/schemes.h"

namespace weir::structures {

// Lock-free and linearizable: push() and pop() take effect at their successful compare_exchange, or, where pop() finds
// nothing, at its look at the top. Only the constructor and the destructor want the stack for themselves.
template <class T, class Scheme = by_hazard_pointers<>>
class stack {
 public:
  explicit stack(Scheme& scheme) noexcept : scheme_(scheme) {}
  ~stack() {
    node* n = top_.load(std::memory_order_relaxed);  // nobody else is here
    while (n != nullptr) delete std::exchange(n, n->below);
  }
  stack(const stack&) = delete;
  stack& operator=(const stack&) = delete;

  void push(T value) {
    auto* const made = new node(std::move(value));
    made->below = top_.load(std::memory_order_relaxed);  // only compared
    // [stack-top] Release: the node is constructed. Pairs with the acquire of protect() in pop().
    // ABA: if the top that we have read is gone, and another node has its address now and is the top, then that one is
    // below the new node, as it should be.
    do {
      Scheme::step();
      if (Scheme::lacks(part::stack_exchange)) return top_.store(made, std::memory_order_release);  // wrong
    } while (!top_.compare_exchange_weak(made->below, made, std::memory_order_release, std::memory_order_relaxed));
  }

  [[nodiscard]] std::optional<T> pop() {
    node* n = nullptr;
    std::optional<T> value;
    {
      typename Scheme::template guards<1> g(scheme_);
      for (;;) {
        // [stack-top] Acquire, by protect(): the node is constructed, and so are those below it, since each change of
        // the top is a read-modify-write, which continues the release of those before it. Retired only once it is no
        // longer the top, so it is protected.
        n = g.protect(0, top_);
        if (n == nullptr) return std::nullopt;
        node* const below = Scheme::use(n).below;
        // Relaxed: it publishes nothing that push() has not published, see above; that the node is unlinked before it
        // is reclaimed is the matter of retire(). ABA: n is protected, so where the top is n, it has been n all the
        // time, or n would have been pushed twice; and what is below a node does not change.
        node* expected = n;
        Scheme::step();
        if (top_.compare_exchange_weak(expected, below, std::memory_order_relaxed, std::memory_order_relaxed)) break;
      }
      value = std::move(Scheme::use(n).value);  // ours alone: others have read `below` at most
    }
    scheme_.retire(n);
    return value;
  }

 private:
  struct node : Scheme::template base<node> {
    explicit node(T v) : value(std::move(v)) {}
    T value;
    node* below = nullptr;  // does not change once the node is linked
  };

  Scheme& scheme_;
  std::atomic<node*> top_{nullptr};
};

}  // namespace weir::structures
