// Hazard pointers as far as their contract goes and no farther, for schedules.
//
// A node may be used by whoever has protected it before it was retired, as long as the protection lasts; by nobody
// else. With hazard pointers that reclaim, a structure that does not keep to this is noticed only if the node is
// reclaimed between the retirement and the use, for which other threads must come together at the right moments; here
// it is noticed in whatever schedule it happens.
//
// Only one thread at a time may be under way, as in a schedule: nothing here is atomic.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "tests/structures/schemes.h"
#include "tests/structures/watched.h"

namespace weir::structures {

// Nodes are reclaimed when it ends.
class by_contract : public plain_scheme {
  using moment = std::uint64_t;

 public:
  by_contract() = default;
  ~by_contract() {
    for (life* const one : retired_) one->end();
  }
  by_contract(const by_contract&) = delete;
  by_contract& operator=(const by_contract&) = delete;

  template <class T>
  struct base : graveyard::plot {
    moment retired_at = std::numeric_limits<moment>::max();
  };

 private:
  struct protection {
    const void* node = nullptr;
    moment since = 0;
  };

 public:
  template <std::size_t N>
  class guards {
   public:
    explicit guards(const by_contract&) noexcept : outer_(std::exchange(mine, held_)) {}
    ~guards() { mine = outer_; }
    guards(const guards&) = delete;
    guards& operator=(const guards&) = delete;

    template <class Value, class Of>
    [[nodiscard]] Value protect(std::size_t i, const std::atomic<Value>& source, Of of) noexcept {
      Value seen = source.load(std::memory_order_relaxed);  // a guess
      for (;;) {
        const void* const node = of(seen);                         // another thread may go on here
        const Value now = source.load(std::memory_order_acquire);  // [validate]
        if (now == seen) {
          held_[i] = {node, ++clock};
          return now;
        }
        seen = now;
      }
    }
    void swap(std::size_t i, std::size_t j) noexcept { std::swap(held_[i], held_[j]); }

   private:
    std::array<protection, N> held_;
    std::span<const protection> outer_;
  };

  template <class T>
  static T& use(T* n) noexcept {
    const auto covers = [&](const protection& p) { return p.node == n && p.since < n->retired_at; };
    if (std::none_of(mine.begin(), mine.end(), covers)) census::misused.fetch_add(1, std::memory_order_relaxed);
    return *n;
  }
  template <class T>
  void retire(T* n) {
    n->retired_at = ++clock;
    retired_.push_back(&n->of_this);
  }
  void settle() noexcept {}  // the destructor does it

 private:
  static inline moment clock = 0;
  static inline thread_local std::span<const protection> mine;  // of the operation that this thread is in

  std::vector<life*> retired_;
};

}  // namespace weir::structures
