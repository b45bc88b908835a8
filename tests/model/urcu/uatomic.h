// The atomic operations of liburcu's interface under Relacy, for the headers that are written on them: to be included
// before <urcu/wfcqueue.h> or <urcu/wfstack.h>, whose own includes of what stands in here are empty then.
//
// Those headers know nothing of a model: their variables are plain pointers. Each has a word beside it, found by its
// address, in which the operations take place. A plain store of theirs is told to the word by words::plain(); it must
// come before all operations on the word, and stores to a word must come one after the other, in happens-before: that
// is more than C11 asks, and what the proofs say (rcu/urcu/README.md).
//
// A read-modify-write is seq_cst without fences around it, as on x86: fences would hide orders that are missing.
#pragma once

#include <array>
#include <atomic>
#include <string_view>

#include <urcu/compiler.h>

#include "tests/model/plain.h"
#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"

namespace weir::model {

// The orderings that can be weakened: the functions of the headers that they stand in, and the operations.
struct ordering {
  std::string_view name;
  std::string_view function;
  std::string_view operation;
};
inline constexpr ordering orderings[] = {
    {"wfcq-tail", "weir_urcu_wfcq_append", "xchg"},
    {"wfcq-link", "weir_urcu_wfcq_append", "store"},
    {"wfcq-follow", "weir_urcu_wfcq_follow", "load"},
    {"wfcq-last", "weir_urcu_wfcq_dequeue", "cmpxchg"},
    {"wfcq-last-all", "weir_urcu_wfcq_splice", "xchg"},
    {"wfcq-empty", "cds_wfcq_empty", "load"},
    {"wfs-top", "cds_wfs_push", "xchg"},
    {"wfs-link", "cds_wfs_push", "store"},
    {"wfs-follow", "weir_urcu_wfs_follow", "load"},
    {"wfs-take", "weir_urcu_wfs_pop", "load"},
    {"wfs-take-out", "weir_urcu_wfs_pop", "cmpxchg"},
    {"wfs-take-all", "__cds_wfs_pop_all", "xchg"},
};

inline std::memory_order order_at(std::string_view function, std::string_view operation, std::memory_order asked) {
  for (const ordering& o : orderings) {
    if (mutation::active == o.name && function == o.function && operation == o.operation) {
      return std::memory_order_relaxed;
    }
  }
  return asked;
}

// The words of one simulated program.
class words {
 public:
  words() { current = this; }

  // What a plain store has put there.
  template <class T>
  void plain(T*& at) {
    word* w = find(&at);
    if (w == nullptr) {
      RL_ASSERT(used_ < all_.size());
      w = &all_[used_++];
      w->address = &at;
    }
    w->made = 1;
    w->stored = 1;
    w->value.store(at, std::memory_order_relaxed);
  }

  template <class T>
  static T* load(T* const* at, std::memory_order o) {
    return static_cast<T*>(of(at).value.load(o));
  }
  template <class T>
  static void store(T* const* at, T* v, std::memory_order o) {
    word& w = of(at);
    w.stored = 1;
    w.value.store(v, o);
  }
  template <class T>
  static T* exchange(T* const* at, T* v, std::memory_order o) {
    return static_cast<T*>(of(at).value.exchange(v, o));
  }
  template <class T>
  static T* compare_exchange(T* const* at, T* old, T* v, std::memory_order o) {
    void* found = old;
    of(at).value.compare_exchange_strong(found, v, o, std::memory_order_relaxed);
    return static_cast<T*>(found);
  }

 private:
  struct word {
    const void* address = nullptr;
    weir::atomic<void*> value;
    weir::model::plain<int> made;    // written by plain stores, read by all operations
    weir::model::plain<int> stored;  // written by all stores
  };

  word* find(const void* address) {
    for (unsigned i = 0; i < used_; ++i) {
      if (all_[i].address == address) return &all_[i];
    }
    return nullptr;
  }
  static word& of(const void* address) {
    word* const w = current->find(address);
    RL_ASSERT(w != nullptr && w->made == 1);
    return *w;
  }

  static inline words* current = nullptr;
  std::array<word, 12> all_;
  unsigned used_ = 0;
};

}  // namespace weir::model

#define WEIR_URCU_UATOMIC_H
#define WEIR_URCU_WEIR_PATIENCE_H

enum cmm_memorder {
  CMM_RELAXED = static_cast<int>(std::memory_order_relaxed),
  CMM_ACQUIRE = static_cast<int>(std::memory_order_acquire),
  CMM_RELEASE = static_cast<int>(std::memory_order_release),
  CMM_ACQ_REL = static_cast<int>(std::memory_order_acq_rel),
  CMM_SEQ_CST = static_cast<int>(std::memory_order_seq_cst),
};

#define WEIR_MODEL_ORDER(operation, mo) ::weir::model::order_at(__func__, operation, static_cast<std::memory_order>(mo))
#define uatomic_load_mo(addr, mo) ::weir::model::words::load((addr), WEIR_MODEL_ORDER("load", mo))
#define uatomic_store_mo(addr, v, mo) \
  ::weir::model::words::store((addr), WEIR_URCU_AS_TARGET(addr, v), WEIR_MODEL_ORDER("store", mo))
#define uatomic_read(addr) uatomic_load_mo(addr, CMM_RELAXED)
#define uatomic_set(addr, v) uatomic_store_mo(addr, v, CMM_RELAXED)
#define uatomic_xchg(addr, v) \
  ::weir::model::words::exchange((addr), WEIR_URCU_AS_TARGET(addr, v), WEIR_MODEL_ORDER("xchg", CMM_SEQ_CST))
#define uatomic_cmpxchg_mo(addr, old, new_, mos, mof)                                                             \
  ::weir::model::words::compare_exchange((addr), WEIR_URCU_AS_TARGET(addr, old), WEIR_URCU_AS_TARGET(addr, new_), \
                                         WEIR_MODEL_ORDER("cmpxchg", mos))

inline void weir_urcu_wait_a_little(unsigned*) { rl::yield(1, {}); }
