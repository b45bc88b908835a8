// C++26's <hazard_pointer> by its own names, in weir::std26: hazard_pointer, make_hazard_pointer,
// hazard_pointer_obj_base.
//
// For code that is to move to std:: one day. When not to use it: the standard has one domain only, no arrays, no
// cohorts and no way to have all reclaimed: hazard/domain.h and its neighbours have. Both share the default domain.
//
// Example (tests/hazard/example_test.cc compiles it):
//
//     struct name : weir::std26::hazard_pointer_obj_base<name> { ... };
//     std::atomic<name*> current;
//     reader:  weir::std26::hazard_pointer h = weir::std26::make_hazard_pointer();
//              use(*h.protect(current));
//     writer:  current.exchange(made, std::memory_order_acq_rel)->retire();
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "weir/hazard/pointer.h"
#include "weir/hazard/retire.h"

namespace weir::std26 {

// Base of objects that are retired. Source: [saferecl.hp.base]. As hazard::obj_base.
template <class T, class D = std::default_delete<T>>
class hazard_pointer_obj_base {
 public:
  void retire(D d = D()) noexcept;

 protected:
  hazard_pointer_obj_base() = default;
  hazard_pointer_obj_base(const hazard_pointer_obj_base&) = default;
  hazard_pointer_obj_base(hazard_pointer_obj_base&&) = default;  // NOLINT(performance-noexcept-move-constructor): D's
  hazard_pointer_obj_base& operator=(const hazard_pointer_obj_base&) = default;
  // NOLINTNEXTLINE(performance-noexcept-move-constructor)
  hazard_pointer_obj_base& operator=(hazard_pointer_obj_base&&) = default;
  ~hazard_pointer_obj_base() = default;

 private:
  friend struct hazard::detail::retiring<T, D, hazard_pointer_obj_base>;
  hazard::detail::retirable<D> weir_retirable_;
};

namespace detail {

// Deduces the one base that is there; fails if there are several.
template <class T, class D>
hazard_pointer_obj_base<T, D>* base_of(const volatile hazard_pointer_obj_base<T, D>*);
template <class T, class D>
T* protectable_of(const volatile hazard_pointer_obj_base<T, D>*);

// [saferecl.hp.general]: exactly one base hazard_pointer_obj_base<T, D>, public and not virtual, and no other.
template <class T>
concept hazard_protectable = requires(std::remove_cv_t<T>* p) {
  { detail::protectable_of(p) } -> std::same_as<std::remove_cv_t<T>*>;
  static_cast<std::remove_cv_t<T>*>(detail::base_of(p));
};

}  // namespace detail

template <class T, class D>
void hazard_pointer_obj_base<T, D>::retire(D d) noexcept {
  static_assert(detail::hazard_protectable<T>, "T is a hazard-protectable type");
  using retiring = hazard::detail::retiring<T, D, hazard_pointer_obj_base>;
  retiring::retire(*this, std::move(d), hazard::default_domain());
}

// Source: [saferecl.hp.holder]. As hazard::pointer.
class [[nodiscard]] hazard_pointer {
 public:
  hazard_pointer() noexcept = default;
  hazard_pointer(hazard_pointer&&) noexcept = default;
  hazard_pointer& operator=(hazard_pointer&&) noexcept = default;
  ~hazard_pointer() = default;

  [[nodiscard]] bool empty() const noexcept { return own_.empty(); }

  template <class T>
  WEIR_INLINE T* protect(const std::atomic<T*>& src) noexcept {
    static_assert(detail::hazard_protectable<T>, "T is a hazard-protectable type");
    return own_.protect(src);
  }
  template <class T>
  WEIR_INLINE bool try_protect(T*& ptr, const std::atomic<T*>& src) noexcept {
    static_assert(detail::hazard_protectable<T>, "T is a hazard-protectable type");
    return own_.try_protect(ptr, src);
  }
  template <class T>
  WEIR_INLINE void reset_protection(const T* ptr) noexcept {
    static_assert(detail::hazard_protectable<T>, "T is a hazard-protectable type");
    own_.reset_protection(ptr);
  }
  WEIR_INLINE void reset_protection(std::nullptr_t = nullptr) noexcept { own_.reset_protection(); }
  WEIR_INLINE void swap(hazard_pointer& other) noexcept { own_.swap(other.own_); }

 private:
  friend hazard_pointer make_hazard_pointer();
  WEIR_INLINE explicit hazard_pointer(hazard::pointer&& p) noexcept : own_(std::move(p)) {}
  hazard::pointer own_;
};

// [saferecl.hp.holder.nonmem], both. make_hazard_pointer() throws std::bad_alloc if memory has run out.
WEIR_INLINE hazard_pointer make_hazard_pointer() { return hazard_pointer(hazard::make_pointer()); }
WEIR_INLINE void swap(hazard_pointer& a, hazard_pointer& b) noexcept { a.swap(b); }

}  // namespace weir::std26
