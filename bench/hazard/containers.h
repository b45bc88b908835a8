// A stack and a queue of numbers, which several threads use at once: as little as it takes to measure what it costs to
// take a node out that others may look at. Way says how those are kept from being reclaimed (containers.cc).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "weir/barrier/port.h"

namespace bench {

template <class Way>
class stack {
 public:
  void push(std::uint64_t value) {
    node* const made = new node;
    made->value = value;
    made->next = top_.load(std::memory_order_relaxed);  // a guess, which is checked
    // [push] Release: what the node holds. Pairs with [pop].
    while (!top_.compare_exchange_weak(made->next, made, std::memory_order_release, std::memory_order_relaxed)) {
    }
  }

  // False: there is nothing.
  bool pop(std::uint64_t& value) {
    node* old = nullptr;
    {
      typename Way::template section<1> s;
      do {
        old = s.template protect<0>(top_);  // [pop] acquire; pairs with [push]
        if (old == nullptr) return false;
        // Relaxed: all that we read is the node's that we have protected.
      } while (!top_.compare_exchange_weak(old, old->next, std::memory_order_relaxed));
      value = old->value;
    }
    old->retire();
    return true;
  }

 private:
  struct node : Way::template base<node> {
    std::uint64_t value = 0;
    node* next = nullptr;
  };

  alignas(weir::port::line) std::atomic<node*> top_{nullptr};
};

// Begins with a node that holds nothing; whichever the first one is, what it held has been taken.
template <class Way>
class queue {
 public:
  void enqueue(std::uint64_t value) {
    node* const made = new node;
    made->value = value;
    typename Way::template section<1> s;
    for (;;) {
      node* last = s.template protect<0>(last_);
      node* next = last->next.load(std::memory_order_acquire);  // [follow]
      if (next != nullptr) {
        advance(last_, last, next);
        continue;
      }
      // [link] Release: what the node holds. Pairs with [follow].
      if (last->next.compare_exchange_strong(next, made, std::memory_order_release, std::memory_order_relaxed)) {
        advance(last_, last, made);
        return;
      }
    }
  }

  // False: there is nothing.
  bool dequeue(std::uint64_t& value) {
    node* first = nullptr;
    {
      typename Way::template section<2> s;
      for (;;) {
        first = s.template protect<0>(first_);
        node* const last = last_.load(std::memory_order_acquire);       // [follow]
        node* const next = s.template protect<1>(first->next);          // [follow]
        if (first_.load(std::memory_order_acquire) != first) continue;  // [follow] `next` has not been retired
        if (next == nullptr) return false;
        if (first == last) {  // the end must not be left behind
          advance(last_, last, next);
          continue;
        }
        value = next->value;
        if (advance(first_, first, next)) break;
      }
    }
    first->retire();
    return true;
  }

 private:
  struct node : Way::template base<node> {
    std::uint64_t value = 0;
    std::atomic<node*> next{nullptr};
  };

  // [advance] Release: what we have read of `to` is there for who reads it from here. Pairs with [follow].
  static bool advance(std::atomic<node*>& end, node* from, node* to) {
    return end.compare_exchange_strong(from, to, std::memory_order_release, std::memory_order_relaxed);
  }

  alignas(weir::port::line) std::atomic<node*> first_{new node};
  alignas(weir::port::line) std::atomic<node*> last_{first_.load(std::memory_order_relaxed)};  // nobody else yet
};

}  // namespace bench
