// Whether what some threads have seen of a structure could have been seen if each operation had been done at one moment
// between its beginning and its end: linearizability.
//
// A history is recorded while threads run (recorder), and searched for an order that a sequential model agrees with
// (linearizable()). The search is exhaustive, for histories of up to longest_history operations.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace weir::structures {

enum class action : unsigned char { push, pop, insert, erase, find };

// One operation. result: what pop(), erase() and find() have returned; of insert(), the value if it has been inserted.
struct operation {
  action what = action::push;
  int key = 0;
  int value = 0;
  std::optional<int> result{};
  std::uint64_t begun = 0;  // in one order for all threads
  std::uint64_t ended = 0;
  std::size_t thread = 0;
};

using history = std::vector<operation>;

// For a test that has failed: one line for each operation.
[[nodiscard]] std::string text_of(const history& h);

class recorder {
 public:
  explicit recorder(std::size_t threads) : of_thread_(threads) {}

  // Calls `perform` with the operation, and keeps what it returns as the operation's result. One thread at a time for
  // each number.
  void record(std::size_t thread, operation o, const std::function<std::optional<int>(const operation&)>& perform);

  // When the threads are done.
  [[nodiscard]] history all() const;

 private:
  std::uint64_t now() noexcept;

  std::atomic<std::uint64_t> clock_{0};
  std::vector<history> of_thread_;
};

inline constexpr std::size_t longest_history = 63;

// A Model is a sequential structure: copied, compared by operator<, and apply(o) does the operation and tells whether
// the result is right.
template <class Model>
class linearization {
 public:
  explicit linearization(const history& h) : history_(h) {
    if (h.size() > longest_history) throw std::length_error("a history is too long to be searched");
  }

  [[nodiscard]] bool exists() { return extend(0, Model()); }

 private:
  using chosen = std::uint64_t;  // bit i: operation i has its place in the order already

  [[nodiscard]] static chosen bit(std::size_t i) { return chosen{1} << i; }

  // Whether operation i may come next: no other one that has no place yet had ended before it began.
  [[nodiscard]] bool may_come(chosen done, std::size_t i) const {
    for (std::size_t k = 0; k < history_.size(); ++k) {
      if ((done & bit(k)) == 0 && history_[k].ended < history_[i].begun) return false;
    }
    return true;
  }

  [[nodiscard]] bool extend(chosen done, const Model& before) {
    if (done == bit(history_.size()) - 1) return true;
    if (!tried_.emplace(done, before).second) return false;  // the rest has been tried from here
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if ((done & bit(i)) != 0 || !may_come(done, i)) continue;
      Model after = before;
      if (after.apply(history_[i]) && extend(done | bit(i), after)) return true;
    }
    return false;
  }

  const history& history_;
  std::set<std::pair<chosen, Model>> tried_;
};

template <class Model>
[[nodiscard]] bool linearizable(const history& h) {
  return linearization<Model>(h).exists();
}

}  // namespace weir::structures
