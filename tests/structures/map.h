// A shard of a hash map: a fixed number of lists.
//
// When not to use it: where the number of keys is not known to about a factor of ten. It does not grow.
//
// Example (tests/structures/example_test.cc compiles it):
//
//     weir::structures::by_hazard_pointers<> scheme;
//     weir::structures::map<int, std::string> m(scheme, 64);
//     m.insert(1, "one");
//     std::optional<std::string> value = m.find(1);
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>

#include "tests/structures/list.h"

namespace weir::structures {

// As list: each operation is one of the list that has the key.
template <class Key, class Value, class Scheme = by_hazard_pointers<>, class Hash = std::hash<Key>>
class map {
 public:
  map(Scheme& scheme, std::size_t buckets) {
    for (std::size_t i = 0; i < buckets; ++i) buckets_.emplace_back(scheme);
  }

  bool insert(const Key& key, const Value& value) { return bucket(key).insert(key, value); }
  std::optional<Value> erase(const Key& key) { return bucket(key).erase(key); }
  [[nodiscard]] std::optional<Value> find(const Key& key) { return bucket(key).find(key); }

 private:
  using bucket_list = list<Key, Value, Scheme>;

  [[nodiscard]] bucket_list& bucket(const Key& key) { return buckets_[Hash()(key) % buckets_.size()]; }

  std::deque<bucket_list> buckets_;  // in their places for good
};

}  // namespace weir::structures
