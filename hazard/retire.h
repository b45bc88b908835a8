// Objects that are reclaimed by themselves once no hazard pointer protects them: hazard::obj_base, domain::retire().
//
// Example (tests/hazard/example_test.cc compiles it):
//
//     struct node : weir::hazard::obj_base<node> { ... };
//     node* old = head.exchange(made, std::memory_order_acq_rel);
//     old->retire();
//     weir::hazard::retire(old_text, [](char* s) { std::free(s); });   // for types one cannot change
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "weir/barrier/fail.h"
#include "weir/barrier/out_of_memory.h"
#include "weir/barrier/stateless.h"
#include "weir/hazard/cohort.h"
#include "weir/hazard/domain.h"

namespace weir::hazard {
namespace detail {

// An object and its deleter, kept together until they are run.
template <class T, class D>
struct note_of : note {
  T* pointer;
  D deleter;

  note_of(T* p, D d) : note{address_of(p)}, pointer(p), deleter(std::move(d)) {}
  static void run(void* n) {
    const std::unique_ptr<note_of> kept(static_cast<note_of*>(static_cast<note*>(n)));
    kept->deleter(kept->pointer);
  }
};

// What is in an object that is retired.
template <class D>
struct retirable {
  link place;
  [[no_unique_address]] D deleter;
};

// How an object of T is retired by its base Base, which has nothing but a retirable in it: as a member with a name that
// no program has, since whatever else stood in the base would hide names of whoever derives from it.
template <class T, class D, class Base>
struct retiring {
  static void retire(Base& b, D&& d, domain& dom) noexcept {
    link& place = begin(b, std::move(d));
    if (dom.try_retire(retired{address_of(static_cast<T*>(&b)), &reclaim})) return;
    place.handle = &handle;
    dom.retire_linked(&place);
  }
  static void retire(Base& b, D&& d, cohort& c) noexcept {
    link& place = begin(b, std::move(d));
    place.handle = &handle;
    c.retire_linked(&place);
  }

 private:
  static link& begin(Base& b, D&& d) noexcept {
    retirable<D>& in = b.weir_retirable_;
    WEIR_ASSERT(static_cast<void*>(&in.place) == static_cast<void*>(&b),
                "an object does not begin with its first member");
    in.deleter = std::move(d);
    return in.place;
  }
  static void reclaim(void* p) {
    T* const object = static_cast<T*>(p);
    D d;
    d = std::move(static_cast<Base*>(object)->weir_retirable_.deleter);  // the object goes, with its own
    d(object);
  }
  static void* handle(link* l, bool now) {
    T* const object = static_cast<T*>(reinterpret_cast<Base*>(l));
    if (now) reclaim(object);
    return const_cast<std::remove_cv_t<T>*>(object);  // NOLINT: an address only
  }
};

}  // namespace detail

// Base of objects that are retired. T: the class that derives from it, publicly and once; may be incomplete here.
// Trivially copyable if D is; a copy of a retired object is one that has not been retired. Source: [saferecl.hp.base].
template <class T, class D = std::default_delete<T>>
class obj_base {
 public:
  // Calls d(static_cast<T*>(this)) some time after nothing protects *this; once for each object.
  // Does not fail: needs no memory. Blocks, threads, signals: as domain::try_retire().
  void retire(D d = D(), domain& dom = default_domain()) noexcept {
    static_assert(std::is_base_of_v<obj_base, T>, "T derives from obj_base<T, D>");
    detail::retiring<T, D, obj_base>::retire(*this, std::move(d), dom);
  }
  // The same, but before the cohort's destructor returns.
  void retire(cohort& c, D d = D()) noexcept {
    static_assert(std::is_base_of_v<obj_base, T>, "T derives from obj_base<T, D>");
    detail::retiring<T, D, obj_base>::retire(*this, std::move(d), c);
  }

 protected:
  obj_base() = default;
  obj_base(const obj_base&) = default;
  obj_base(obj_base&&) = default;  // NOLINT(performance-noexcept-move-constructor): as D's is
  obj_base& operator=(const obj_base&) = default;
  obj_base& operator=(obj_base&&) = default;  // NOLINT(performance-noexcept-move-constructor)
  ~obj_base() = default;

 private:
  friend struct detail::retiring<T, D, obj_base>;
  detail::retirable<D> weir_retirable_;
};

// Calls d(p) some time after nothing protects *p. Throws std::bad_alloc if there is no memory to keep a deleter with a
// state in, or to remember the object by; nothing has happened then. Blocks, threads, signals: as domain::try_retire().
template <class T, class D = std::default_delete<T>>
void retire(T* p, D d = D(), domain& dom = default_domain()) {
  WEIR_ASSERT(p != nullptr, "a null pointer is retired in a domain of hazard pointers");
  if constexpr (weir::detail::is_stateless<D>) {
    // An odd address would be taken for a note.
    if (alignof(T) > 1 || (detail::address_of(p) & 1) == 0) {
      const auto run = [](void* q) { D()(static_cast<T*>(q)); };
      if (dom.try_retire(detail::retired{detail::address_of(p), run})) return;
      weir::detail::out_of_memory("there is no memory to retire an object in a domain of hazard pointers");
    }
  }
  auto kept = std::make_unique<detail::note_of<T, D>>(p, std::move(d));
  if (!dom.try_retire(detail::retired::by_note(kept.get(), &detail::note_of<T, D>::run))) {
    weir::detail::out_of_memory("there is no memory to retire an object in a domain of hazard pointers");
  }
  static_cast<void>(kept.release());
}

template <class T, class D>
void domain::retire(T* p, D d) {
  hazard::retire(p, std::move(d), *this);
}

}  // namespace weir::hazard
