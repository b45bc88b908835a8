// Ways to reclaim the nodes of a structure. The structures of this folder are templates on them.
//
// A scheme outlives the structures that use it. What it offers:
//
//     struct node : Scheme::template base<node> { ... };   // what can be retired
//     typename Scheme::template guards<2> g(scheme);       // what one operation holds: two protections
//     node* n = g.protect(0, head);                        // the first one now protects what head points to: acquire
//     g.swap(0, 1);                                        // each protects what the other one did
//     Scheme::use(n)                                       // *n: where n is protected. Tests look whether it is alive
//     Scheme::step()                                       // nothing; in tests another thread may go on here, as in
//                                                          // protect(), use() and retire(). Before each change of what
//                                                          // others see, where it does not begin with use() anyway
//     scheme.retire(n);                                    // n has been unlinked; once; also while guards are held
//
// With hazard pointers a protection holds one node: one that was still linked when protect() looked at the source for
// the last time. With RCU all guards together are a section, which holds whatever could be reached during it, so that a
// structure that is right with hazard pointers is right with RCU as well. The reverse is not true: a structure says for
// each node that it uses why the node was still linked when it was protected.
//
// Neither gives out a node's address again as long as a protection holds it. So an address that is found again in a
// link under one and the same protection is the same node, and a node is linked once in its life: that is what the
// structures here have against ABA, and why they need no counters beside their pointers.
//
// Scheme::lacks(part) says whether a structure is to be wrong: whether it leaves out that part. False, but in the tests
// which show that they would notice (linearizable_test.cc).
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "weir/hazard/array.h"
#include "weir/hazard/cohort.h"
#include "weir/hazard/retire.h"
#include "weir/rcu/retire.h"

namespace weir::structures {

enum class part {
  stack_exchange,  // push() changes the top only if it is still what is below the new node
  queue_tail,      // pop() does not leave the tail behind
  list_before,     // the node with the link that is to be changed is protected
  list_here,       // so is the one that the search looks at
  list_unlinked,   // the search begins anew where it could not unlink
};

// What the schemes have in common.
class plain_scheme {
 public:
  template <class T>
  static T& use(T* n) noexcept {
    return *n;
  }
  static void step() noexcept {}
  [[nodiscard]] static constexpr bool lacks(part) noexcept { return false; }
};

template <std::size_t N>
class hazard_guards {
 public:
  template <class Scheme>
  explicit hazard_guards(const Scheme&) : pointers_(hazard::make_array<N>()) {}

  template <class T>
  [[nodiscard]] T* protect(std::size_t i, const std::atomic<T*>& source) noexcept {
    return pointers_[i].protect(source);
  }
  // For a source whose values are no plain pointers: of(value) is what is to be protected.
  template <class Value, class Of>
  [[nodiscard]] Value protect(std::size_t i, const std::atomic<Value>& source, Of of) noexcept {
    return pointers_[i].protect(source, of);
  }
  void swap(std::size_t i, std::size_t j) noexcept { pointers_[i].swap(pointers_[j]); }

 private:
  hazard::array<N> pointers_;
};

// In the default domain.
template <template <class> class Delete = std::default_delete>
class by_hazard_pointers : public plain_scheme {
 public:
  template <class T>
  using base = hazard::obj_base<T, Delete<T>>;
  template <std::size_t N>
  using guards = hazard_guards<N>;

  template <class T>
  void retire(T* n) noexcept {
    n->retire();
  }
  // What has been retired, and nobody protects, is reclaimed when it returns.
  void settle() noexcept { hazard::default_domain().clean_up(); }
};

// In a cohort: whoever retires looks at all pointers once Threshold nodes have come together.
template <std::size_t Threshold, template <class> class Delete = std::default_delete>
class by_cohort : public plain_scheme {
 public:
  template <class T>
  using base = hazard::obj_base<T, Delete<T>>;
  template <std::size_t N>
  using guards = hazard_guards<N>;

  template <class T>
  void retire(T* n) noexcept {
    n->retire(nodes_);
  }
  void settle() noexcept {}  // the destructor does it

 private:
  hazard::cohort nodes_{Threshold};
};

// In a domain of the scheme's own; by default the default one.
template <template <class> class Delete = std::default_delete>
class by_rcu : public plain_scheme {
 public:
  explicit by_rcu(rcu::domain& d = rcu::default_domain()) noexcept : domain_(d) {}

  template <class T>
  using base = rcu::obj_base<T, Delete<T>>;

  template <std::size_t N>
  class guards {
   public:
    explicit guards(const by_rcu& scheme) noexcept : section_(scheme.domain_) {}

    template <class T>
    [[nodiscard]] T* protect(std::size_t, const std::atomic<T*>& source) noexcept {
      return source.load(std::memory_order_acquire);  // [validate]: as a hazard pointer's last look
    }
    template <class Value, class Of>
    [[nodiscard]] Value protect(std::size_t, const std::atomic<Value>& source, Of) noexcept {
      return source.load(std::memory_order_acquire);  // [validate]
    }
    void swap(std::size_t, std::size_t) noexcept {}

   private:
    rcu::reader section_;
  };

  // In a section it does not wait, and may exceed the domain's limit.
  template <class T>
  void retire(T* n) noexcept {
    n->retire(Delete<T>(), domain_);
  }
  void settle() noexcept { domain_.barrier(); }

 protected:
  rcu::domain& domain_;
};

}  // namespace weir::structures
