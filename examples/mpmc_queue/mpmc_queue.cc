// Many producers, many consumers: Michael and Scott's queue on hazard pointers, beside a deque under a mutex.
//
//     mpmc_queue [seconds]
//
// prints for each how many values went through it in a second, from two producers to two consumers. That every value
// came out once, and those of one producer in order, is checked; anything else would be told.
//
// Expect the mutex to be ahead where processors are few: its threads seldom meet, and its values need no node from the
// allocator. What the other one has is that no thread holds up the others, wherever it is stopped, nor keeps more nodes
// from them than it protects, or has retired itself.
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tests/structures/queue.h"

namespace {

constexpr std::size_t producers = 2;
constexpr std::size_t consumers = 2;

// The n-th value of a producer.
struct item {
  std::size_t producer;
  std::uint64_t number;
};

// What the other one is compared with.
class locked_queue {
 public:
  void push(item i) {
    const std::lock_guard hold(lock_);
    items_.push_back(i);
  }
  std::optional<item> pop() {
    const std::lock_guard hold(lock_);
    if (items_.empty()) return std::nullopt;
    const item i = items_.front();
    items_.pop_front();
    return i;
  }

 private:
  std::mutex lock_;
  std::deque<item> items_;
};

// What went in or came out. If the numbers that a consumer has of a producer rise, none came to it twice; and if those
// that all consumers have of it are as many as were put in, with the same sum and sum of squares, none was lost, nor
// came to both.
struct account {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;  // modulo 2 to the 64

  void add(std::uint64_t number) {
    ++count;
    sum += number;
    squares += number * number;
  }
  void add(const account& other) {
    count += other.count;
    sum += other.sum;
    squares += other.squares;
  }
  bool operator==(const account&) const = default;
};
using accounts = std::array<account, producers>;

struct outcome {
  double per_second = 0;  // values
  bool right = true;
};

template <class Queue>
class race {
 public:
  explicit race(Queue& queue) : queue_(queue) {}

  outcome run(double seconds) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < consumers; ++i) threads.emplace_back([this, i] { got_[i] = consume(i); });
    for (std::size_t i = 0; i < producers; ++i) threads.emplace_back([this, i] { put_[i] = produce(i); });
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    enough_.store(true, std::memory_order_relaxed);  // a hint
    for (std::thread& t : threads) t.join();
    const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - begin;
    outcome o{.right = in_order_.load(std::memory_order_relaxed)};  // after the join
    std::uint64_t values = 0;
    for (std::size_t p = 0; p < producers; ++p) {
      account all;
      for (const accounts& of_consumer : got_) all.add(of_consumer[p]);
      o.right = o.right && all == put_[p];
      values += all.count;
    }
    o.per_second = static_cast<double>(values) / lasted.count();
    return o;
  }

 private:
  // A producer that is far ahead waits: the memory of the program is bounded, and the queue, not the allocator,
  // measured. Both sides look only now and then.
  static constexpr std::uint64_t ahead = 10'000;
  static constexpr std::uint64_t now_and_then = 256;

  account produce(std::size_t self) {
    account mine;
    while (!enough_.load(std::memory_order_relaxed)) {  // a hint
      if (mine.count % now_and_then == 0 && mine.count > taken_of(self) + ahead) {
        std::this_thread::yield();
        continue;
      }
      const std::uint64_t number = mine.count + 1;
      queue_.push(item{self, number});
      mine.add(number);
    }
    // [produced] Release: all of the producer's values are in the queue. Pairs with the acquire in consume().
    producing_.fetch_sub(1, std::memory_order_release);
    return mine;
  }

  accounts consume(std::size_t self) {
    accounts mine;
    std::array<std::uint64_t, producers> last{};
    for (;;) {
      // [produced] Acquire, before the look at the queue: where that finds nothing after the last producer has ended,
      // nothing will come.
      const bool over = producing_.load(std::memory_order_acquire) == 0;
      const std::optional<item> next = queue_.pop();
      if (!next) {
        if (over) return mine;
        std::this_thread::yield();
        continue;
      }
      const std::size_t p = next->producer;
      if (next->number <= last[p]) in_order_.store(false, std::memory_order_relaxed);  // read after the join
      last[p] = next->number;
      mine[p].add(next->number);
      if (mine[p].count % now_and_then == 0) taken_[self][p].store(mine[p].count, std::memory_order_relaxed);  // a hint
    }
  }

  std::uint64_t taken_of(std::size_t producer) const {
    std::uint64_t all = 0;
    for (const auto& by_consumer : taken_) all += by_consumer[producer].load(std::memory_order_relaxed);  // a hint
    return all;
  }

  Queue& queue_;
  std::array<accounts, consumers> got_{};
  accounts put_{};
  std::array<std::array<std::atomic<std::uint64_t>, producers>, consumers> taken_{};
  std::atomic<bool> enough_{false};
  std::atomic<std::size_t> producing_{producers};
  std::atomic<bool> in_order_{true};
};

bool tell(const char* name, outcome o) {
  std::printf("%-30s %8.2f million values a second; %s\n", name, o.per_second / 1e6,
              o.right ? "each came out once, in order" : "SOME WERE LOST, CAME TWICE OR OUT OF ORDER");
  return o.right;
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 1;
  bool right = true;
  {
    weir::structures::by_hazard_pointers<> scheme;
    weir::structures::queue<item> queue(scheme);
    right = tell("Michael-Scott, hazard pointers", race(queue).run(seconds)) && right;
    scheme.settle();
    const weir::hazard::statistics s = weir::hazard::default_domain().stats();
    std::printf("%-30s at most %zu nodes were retired and not reclaimed; %zu are\n", "", s.peak, s.pending);
    right = s.pending == 0 && right;
  }
  {
    locked_queue queue;
    right = tell("std::deque, std::mutex", race(queue).run(seconds)) && right;
  }
  std::printf("cases: %d passed, %d failed\n", right ? 1 : 0, right ? 0 : 1);
  return right ? 0 : 1;
}
