// The design known as esync: each object is an eventfd(2), and a word in memory that says what it probably is; a wait
// polls, and then reads. To wait for all is to wait for each, to see whether all are still there, and to take one after
// the other: others see the half of it.
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench/nt/rounds.h"
#include "bench/support/places.h"
#include "weir/barrier/port.h"

namespace {

thread_local constinit volatile std::uint64_t sink = 0;

class descriptor {
 public:
  descriptor(unsigned value, int flags) : fd_(::eventfd(value, EFD_CLOEXEC | EFD_NONBLOCK | flags)) {
    bench::require(fd_ >= 0, "eventfd(2)");
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() { ::close(fd_); }

  void add() const {
    const std::uint64_t one = 1;
    bench::require(::write(fd_, &one, sizeof one) == sizeof one, "writing to an eventfd");
  }
  // False: there is nothing to take.
  [[nodiscard]] bool take() const {
    std::uint64_t taken;
    return ::read(fd_, &taken, sizeof taken) == sizeof taken;
  }
  [[nodiscard]] pollfd to_poll() const { return {fd_, POLLIN, 0}; }
  void wait() const {
    pollfd p = to_poll();
    bench::require(::poll(&p, 1, -1) == 1 || errno == EINTR, "poll(2)");
  }

 private:
  int fd_;
};

// What the words in memory say is a guess; what the kernel says counts. All relaxed.
class event {
 public:
  explicit event(bool set = false) : of_(set, 0), set_(set) {}
  void set() {
    set_.store(true, std::memory_order_relaxed);
    of_.add();
  }
  [[nodiscard]] bool try_wait() {
    if (!set_.load(std::memory_order_relaxed) || !of_.take()) return false;
    set_.store(false, std::memory_order_relaxed);
    return true;
  }
  // After poll(2), whatever the word says.
  [[nodiscard]] bool take() {
    if (!of_.take()) return false;
    set_.store(false, std::memory_order_relaxed);
    return true;
  }
  void wait() {
    if (try_wait()) return;
    do of_.wait();
    while (!take());
  }
  [[nodiscard]] bool is_set() const { return set_.load(std::memory_order_relaxed); }
  [[nodiscard]] const descriptor& of() const { return of_; }

 private:
  descriptor of_;
  alignas(weir::port::line) std::atomic<bool> set_;
};

class semaphore {
 public:
  explicit semaphore(unsigned count) : of_(count, EFD_SEMAPHORE), count_(count) {}
  void acquire() {
    while (count_.load(std::memory_order_relaxed) == 0 || !of_.take()) of_.wait();
    count_.fetch_sub(1, std::memory_order_relaxed);
  }
  void release() {
    count_.fetch_add(1, std::memory_order_relaxed);
    of_.add();
  }

 private:
  descriptor of_;
  alignas(weir::port::line) std::atomic<unsigned> count_;
};

int own_id() {
  static std::atomic<int> last{0};
  thread_local const int id = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return id;
}

class mutant {
 public:
  void acquire() {
    const int me = own_id();
    if (owner_.load(std::memory_order_relaxed) == me) {
      ++times_;
      return;
    }
    while (owner_.load(std::memory_order_relaxed) != 0 || !of_.take()) of_.wait();
    owner_.store(me, std::memory_order_relaxed);
    times_ = 1;
  }
  void release() {
    bench::require(owner_.load(std::memory_order_relaxed) == own_id(), "releasing a mutant");
    if (--times_ != 0) return;
    owner_.store(0, std::memory_order_relaxed);
    of_.add();
  }

 private:
  descriptor of_{1, EFD_SEMAPHORE};
  alignas(weir::port::line) std::atomic<int> owner_{0};
  unsigned times_ = 0;
};

template <std::size_t Count>
class several {
 public:
  several() {
    for (std::size_t i = 0; i < Count; ++i) polled_[i] = events_[i].of().to_poll();
  }
  event& operator[](std::size_t i) { return events_[i]; }

  std::size_t wait_any() {
    for (std::size_t i = 0; i < Count; ++i) {
      if (events_[i].try_wait()) return i;
    }
    for (;;) {
      bench::require(::poll(polled_.data(), Count, -1) > 0 || errno == EINTR, "poll(2)");
      for (std::size_t i = 0; i < Count; ++i) {
        if (polled_[i].revents != 0 && events_[i].take()) return i;
      }
    }
  }

 private:
  std::array<event, Count> events_;
  std::array<pollfd, Count> polled_;
};

// Manual events, all set, which nobody resets: to take one is to see it.
template <std::size_t Count>
class all_set {
 public:
  all_set() {
    for (std::size_t i = 0; i < Count; ++i) {
      events_[i].set();
      polled_[i] = events_[i].of().to_poll();
    }
  }
  [[nodiscard]] std::size_t wait_any() const {
    std::size_t i = 0;
    while (!events_[i].is_set()) ++i;
    return i;
  }
  [[nodiscard]] std::size_t wait_all() {
    do {
      for (const event& e : events_) e.of().wait();
    } while (::poll(polled_.data(), Count, 0) != static_cast<int>(Count));
    return Count;
  }

 private:
  std::array<event, Count> events_;
  std::array<pollfd, Count> polled_;
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
  s.release();
  ++sum;
})
BENCH_LOOP_AFTER(wait_any_64, sink, auto& events = ready<64>(), sum += events.wait_any())
BENCH_LOOP_AFTER(wait_all_2, sink, auto& events = ready<2>(), sum += events.wait_all())
BENCH_LOOP_AFTER(wait_all_8, sink, auto& events = ready<8>(), sum += events.wait_all())
BENCH_LOOP(create_close, sink, {
  const event e;
  sum += e.is_set() ? 1 : 0;
})

class last_of_64 {
 public:
  void set() { events_[63].set(); }
  void wait() { bench::require(events_.wait_any() == 63, "waiting for any of 64"); }

 private:
  several<64> events_;
};

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"set_wait_uncontended", duet_alone, &set_wait, nullptr},
      {"mutant_uncontended", duet_alone, &uncontended_mutant, nullptr},
      {"semaphore_uncontended", duet_alone, &uncontended_semaphore, nullptr},
      {"wait_any_64_ready", duet_alone, &wait_any_64, nullptr},
      {"wait_all_2_ready", duet_alone, &wait_all_2, nullptr},
      {"wait_all_8_ready", duet_alone, &wait_all_8, nullptr},
      {"create_close", duet_alone, &create_close, nullptr},
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
      .prepare = nullptr,
      .strategy = nullptr,
      .reason = nullptr,
  };
  return duet_main(&program, argc, argv);
}
