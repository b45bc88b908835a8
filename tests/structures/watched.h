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
  static inline std::atomic<long> living{0};     // made, and not reclaimed
  static inline std::atomic<long> dead_used{0};  // how often one was used after its end
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

 private:
  static constexpr int alive = 0x1badcafe;
  static constexpr int dead = -1;
  int state_ = alive;
};

// Deleters that end a node, but keep its memory: to see what uses it then, without undefined behaviour.
class graveyard {
 public:
  template <class T>
  static void bury(T* n) {
    n->of_this.end();
    const std::lock_guard hold(lock);
    graves.emplace_back(n, [](void* p) { delete static_cast<T*>(p); });
  }
  static void clear() {
    const std::lock_guard hold(lock);
    for (const auto& [n, reclaim] : graves) reclaim(n);
    graves.clear();
  }

 private:
  static inline std::mutex lock;
  static inline std::vector<std::pair<void*, void (*)(void*)>> graves;
};

template <class T>
struct bury {
  void operator()(T* n) const { graveyard::bury(n); }
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
      schedule::point();
      return inner_.protect(i, source);
    }
    template <class Value, class Of>
    [[nodiscard]] Value protect(std::size_t i, const std::atomic<Value>& source, Of of) noexcept {
      schedule::point();
      return inner_.protect(i, source, of);
    }
    void swap(std::size_t i, std::size_t j) noexcept { inner_.swap(i, j); }

   private:
    typename Inner::template guards<N> inner_;
  };

  template <class T>
  static T& use(T* n) noexcept {
    schedule::point();
    if (!n->of_this.look()) census::dead_used.fetch_add(1, std::memory_order_relaxed);  // a counter
    return *n;
  }
  template <class T>
  void retire(T* n) noexcept {
    schedule::point();
    Inner::retire(n);
  }
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
class unprotected : public by_cohort<1, bury> {
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
