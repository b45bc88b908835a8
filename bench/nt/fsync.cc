// The design known as fsync: each object is a word in shared memory, which is taken by an exchange; whoever signals it
// wakes all who sleep, whether there are any or not. To wait for several is one futex_waitv(2); to wait for all is to
// wait for each, to see whether all are still there, and to take one after the other: others see the half of it.
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>

#include "bench/nt/futex.h"
#include "bench/nt/rounds.h"
#include "bench/support/places.h"
#include "weir/barrier/port.h"

namespace {

constexpr auto kind = bench::futex_kind::shared;

thread_local constinit volatile std::uint64_t sink = 0;

class event {
 public:
  void set() {
    if (word_.exchange(1, std::memory_order_acq_rel) == 0) bench::futex_wake<kind>(word_, INT_MAX);
  }
  [[nodiscard]] bool try_wait() {
    std::uint32_t one = 1;
    return word_.load(std::memory_order_relaxed) == 1 &&
           word_.compare_exchange_strong(one, 0, std::memory_order_acq_rel, std::memory_order_relaxed);
  }
  void wait() {
    while (!try_wait()) bench::futex_wait<kind>(word_, 0);
  }
  [[nodiscard]] bool is_set() const { return word_.load(std::memory_order_acquire) != 0; }
  bench::futex_word& word() { return word_; }

 private:
  alignas(weir::port::line) bench::futex_word word_{0};
};

class semaphore {
 public:
  explicit semaphore(std::uint32_t count) : count_(count) {}
  void acquire() {
    for (;;) {
      std::uint32_t n = count_.load(std::memory_order_relaxed);
      if (n == 0) {
        bench::futex_wait<kind>(count_, 0);
      } else if (count_.compare_exchange_weak(n, n - 1, std::memory_order_acq_rel, std::memory_order_relaxed)) {
        return;
      }
    }
  }
  // As NT's: what would be more than `limit` is refused.
  bool release() {
    std::uint32_t n = count_.load(std::memory_order_relaxed);
    do {
      if (n == limit) return false;
    } while (!count_.compare_exchange_weak(n, n + 1, std::memory_order_acq_rel, std::memory_order_relaxed));
    bench::futex_wake<kind>(count_, INT_MAX);
    return true;
  }

 private:
  static constexpr std::uint32_t limit = 1000;

  alignas(weir::port::line) bench::futex_word count_;
};

std::uint32_t own_id() {
  static std::atomic<std::uint32_t> last{0};
  thread_local const std::uint32_t id = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return id;
}

class mutant {
 public:
  void acquire() {
    const std::uint32_t me = own_id();
    if (owner_.load(std::memory_order_relaxed) == me) {
      ++times_;
      return;
    }
    for (;;) {
      std::uint32_t owner = owner_.load(std::memory_order_relaxed);
      if (owner != 0) {
        bench::futex_wait<kind>(owner_, owner);
      } else if (owner_.compare_exchange_weak(owner, me, std::memory_order_acq_rel, std::memory_order_relaxed)) {
        times_ = 1;
        return;
      }
    }
  }
  void release() {
    bench::require(owner_.load(std::memory_order_relaxed) == own_id(), "releasing a mutant");
    if (--times_ != 0) return;
    owner_.store(0, std::memory_order_release);
    bench::futex_wake<kind>(owner_, INT_MAX);
  }

 private:
  alignas(weir::port::line) bench::futex_word owner_{0};
  std::uint32_t times_ = 0;
};

template <std::size_t Count>
class several {
 public:
  several() {
    for (std::size_t i = 0; i < Count; ++i) {
      waited_for_[i] = {};
      waited_for_[i].uaddr = reinterpret_cast<std::uintptr_t>(&events_[i].word());
      waited_for_[i].flags = FUTEX_32;
    }
  }
  event& operator[](std::size_t i) { return events_[i]; }

  std::size_t wait_any() {
    for (;;) {
      for (std::size_t i = 0; i < Count; ++i) {
        if (events_[i].try_wait()) return i;
      }
      bench::require(bench::futex_waitv(waited_for_.data(), Count) || errno == EAGAIN || errno == EINTR,
                     "futex_waitv(2)");
    }
  }

 private:
  std::array<event, Count> events_;
  std::array<futex_waitv, Count> waited_for_;
};

// Manual events, all set, which nobody resets: to take one is to see it.
template <std::size_t Count>
class all_set {
 public:
  all_set() {
    for (event& e : events_) e.set();
  }
  [[nodiscard]] std::size_t wait_any() const {
    std::size_t i = 0;
    while (!events_[i].is_set()) ++i;
    return i;
  }
  [[nodiscard]] std::size_t wait_all() {
    for (;;) {
      for (event& e : events_) {
        while (!e.is_set()) bench::futex_wait<kind>(e.word(), 0);
      }
      std::size_t still = 0;
      for (const event& e : events_) still += e.is_set() ? 1 : 0;
      if (still == Count) return still;
    }
  }

 private:
  std::array<event, Count> events_;
};

template <std::size_t Count>
all_set<Count>& ready() {
  static all_set<Count> events;
  return events;
}

BENCH_LOOP_AFTER(set_wait, sink, static event e, {
  e.set();
  e.wait();
  ++sum;
})
BENCH_LOOP_AFTER(uncontended_mutant, sink, static mutant m, {
  m.acquire();
  m.release();
  ++sum;
})
BENCH_LOOP_AFTER(uncontended_semaphore, sink, static semaphore s(1), {
  s.acquire();
  sum += s.release() ? 1 : 0;
})
BENCH_LOOP_AFTER(wait_any_64, sink, auto& events = ready<64>(), sum += events.wait_any())
BENCH_LOOP_AFTER(wait_all_2, sink, auto& events = ready<2>(), sum += events.wait_all())
BENCH_LOOP_AFTER(wait_all_8, sink, auto& events = ready<8>(), sum += events.wait_all())

class last_of_64 {
 public:
  void set() { events_[63].set(); }
  void wait() { bench::require(events_.wait_any() == 63, "waiting for any of 64"); }

 private:
  several<64> events_;
};

// Linux 5.16.
const char* prepare() {
  bench::require(!bench::futex_waitv(nullptr, 0), "futex_waitv(2) for nothing");
  return errno == ENOSYS ? "the kernel has no futex_waitv(2)" : nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"set_wait_uncontended", duet_alone, &set_wait, nullptr},
      {"mutant_uncontended", duet_alone, &uncontended_mutant, nullptr},
      {"semaphore_uncontended", duet_alone, &uncontended_semaphore, nullptr},
      {"wait_any_64_ready", duet_alone, &wait_any_64, nullptr},
      {"wait_all_2_ready", duet_alone, &wait_all_2, nullptr},
      {"wait_all_8_ready", duet_alone, &wait_all_8, nullptr},
      bench::zigzag<event>::row("handover_1core", duet_one_core),
      bench::zigzag<last_of_64>::row("wait_any_64_handover_1core", duet_one_core),
      bench::zigzag<event>::row("handover_2core", duet_two_cores),
      bench::zigzag<event>::row("zigzag_2s", duet_anywhere),
      bench::contest<mutant>::row("contended_2core", duet_lock),
      bench::contest<mutant>::row("contended_10m", duet_lock_anyhow),
      {nullptr, duet_alone, nullptr, nullptr},
  };
  static constexpr duet_program program = {
      .rows = rows,
      .prepare = &prepare,
      .strategy = nullptr,
      .reason = nullptr,
  };
  return duet_main(&program, argc, argv);
}
