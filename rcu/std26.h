// C++26's <rcu> by its own names, in weir::std26: rcu_domain, rcu_obj_base, rcu_synchronize, rcu_barrier, rcu_retire.
//
// For code that is to move to std:: one day. When not to use it: the standard has one domain only, no polling, and no
// say in who reclaims: rcu/domain.h has all that. Both share the default domain.
//
// Example (tests/rcu/example_test.cc compiles it):
//
//     struct entry : weir::std26::rcu_obj_base<entry> { ... };
//     std::atomic<entry*> current;
//     reader:  std::scoped_lock section(weir::std26::rcu_default_domain());
//              use(*current.load(std::memory_order_acquire));
//     writer:  current.exchange(made, std::memory_order_acq_rel)->retire();
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "weir/rcu/domain.h"
#include "weir/rcu/retire.h"

namespace weir::std26 {

class rcu_domain;
[[nodiscard]] rcu_domain& rcu_default_domain() noexcept;

// A set of readers. There is one: rcu_default_domain(). Source: [saferecl.rcu.domain].
class rcu_domain {
 public:
  rcu_domain(const rcu_domain&) = delete;
  rcu_domain& operator=(const rcu_domain&) = delete;

  // A section: opened by either, closed by unlock(). They may be nested. As rcu::domain's.
  WEIR_INLINE void lock() noexcept { rcu::default_domain().lock(); }
  WEIR_INLINE bool try_lock() noexcept { return rcu::default_domain().try_lock(); }
  WEIR_INLINE void unlock() noexcept { rcu::default_domain().unlock(); }

 private:
  friend rcu_domain& rcu_default_domain() noexcept;
  constexpr rcu_domain() noexcept = default;
  static rcu_domain the_only_one;
};

inline constinit rcu_domain rcu_domain::the_only_one;

inline rcu_domain& rcu_default_domain() noexcept { return rcu_domain::the_only_one; }

// Base of objects that are retired. Source: [saferecl.rcu.base]. As rcu::obj_base.
template <class T, class D = std::default_delete<T>>
class rcu_obj_base {
 public:
  void retire(D d = D(), rcu_domain& dom = rcu_default_domain()) noexcept {
    static_assert(std::is_base_of_v<rcu_obj_base, T>, "T is an rcu-protectable type");
    static_cast<void>(dom);
    rcu::detail::retiring<T, D, rcu_obj_base>::retire(*this, std::move(d), rcu::default_domain());
  }

 protected:
  rcu_obj_base() = default;
  rcu_obj_base(const rcu_obj_base&) = default;
  rcu_obj_base(rcu_obj_base&&) = default;  // NOLINT(performance-noexcept-move-constructor): as D's is
  rcu_obj_base& operator=(const rcu_obj_base&) = default;
  rcu_obj_base& operator=(rcu_obj_base&&) = default;  // NOLINT(performance-noexcept-move-constructor)
  ~rcu_obj_base() = default;

 private:
  friend struct rcu::detail::retiring<T, D, rcu_obj_base>;
  rcu::detail::retirable<D> weir_retirable_;
};

// [saferecl.rcu.domain.func], all three. As synchronize(), barrier() and retire() of rcu/.
inline void rcu_synchronize(rcu_domain& dom = rcu_default_domain()) noexcept {
  static_cast<void>(dom);
  rcu::default_domain().synchronize();
}

inline void rcu_barrier(rcu_domain& dom = rcu_default_domain()) noexcept {
  static_cast<void>(dom);
  rcu::default_domain().barrier();
}

template <class T, class D = std::default_delete<T>>
void rcu_retire(T* p, D d = D(), rcu_domain& dom = rcu_default_domain()) {
  static_assert(std::is_move_constructible_v<D> && std::is_invocable_v<D&, T*>, "d(p) can be kept and called");
  static_cast<void>(dom);
  rcu::retire(p, std::move(d), rcu::default_domain());
}

}  // namespace weir::std26
