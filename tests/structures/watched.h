// Schemes for tests: nodes that tell when they are used after their end, and places where a schedule may switch.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "tests/structures/schedule.h"
#include "tests/structures/schemes.h"
#include "weir/rcu/ready.h"

namespace weir::structures {

// Of all nodes of the process.
struct census {
  static inline std::atomic<long> living{0};   // made, and not reclaimed
  static inline std::atomic<long> misused{0};  // how often one was used after its end, or retired once more
};

// In each node. Plain data, so that a sanitizer sees whether the last use happens before the end.
class life {
 public:
  life() noexcept { census::living.fetch_add(1, std::memory_order_relaxed); }  // a counter
  ~life() {
    if (look()) end();
  }
  life(const life&) = delete;
  life& operator=(const life&) = delete;

  [[nodiscard]] bool look() const noexcept { return const_cast<const volatile int&>(state_) == alive; }
  void end() noexcept {
    const_cast<volatile int&>(state_) = dead;  // volatile: stores to what is about to go are left out otherwise
    census::living.fetch_sub(1, std::memory_order_relaxed);  // a counter
  }
  // False: it has been already.
  [[nodiscard]] bool retire() noexcept { return !std::exchange(retired_, true); }

 private:
  static constexpr int alive = 0x1badcafe;
  static constexpr int dead = -1;
  int state_ = alive;
  bool retired_ = false;
};

// A deleter that ends a node, but does not destroy it.
template <class T>
struct bury {
  void operator()(T* n) const { n->of_this.end(); }
};

// Keeps the memory of nodes until clear(): to see what uses one after its end, and what a structure that is wrong has
// lost or has twice, without undefined behaviour.
class graveyard {
 public:
  static void clear() {
    const std::lock_guard hold(lock);
    for (void* const grave : graves) ::operator delete(grave);
    graves.clear();
  }

  // Base of such a node.
  struct plot {
    static void* operator new(std::size_t bytes) {
      const std::lock_guard hold(lock);
      return graves.emplace_back(::operator new(bytes));
    }
    static void operator delete(void*) noexcept {}
  };

 private:
  static inline std::mutex lock;
  static inline std::vector<void*> graves;
};

// Inner, whose deleter is bury, with such nodes.
template <class Inner>
class buried : public Inner {
 public:
  using Inner::Inner;

  template <class T>
  struct base : Inner::template base<T>, graveyard::plot {};
};

// Inner, with points at which a schedule may go on with another thread, and nodes that are looked at where they are
// used.
template <class Inner>
class watched : public Inner {
 public:
  using Inner::Inner;

  template <class T>
  struct base : Inner::template base<T> {
    life of_this;
  };

  template <std::size_t N>
  class guards {
   public:
    explicit guards(watched& scheme) : inner_(scheme) {}

    template <class T>
    [[nodiscard]] T* protect(std::size_t i, const std::atomic<T*>& source) noexcept {
      return protect(i, source, [](T* p) noexcept { return p; });
    }
    // Also between a hazard pointer's look at the source and its protection, so that it has to look again.
    template <class Value, class Of>
    [[nodiscard]] Value protect(std::size_t i, const std::atomic<Value>& source, Of of) noexcept {
      schedule::point();
      return inner_.protect(i, source, [&](const Value& v) noexcept {
        schedule::point();
        return of(v);
      });
    }
    void swap(std::size_t i, std::size_t j) noexcept { inner_.swap(i, j); }

   private:
    typename Inner::template guards<N> inner_;
  };

  template <class T>
  static T& use(T* n) noexcept {
    schedule::point();
    if (!n->of_this.look()) census::misused.fetch_add(1, std::memory_order_relaxed);  // a counter
    return Inner::use(n);
  }
  template <class T>
  void retire(T* n) noexcept {
    schedule::point();
    if (n->of_this.retire()) {
      Inner::retire(n);
    } else {
      census::misused.fetch_add(1, std::memory_order_relaxed);  // a counter
    }
  }
  static void step() noexcept { schedule::point(); }
};

// Wrong: structures leave out a part. For schedules that are to notice.
template <class Inner, part Part>
class without : public Inner {
 public:
  using Inner::Inner;
  [[nodiscard]] static constexpr bool lacks(part p) noexcept { return p == Part; }
};

// RCU that reclaims as early as it can: whatever is ready, after each retire().
template <template <class> class Delete = std::default_delete>
class by_rcu_at_once : public by_rcu<Delete> {
 public:
  by_rcu_at_once() noexcept : by_rcu<Delete>(own_) {}

  template <class T>
  void retire(T* n) noexcept {
    by_rcu<Delete>::retire(n);
    for (int period = 0; period < 2; ++period) {  // one may have to end before the one that is asked for begins
      for (rcu::ready some = own_.poll_ready(); !some.empty();) {
        const rcu::retired one = some.pop();
        one.run(one.object);
      }
    }
  }

 private:
  rcu::domain own_{{.by = rcu::reclaimer::by_hand, .max_wait = {}}};
};

// RCU within a small bound: whoever retires reclaims.
class by_rcu_in_place : public by_rcu<> {
 public:
  by_rcu_in_place() noexcept : by_rcu<>(own_) {}

 private:
  rcu::domain own_{{.by = rcu::reclaimer::in_place, .limit = 512}};
};

// Wrong: nothing is protected, and all is reclaimed at once. For schedules that are to notice.
class unprotected : public buried<by_cohort<1, bury>> {
 public:
  template <std::size_t N>
  class guards {
   public:
    explicit guards(const unprotected&) noexcept {}
    template <class T>
    [[nodiscard]] T* protect(std::size_t, const std::atomic<T*>& source) noexcept {
      return source.load(std::memory_order_acquire);  // [validate], of what is not protected
    }
    template <class Value, class Of>
    [[nodiscard]] Value protect(std::size_t, const std::atomic<Value>& source, Of) noexcept {
      return source.load(std::memory_order_acquire);  // [validate]
    }
    void swap(std::size_t, std::size_t) noexcept {}
  };
};

}  // namespace weir::structures
