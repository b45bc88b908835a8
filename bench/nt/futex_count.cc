// A word, and the number of those who sleep for it: whoever signals it makes a system call only if there is one.
#include <atomic>
#include <climits>
#include <cstdint>

#include "bench/nt/futex.h"
#include "bench/nt/rounds.h"
#include "bench/support/places.h"
#include "weir/barrier/port.h"

namespace {

constexpr auto kind = bench::futex_kind::process;

thread_local constinit volatile std::uint64_t sink = 0;

// [asleep] Who is about to sleep counts itself, and then looks at the word (as the kernel does once more); who signals
// changes the word, and then looks at the count. All four are seq_cst: one of the two sees the other.
class sleepers {
 public:
  void sleep(bench::futex_word& word, std::uint32_t expected) {
    count_.fetch_add(1, std::memory_order_seq_cst);
    bench::futex_wait<kind>(word, expected);
    count_.fetch_sub(1, std::memory_order_relaxed);
  }
  void wake(bench::futex_word& word, int most) {
    if (count_.load(std::memory_order_seq_cst) != 0) bench::futex_wake<kind>(word, most);
  }

 private:
  std::atomic<std::uint32_t> count_{0};
};

class event {
 public:
  void set() {
    word_.exchange(1, std::memory_order_seq_cst);  // [asleep]
    asleep_.wake(word_, 1);
  }
  void wait() {
    for (;;) {
      std::uint32_t one = 1;
      if (word_.load(std::memory_order_relaxed) == 1 &&
          word_.compare_exchange_strong(one, 0, std::memory_order_acq_rel, std::memory_order_relaxed)) {
        return;
      }
      asleep_.sleep(word_, 0);
    }
  }

 private:
  alignas(weir::port::line) bench::futex_word word_{0};
  sleepers asleep_;
};

class semaphore {
 public:
  explicit semaphore(std::uint32_t count) : count_(count) {}
  void acquire() {
    for (;;) {
      std::uint32_t n = count_.load(std::memory_order_relaxed);
      if (n == 0) {
        asleep_.sleep(count_, 0);
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
    } while (!count_.compare_exchange_weak(n, n + 1, std::memory_order_seq_cst, std::memory_order_relaxed));
    asleep_.wake(count_, 1);
    return true;
  }

 private:
  static constexpr std::uint32_t limit = 1000;

  alignas(weir::port::line) bench::futex_word count_;
  sleepers asleep_;
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
        asleep_.sleep(owner_, owner);
      } else if (owner_.compare_exchange_weak(owner, me, std::memory_order_acq_rel, std::memory_order_relaxed)) {
        times_ = 1;
        return;
      }
    }
  }
  void release() {
    bench::require(owner_.load(std::memory_order_relaxed) == own_id(), "releasing a mutant");
    if (--times_ != 0) return;
    owner_.exchange(0, std::memory_order_seq_cst);  // [asleep]
    asleep_.wake(owner_, 1);
  }

 private:
  alignas(weir::port::line) bench::futex_word owner_{0};
  sleepers asleep_;
  std::uint32_t times_ = 0;
};

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

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"set_wait_uncontended", duet_alone, &set_wait, nullptr},
      {"mutant_uncontended", duet_alone, &uncontended_mutant, nullptr},
      {"semaphore_uncontended", duet_alone, &uncontended_semaphore, nullptr},
      bench::zigzag<event>::row("handover_1core", duet_one_core),
      bench::zigzag<event>::row("handover_2core", duet_two_cores),
      bench::zigzag<event>::row("zigzag_2s", duet_anywhere),
      bench::contest<mutant>::row("contended_2core", duet_lock),
      bench::contest<mutant>::row("contended_10m", duet_lock_anyhow),
      {nullptr, duet_alone, nullptr, nullptr},
  };
  static constexpr duet_program program = {
      .rows = rows,
      .prepare = nullptr,
      .strategy = nullptr,
      .reason = nullptr,
  };
  return duet_main(&program, argc, argv);
}
