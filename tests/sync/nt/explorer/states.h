// The state of the machine, the segment and the fibers' stacks: kept, put back, hashed. Internal to explore.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "tests/sync/nt/explorer/machine.h"
#include "tests/sync/nt/explorer/place.h"

namespace weir::nt::explorer {

// Everything, as it is now, to be had again later.
class snapshot {
 public:
  void take() {
    bytes_.clear();
    add(&the_machine, sizeof the_machine);
    add(&the_segment, sizeof the_segment);
    for (unsigned t = 0; t < the_machine.threads; ++t) {
      stacks_[t] = bytes_.size();
      const std::span<const char> stack = stack_of(t);
      add(stack.data(), stack.size());
    }
  }
  void put_back() const {
    std::memcpy(static_cast<void*>(&the_machine), all(), sizeof the_machine);
    std::memcpy(static_cast<void*>(&the_segment), rest(), sizeof the_segment);
    for (unsigned t = 0; t < the_machine.threads; ++t) {
      const std::span<char> stack = stack_of(t);
      std::memcpy(stack.data(), bytes_.data() + stacks_[t], stack.size());
    }
  }

  // Whether it is so now, but for the stacks; byte by byte, as it is copied.
  [[nodiscard]] bool is_now() const {
    const void* const now_all = &the_machine;
    const void* const now_rest = &the_segment;
    return std::memcmp(now_all, all(), sizeof the_machine) == 0 &&
           std::memcmp(now_rest, rest(), sizeof the_segment) == 0;
  }
  [[nodiscard]] piece stack_at(unsigned t, std::size_t i) const {
    piece p;
    std::memcpy(&p, bytes_.data() + stacks_[t] + i * sizeof p, sizeof p);
    return p;
  }

 private:
  void add(const void* from, std::size_t n) {
    const auto* p = static_cast<const char*>(from);
    bytes_.insert(bytes_.end(), p, p + n);
  }
  [[nodiscard]] const char* all() const { return bytes_.data(); }
  [[nodiscard]] const char* rest() const { return bytes_.data() + sizeof the_machine; }

  std::vector<char> bytes_;
  std::array<std::size_t, most_threads> stacks_{};
};

// 64 bits.
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
  template <class T>
  void add(const T& x) {
    static_assert(sizeof x % 8 == 0);
    add(&x, sizeof x);
  }
  // Byte by byte: an assignment need not copy what lies between the fields.
  template <class T>
  class copy_of {
   public:
    explicit copy_of(const T& x) { std::memcpy(bytes_, &x, sizeof x); }
    T* operator->() { return reinterpret_cast<T*>(bytes_); }
    void add_to(hash& h) const { h.add(bytes_, sizeof bytes_); }

   private:
    alignas(T) char bytes_[sizeof(T)];
  };
  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t h = 0;
    for (const std::uint64_t x : lanes_) h = (h ^ x ^ x >> 29) * 0xff51afd7ed558ccd;
    return (h ^ h >> 32) | 1;
  }

 private:
  void mix(std::size_t lane, const char* p) {
    std::uint64_t x = 0;
    std::memcpy(&x, p, 8);
    std::uint64_t& h = lanes_[lane];
    h = (h ^ x) * 0xc4ceb9fe1a85ec53;
    h ^= h >> 31;
  }

  std::array<std::uint64_t, 4> lanes_{0x9e3779b97f4a7c15, 0xd6e8feb86659fd93, 0xa0761d6478bd642f, 0xe7037ed1a0b428db};
};

// Everything but the stacks; without what nobody will read any more. `history`: for what threads were told.
inline hash hash_of_memory(std::uint64_t history) {
  static_assert(sizeof(cell) % 32 == 0 && sizeof(record) % 32 == 0);
  hash h;
  for (unsigned t = 0; t < the_machine.threads; ++t) {
    hash::copy_of<thread> x(the_machine.all.threads[t]);
    if (x->need != needs::lock) x->lock = nullptr;
    if (x->need != needs::blocked) x->other = 0;
    x.add_to(h);
  }
  h.add(history);
  for (unsigned i = 0; i < the_machine.objects; ++i) h.add(the_segment.cells[i]);
  h.add(the_segment.records, the_machine.threads * sizeof(record));
  h.add(&the_segment.group_lock, sizeof the_segment - offsetof(segment, group_lock));
  return h;
}

// What of a stack is alive.
inline void add_alive(hash& h, unsigned t, const place& where) {
  const std::span<const char> stack = stack_of(t);
  h.add(reinterpret_cast<std::uintptr_t>(&where));
  std::array<piece, 8> some{};
  std::size_t n = 0;
  for (const std::uint16_t i : where.alive()) {
    std::memcpy(&some[n % some.size()], stack.data() + i * sizeof(piece), sizeof(piece));
    if (++n % some.size() == 0) h.add(some);
  }
  h.add(some);
}

}  // namespace weir::nt::explorer
