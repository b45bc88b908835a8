// Objects that are reclaimed by themselves once no reader can hold them: rcu::obj_base, rcu::retire().
//
// When not to use it: where the writer can wait (domain::synchronize(), then delete), or needs the object back.
//
// Example (tests/rcu/example_test.cc compiles it):
//
//     struct node : weir::rcu::obj_base<node> { ... };
//     node* old = head.exchange(made, std::memory_order_acq_rel);
//     old->retire();                                         // deleted when every reader that may see it is gone
//     weir::rcu::retire(old_text, [](char* s) { std::free(s); });   // for types one cannot change
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "weir/barrier/fail.h"
#include "weir/barrier/out_of_memory.h"
#include "weir/barrier/stateless.h"
#include "weir/rcu/domain.h"

namespace weir::rcu {
namespace detail {

// An object and its deleter, kept together until they are run.
template <class T, class D>
struct note {
  T* object;
  D deleter;

  static void run(void* p) {
    const std::unique_ptr<note> kept(static_cast<note*>(p));
    kept->deleter(kept->object);
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
  static void retire(Base& b, D&& d, domain_base& dom) noexcept {
    retirable<D>& in = b.weir_retirable_;
    WEIR_ASSERT(static_cast<void*>(&in.place) == static_cast<void*>(&b),
                "an object does not begin with its first member");
    in.deleter = std::move(d);
    if (!dom.try_retire(&in.place, &reclaim)) {
      in.place.run = &reclaim;
      dom.retire_linked(&in.place);
    }
  }

 private:
  static void reclaim(void* place) {
    Base* const base = reinterpret_cast<Base*>(static_cast<link*>(place));
    D d;
    d = std::move(base->weir_retirable_.deleter);  // the object goes, and with it its own
    d(static_cast<T*>(base));
  }
};

}  // namespace detail

// Base of objects that are retired. T: the class that derives from it, publicly and once; may be incomplete here.
// Trivially copyable if D is; a copy of a retired object is one that has not been retired. Source: [saferecl.rcu.base].
template <class T, class D = std::default_delete<T>>
class obj_base {
 public:
  // Calls d(static_cast<T*>(this)) once every section of `dom` that is open now has ended; once for each object.
  // Does not fail: needs no memory. Blocks, threads, signals: as domain_base::try_retire().
  void retire(D d = D(), domain_base& dom = default_domain()) noexcept {
    static_assert(std::is_base_of_v<obj_base, T>, "T derives from obj_base<T, D>");
    detail::retiring<T, D, obj_base>::retire(*this, std::move(d), dom);
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

// Calls d(p) once every section of `dom` that is open now has ended. Throws std::bad_alloc if there is no memory to
// keep a deleter with a state in, or to remember the object by at a place where it cannot wait; nothing has happened
// then. Blocks, threads, signals: as domain_base::try_retire(). Source: [saferecl.rcu.domain.func], rcu_retire.
template <class T, class D = std::default_delete<T>>
void retire(T* p, D d = D(), domain_base& dom = default_domain()) {
  bool done = false;
  if constexpr (weir::detail::is_stateless<D>) {
    // NOLINTNEXTLINE: const is given back below
    done = dom.try_retire(const_cast<std::remove_cv_t<T>*>(p), [](void* q) { D()(static_cast<T*>(q)); });
  } else {
    auto kept = std::unique_ptr<detail::note<T, D>>(new detail::note<T, D>{p, std::move(d)});
    done = dom.try_retire(kept.get(), &detail::note<T, D>::run);
    if (done) static_cast<void>(kept.release());
  }
  if (!done) weir::detail::out_of_memory("there is no memory to retire an object in an RCU domain");
}

}  // namespace weir::rcu
