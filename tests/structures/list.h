// Harris and Michael's list: values by their keys, in the order of the keys.
//
// When not to use it: for many keys, each operation goes through half of them (map.h).
//
// Example (tests/structures/example_test.cc compiles it):
//
//     weir::structures::by_hazard_pointers<> scheme;
//     weir::structures::list<int, int> l(scheme);
//     l.insert(1, 10);                          // false if 1 is there
//     std::optional<int> value = l.find(1);
//     l.erase(1);
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

#include "tests/structures/marked.h"
#include "tests/structures/schemes.h"

namespace weir::structures {

// A link is a pointer to the next node, with a mark that belongs to the node that the link is in: that node is erased.
//
// What always holds: (1) a link that is marked does not change any more. (2) A node that is not marked can be reached
// from first_. (3) A node is unlinked by changing the link to it, in a node that is not marked, and after it was marked
// itself; whoever does that retires it. (4) From the first link on, keys rise.
//
// Lock-free. insert() takes effect when the node is linked, erase() when it is marked; what finds nothing, at its look
// at the link from a smaller key to a larger one, and what finds something, at its look at the node's link, which is
// not marked. That is linearizable for all that happens before something else. As with any loads that acquire, two
// threads that look at two keys, which change at the same time, need an order of their own to agree which one was
// first. Only the constructor and the destructor want the list for themselves. Key and Value: copied.
template <class Key, class Value, class Scheme = by_hazard_pointers<>>
class list {
 public:
  explicit list(Scheme& scheme) noexcept : scheme_(scheme) {}
  ~list() {
    node* n = first_.load(std::memory_order_relaxed).pointer();  // nobody else is here
    while (n != nullptr) delete std::exchange(n, n->next.load(std::memory_order_relaxed).pointer());
  }
  list(const list&) = delete;
  list& operator=(const list&) = delete;

  // False: the key is there already, with whatever value.
  bool insert(const Key& key, const Value& value) {
    node* made = nullptr;
    guards g(scheme_);
    for (;;) {
      const place p = seek(g, key);
      if (p.found) {
        delete made;
        return false;
      }
      if (made == nullptr) made = new node(key, value);
      made->next.store(link(p.node_here), std::memory_order_relaxed);  // published below
      if (change(p, link(made))) return true;
    }
  }

  // The value that the key had; or nothing, if it was not there.
  std::optional<Value> erase(const Key& key) {
    guards g(scheme_);
    std::optional<Value> value;
    for (;;) {
      const place p = seek(g, key);
      if (!p.found) return value;
      // Relaxed: the link leads where it did, and a read-modify-write continues the release of who stored it
      // [list-link]. ABA: the node is protected, so it is the one that has the key; and so is the one after it.
      link living(p.node_after);
      const link erased(p.node_after, true);
      if (!Scheme::use(p.node_here)
               .next.compare_exchange_strong(living, erased, std::memory_order_relaxed, std::memory_order_relaxed)) {
        continue;
      }
      value = Scheme::use(p.node_here).value;
      if (!unlink(p)) static_cast<void>(seek(g, key));  // whoever comes by unlinks it: so do we
      return value;
    }
  }

  [[nodiscard]] std::optional<Value> find(const Key& key) {
    guards g(scheme_);
    std::optional<Value> value;
    if (const place p = seek(g, key); p.found) value = Scheme::use(p.node_here).value;
    return value;
  }

  [[nodiscard]] bool contains(const Key& key) {
    guards g(scheme_);
    return seek(g, key).found;
  }

 private:
  struct node;
  using link = marked<node>;
  struct node : Scheme::template base<node> {
    node(const Key& k, const Value& v) : key(k), value(v) {}
    const Key key;
    const Value value;
    std::atomic<link> next{};
  };

  // What protects which node: the one with the link that we came by (none if that is first_), the one that it leads to,
  // and the one after that.
  enum : std::size_t { before, here, after };
  using guards = typename Scheme::template guards<3>;

  // Of the first node whose key is not less than the one that is sought.
  struct place {
    node* node_before;  // has the link to it; null: that is first_
    node* node_here;    // null: there is none
    node* node_after;
    bool found;  // it has that key
  };

  static node* pointer_of(const link& l) noexcept { return l.pointer(); }

  // Unlinks what is marked on its way.
  [[nodiscard]] place seek(guards& g, const Key& key) {
    for (;;) {
      if (const std::optional<place> p = try_seek(g, key)) return *p;
    }
  }

  // Nothing: the list has changed on our way; begin anew.
  [[nodiscard]] std::optional<place> try_seek(guards& g, const Key& key) {
    place p{.node_before = nullptr, .node_here = nullptr, .node_after = nullptr, .found = false};
    // [list-link] Acquire, by protect(): the node is constructed. It is protected: first_ leads to what is linked.
    p.node_here = g.protect(here, first_, pointer_of).pointer();
    while (p.node_here != nullptr) {
      node& n = Scheme::use(p.node_here);
      // [list-link] Acquire, by protect(): the node after n is constructed. If the link is not marked, n was linked
      // when it was looked at for the last time, by (2), and with it the node after n: that one is protected. If it is
      // marked, nothing says so yet.
      const link onward = g.protect(after, n.next, pointer_of);
      p.node_after = onward.pointer();
      if (onward.mark()) {
        // If n was still linked, then by (1) and (3) so was the node after it, later than protect() has looked: that
        // one is protected.
        if (!unlink(p) && !Scheme::lacks(part::list_unlinked)) return std::nullopt;
      } else {
        if (!(n.key < key)) {
          p.found = n.key == key;
          return p;
        }
        p.node_before = p.node_here;
        if (!Scheme::lacks(part::list_before)) g.swap(before, here);
      }
      if (!Scheme::lacks(part::list_here)) g.swap(here, after);
      p.node_here = p.node_after;
    }
    return p;
  }

  // Unlinks and retires the node of p, which is marked. False: somebody else has, or the node before it is marked too.
  [[nodiscard]] bool unlink(const place& p) {
    if (!change(p, link(p.node_after))) return false;
    scheme_.retire(p.node_here);
    return true;
  }

  // The link by which we came to a place is to lead to another node. False: it is marked, or leads elsewhere by now.
  // ABA: the node that it led to is protected, so where the link leads to its address, it leads to that node; and where
  // there was none, it is the end of the list still, or again, which is the same.
  [[nodiscard]] bool change(const place& p, link to) noexcept {
    link expected(p.node_here);
    Scheme::step();
    std::atomic<link>& from = p.node_before == nullptr ? first_ : Scheme::use(p.node_before).next;
    // [list-link] Release: the node is constructed: by us, or we have acquired it. Pairs with the acquires in
    // try_seek().
    return from.compare_exchange_strong(expected, to, std::memory_order_release, std::memory_order_relaxed);
  }

  Scheme& scheme_;
  std::atomic<link> first_{};
};

}  // namespace weir::structures
