// The structures as they are with one thread: what histories are compared with (history.h).
#pragma once

#include <map>
#include <set>
#include <vector>

#include "tests/structures/history.h"

namespace weir::structures {

// Last in, first out.
class stack_model {
 public:
  bool apply(const operation& o) {
    if (o.what == action::push) {
      values_.push_back(o.value);
      return true;
    }
    if (o.what != action::pop) return false;
    if (values_.empty()) return !o.result;
    if (o.result != values_.back()) return false;
    values_.pop_back();
    return true;
  }
  friend bool operator<(const stack_model& a, const stack_model& b) { return a.values_ < b.values_; }

 private:
  std::vector<int> values_;
};

// First in, first out.
class queue_model {
 public:
  bool apply(const operation& o) {
    if (o.what == action::push) {
      values_.push_back(o.value);
      return true;
    }
    if (o.what != action::pop) return false;
    if (values_.empty()) return !o.result;
    if (o.result != values_.front()) return false;
    values_.erase(values_.begin());
    return true;
  }
  friend bool operator<(const queue_model& a, const queue_model& b) { return a.values_ < b.values_; }

 private:
  std::vector<int> values_;
};

// Keys; whether an operation has found its key, or changed something, is whether it has a result.
class set_model {
 public:
  bool apply(const operation& o) {
    switch (o.what) {
      case action::insert: return keys_.insert(o.key).second == o.result.has_value();
      case action::erase: return (keys_.erase(o.key) != 0) == o.result.has_value();
      case action::find: return (keys_.count(o.key) != 0) == o.result.has_value();
      default: return false;
    }
  }
  friend bool operator<(const set_model& a, const set_model& b) { return a.keys_ < b.keys_; }

 private:
  std::set<int> keys_;
};

// Values by their keys; insert() changes nothing where there is a value.
class map_model {
 public:
  bool apply(const operation& o) {
    const auto at = values_.find(o.key);
    const bool there = at != values_.end();
    if (o.what == action::insert) {
      if (there) return !o.result;
      values_.emplace(o.key, o.value);
      return o.result == o.value;
    }
    if (o.what != action::erase && o.what != action::find) return false;
    if (!there) return !o.result;
    const bool right = o.result == at->second;
    if (o.what == action::erase) values_.erase(at);
    return right;
  }
  friend bool operator<(const map_model& a, const map_model& b) { return a.values_ < b.values_; }

 private:
  std::map<int, int> values_;
};

}  // namespace weir::structures
