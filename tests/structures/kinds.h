// The schemes that tests run the structures with, and the structures as histories and tallies see them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tests/structures/contract.h"
#include "tests/structures/history.h"
#include "tests/structures/list.h"
#include "tests/structures/map.h"
#include "tests/structures/models.h"
#include "tests/structures/queue.h"
#include "tests/structures/stack.h"
#include "tests/structures/watched.h"

namespace weir::structures {

// push() and pop() with any scheme: a stack or a queue.
template <template <class, class> class Structure, class Model>
struct of_values {
  using model = Model;

  template <class Scheme>
  class subject {
   public:
    explicit subject(Scheme& scheme) : all_(scheme) {}

    std::optional<int> perform(const operation& o) {
      if (o.what == action::pop) return all_.pop();
      all_.push(o.value);
      return std::nullopt;
    }

   private:
    Structure<int, Scheme> all_;
  };

  // The n-th operation of a history. No value is pushed twice.
  static operation draw(std::uint32_t die, int n) {
    if (die % 2 == 0) return {.what = action::pop};
    return {.what = action::push, .value = n};
  }

  // What there is when the threads begin: up to 2 values.
  static history before(std::uint32_t die, int& n) {
    history pushes(die % 3, {.what = action::push});
    for (operation& o : pushes) o.value = ++n;
    return pushes;
  }

  // What shows all that a history has left behind: one pop() more than there were push().
  static history last_look(const std::vector<history>& plan) {
    history pops{{.what = action::pop}};
    for (const history& one : plan) {
      for (const operation& o : one) {
        if (o.what == action::push) pops.push_back({.what = action::pop});
      }
    }
    return pops;
  }
};

using a_stack = of_values<stack, stack_model>;
using a_queue = of_values<queue, queue_model>;

// insert(), erase() and find() on few keys, so that threads meet.
template <class Model, int Keys>
struct of_keys {
  using model = Model;

  static operation draw(std::uint32_t die, int n) {
    static constexpr action actions[] = {action::insert, action::insert, action::erase, action::erase, action::find};
    return {.what = actions[die % 5], .key = static_cast<int>(die / 5 % Keys), .value = n};
  }

  // Each key or not.
  static history before(std::uint32_t die, int& n) {
    history inserts;
    for (int key = 0; key < Keys; ++key, die /= 2) {
      if (die % 2 != 0) inserts.push_back({.what = action::insert, .key = key, .value = ++n});
    }
    return inserts;
  }

  static history last_look(const std::vector<history>&) {
    history finds;
    for (int key = 0; key < Keys; ++key) finds.push_back({.what = action::find, .key = key});
    return finds;
  }

  template <class All>
  static std::optional<int> perform(All& all, const operation& o) {
    switch (o.what) {
      case action::insert: return all.insert(o.key, o.value) ? std::optional<int>(o.value) : std::nullopt;
      case action::erase: return all.erase(o.key);
      default: return all.find(o.key);
    }
  }
};

struct a_set : of_keys<set_model, 3> {
  template <class Scheme>
  class subject {
   public:
    explicit subject(Scheme& scheme) : all_(scheme) {}
    std::optional<int> perform(const operation& o) {
      if (o.what == action::find) return all_.contains(o.key) ? std::optional<int>(o.key) : std::nullopt;
      return of_keys::perform(all_, o);
    }

   private:
    list<int, int, Scheme> all_;
  };
};

// Of two buckets, so that keys share one.
struct a_map : of_keys<map_model, 4> {
  template <class Scheme>
  class subject {
   public:
    explicit subject(Scheme& scheme) : all_(scheme, 2) {}
    std::optional<int> perform(const operation& o) { return of_keys::perform(all_, o); }

   private:
    map<int, int, Scheme> all_;
  };
};

using hazard_default = watched<by_hazard_pointers<>>;
using hazard_cohort = watched<by_cohort<32>>;
using hazard_at_once = watched<by_cohort<1>>;
using rcu_default = watched<by_rcu<>>;
using rcu_in_place = watched<by_rcu_in_place>;
using rcu_at_once = watched<by_rcu_at_once<>>;

// For schedules: a node that is used too late is counted, and does no harm.
using strict = watched<by_contract>;
using hazard_buried = watched<buried<by_cohort<1, bury>>>;
using rcu_buried = watched<buried<by_rcu_at_once<bury>>>;
using not_protected = watched<unprotected>;

}  // namespace weir::structures
