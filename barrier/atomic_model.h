// weir::atomic<T> under the model checker Relacy, with std::atomic's interface.
//
// Internal; included by atomic.h in a build with WEIR_BARRIER_MODEL. Relacy's header turns new, delete, malloc, assert
// and the memory_order names into macros; they are taken back here, since they break other people's headers. A model
// that wants Relacy's leak check uses rl::rl_malloc and rl::rl_free by name.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <relacy/relacy.hpp>
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst
#undef new
#undef delete
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef assert
#undef errno

namespace weir {
namespace detail {

// Where an operation stands: std::source_location, which Clang 14 cannot compile.
struct where {
  const char* function;
  const char* file;
  unsigned line;

  static constexpr where current(const char* function = __builtin_FUNCTION(), const char* file = __builtin_FILE(),
                                 unsigned line = __builtin_LINE()) {
    return {function, file, line};
  }
};

inline rl::debug_info info(const where& w) { return {w.function, w.file, w.line}; }

constexpr rl::memory_order relacy_order(std::memory_order order) {
  switch (order) {
    case std::memory_order_relaxed: return rl::mo_relaxed;
    case std::memory_order_consume: return rl::mo_consume;
    case std::memory_order_acquire: return rl::mo_acquire;
    case std::memory_order_release: return rl::mo_release;
    case std::memory_order_acq_rel: return rl::mo_acq_rel;
    case std::memory_order_seq_cst: break;
  }
  return rl::mo_seq_cst;
}

// The order of a failed compare_exchange that names one order only, as [atomics.types.operations] has it.
constexpr std::memory_order failure_order(std::memory_order order) {
  if (order == std::memory_order_acq_rel) return std::memory_order_acquire;
  if (order == std::memory_order_release) return std::memory_order_relaxed;
  return order;
}

}  // namespace detail

template <class T>
class atomic {
  using order = std::memory_order;
  using where = detail::where;

 public:
  atomic() : atomic(T()) {}
  atomic(T value) : value_(value), notified_(0u) {}  // NOLINT(google-explicit-constructor): as std::atomic
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  T load(order o, where w = where::current()) const { return value_.load(detail::relacy_order(o), detail::info(w)); }
  void store(T v, order o, where w = where::current()) { value_.store(v, detail::relacy_order(o), detail::info(w)); }
  T exchange(T v, order o, where w = where::current()) {
    return value_.exchange(v, detail::relacy_order(o), detail::info(w));
  }
  T fetch_add(T v, order o, where w = where::current()) {
    return value_.fetch_add(v, detail::relacy_order(o), detail::info(w));
  }
  T fetch_sub(T v, order o, where w = where::current()) {
    return value_.fetch_sub(v, detail::relacy_order(o), detail::info(w));
  }
  T fetch_or(T v, order o, where w = where::current()) {
    return value_.fetch_or(v, detail::relacy_order(o), detail::info(w));
  }
  T fetch_and(T v, order o, where w = where::current()) {
    return value_.fetch_and(v, detail::relacy_order(o), detail::info(w));
  }
  bool compare_exchange_weak(T& expected, T v, order success, order failure, where w = where::current()) {
    return value_.compare_exchange_weak(expected, v, detail::relacy_order(success), detail::info(w),
                                        detail::relacy_order(failure), detail::info(w));
  }
  bool compare_exchange_strong(T& expected, T v, order success, order failure, where w = where::current()) {
    return value_.compare_exchange_strong(expected, v, detail::relacy_order(success), detail::info(w),
                                          detail::relacy_order(failure), detail::info(w));
  }
  bool compare_exchange_weak(T& expected, T v, order o, where w = where::current()) {
    return compare_exchange_weak(expected, v, o, detail::failure_order(o), w);
  }
  bool compare_exchange_strong(T& expected, T v, order o, where w = where::current()) {
    return compare_exchange_strong(expected, v, o, detail::failure_order(o), w);
  }

  // Blocks until notified: a forgotten notification is a livelock that Relacy reports, not a wait that ends by luck.
  void wait(T old, order o, where w = where::current()) const {
    for (;;) {
      const unsigned heard = notified_.load(rl::mo_seq_cst, detail::info(w));
      if (load(o, w) != old) return;
      while (notified_.load(rl::mo_seq_cst, detail::info(w)) == heard) rl::yield(1, detail::info(w));
    }
  }
  void notify_one(where w = where::current()) { notify_all(w); }
  void notify_all(where w = where::current()) { notified_.fetch_add(1u, rl::mo_seq_cst, detail::info(w)); }

 private:
  rl::atomic<T> value_;
  rl::atomic<unsigned> notified_;
};

inline void atomic_thread_fence(std::memory_order order, detail::where w = detail::where::current()) {
  rl::atomic_thread_fence(detail::relacy_order(order), detail::info(w));
}

}  // namespace weir
