// The state of the machine, the segment and the fibers' stacks: kept, put back, hashed. Internal to explore.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tests/sync/nt/explorer/machine.h"

namespace weir::nt::explorer {

// The stacks of the fibers.
constexpr std::size_t stack_bytes = 1 << 15;
alignas(64) inline char stacks[most_threads][stack_bytes];

// Everything, as it is now, to be had again later.
class snapshot {
 public:
  void take() {
    bytes_.clear();
    add(&the_machine.all, sizeof the_machine.all);
    add(&the_segment, sizeof the_segment);
    for (unsigned t = 0; t < the_machine.threads; ++t) {
      const char* const top = the_machine.all.threads[t].context.top();
      add(top, static_cast<std::size_t>(stacks[t] + stack_bytes - top));
    }
  }
  void put_back() const {
    const char* from = bytes_.data();
    const auto copy = [&](void* to, std::size_t n) {
      std::memcpy(to, from, n);
      from += n;
    };
    copy(&the_machine.all, sizeof the_machine.all);
    copy(&the_segment, sizeof the_segment);
    for (unsigned t = 0; t < the_machine.threads; ++t) {
      char* const top = the_machine.all.threads[t].context.top();
      copy(top, static_cast<std::size_t>(stacks[t] + stack_bytes - top));
    }
  }

 private:
  void add(const void* from, std::size_t n) {
    const auto* p = static_cast<const char*>(from);
    bytes_.insert(bytes_.end(), p, p + n);
  }
  std::vector<char> bytes_;
};

// 64 bits of everything that the future depends on. The stack of a thread between operations is always the same.
class hash {
 public:
  // Four words at a time, which do not wait for each other.
  void add(const void* from, std::size_t bytes) {
    const auto* p = static_cast<const char*>(from);
    for (; bytes >= 32; p += 32, bytes -= 32) {
      for (std::size_t lane = 0; lane < 4; ++lane) mix(lane, p + 8 * lane);
    }
    for (std::size_t lane = 0; lane < 3 && bytes >= 8; ++lane, p += 8, bytes -= 8) mix(lane, p);
  }
  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t h = 0;
    for (const std::uint64_t x : lanes_) h = (h ^ x ^ x >> 29) * 0xff51afd7ed558ccd;
    return (h ^ h >> 32) | 1;
  }

  static std::uint64_t of_now() {
    hash h;
    static_assert(sizeof(thread) % 8 == 0 && sizeof(cell) % 32 == 0 && sizeof(record) % 32 == 0);
    for (unsigned t = 0; t < the_machine.threads; ++t) h.add(alive(the_machine.all.threads[t]));
    h.add(&the_machine.all.monitor, sizeof the_machine.all - offsetof(state_of_all, monitor));
    for (unsigned i = 0; i < the_machine.objects; ++i) h.add(alive(the_segment.cells[i]));
    h.add(the_segment.records, the_machine.threads * sizeof(record));
    h.add(&the_segment.group_lock, sizeof the_segment - offsetof(segment, group_lock));
    for (unsigned t = 0; t < the_machine.threads; ++t) {
      const thread& x = the_machine.all.threads[t];
      if (x.inside) h.add(x.context.top(), static_cast<std::size_t>(stacks[t] + stack_bytes - x.context.top()));
    }
    return h.value();
  }

 private:
  // Without what nobody will read any more: states that differ in it only are the same.
  static thread alive(thread t) {
    if (t.need != needs::lock) t.lock = nullptr;
    if (t.need != needs::blocked) t.other = 0;
    return t;
  }
  static cell alive(cell c) {
    if ((c.word.value & detail::word::locked) == 0) {
      c.held_word = 0;
      c.held_next = 0;
    }
    return c;
  }
  template <class T>
  void add(const T& x) {
    add(&x, sizeof x);
  }

  void mix(std::size_t lane, const char* p) {
    std::uint64_t x = 0;
    std::memcpy(&x, p, 8);
    std::uint64_t& h = lanes_[lane];
    h = (h ^ x) * 0xc4ceb9fe1a85ec53;
    h ^= h >> 31;
  }

  std::array<std::uint64_t, 4> lanes_{0x9e3779b97f4a7c15, 0xd6e8feb86659fd93, 0xa0761d6478bd642f, 0xe7037ed1a0b428db};
};

}  // namespace weir::nt::explorer
