// Many producers, many consumers: Michael and Scott's queue on hazard pointers, beside a deque under a mutex.
//
//     mpmc_queue [seconds]
//
// prints for each how many values went through it in a second, from two producers to two consumers. That every value
// came out once, and those of one producer in order, is checked; anything else would be told. Of the nodes that were
// retired and not reclaimed it prints how many that have been at most: those that were handed over to the domain are
// counted, and up to 250 more wait in each thread that pops (weir/hazard/statistics.h).
//
// Expect the mutex to be ahead where processors are few: its threads seldom meet, and its values need no node from the
// allocator. What the other one has is that no thread holds up the others, wherever it is stopped, nor keeps more nodes
// from them than it protects, or has retired itself.
#include <algorithm>
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

// Which numbers of one producer came to one consumer: a bit for each. They rise, so that most of the time the bit is in
// the word that was used last.
class ledger {
 public:
  void add(std::uint64_t number) {
    const auto word = static_cast<std::size_t>(number / 64);
    if (word >= words_.size()) words_.resize(std::max(word + 1, 2 * words_.size()));
    words_[word] |= std::uint64_t{1} << number % 64;
    ++count_;
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::size_t words() const { return words_.size(); }
  [[nodiscard]] std::uint64_t word(std::size_t i) const { return i < words_.size() ? words_[i] : 0; }

 private:
  std::vector<std::uint64_t> words_;
  std::uint64_t count_ = 0;
};
using ledgers = std::array<ledger, producers>;

// Whether of the producer's numbers 0, 1, ..., put - 1 each came to one consumer, and no other one to any. That none
// came to the same one twice is seen by their order.
bool each_came_once(const std::array<ledgers, consumers>& got, std::size_t producer, std::uint64_t put) {
  std::size_t words = static_cast<std::size_t>(put / 64) + 1;
  for (const ledgers& of_consumer : got) words = std::max(words, of_consumer[producer].words());
  for (std::size_t i = 0; i < words; ++i) {
    std::uint64_t seen = 0;
    for (const ledgers& of_consumer : got) {
      const std::uint64_t here = of_consumer[producer].word(i);
      if ((seen & here) != 0) return false;
      seen |= here;
    }
    std::uint64_t wanted = 0;
    if (i < put / 64) wanted = ~wanted;
    if (i == put / 64) wanted = (std::uint64_t{1} << put % 64) - 1;
    if (seen != wanted) return false;
  }
  return true;
}

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
      o.right = o.right && each_came_once(got_, p, put_[p]);
      values += put_[p];
    }
    o.per_second = static_cast<double>(values) / lasted.count();
    return o;
  }

 private:
  // A producer that is far ahead waits: the memory of the queue is bounded, and the queue, not the allocator, measured.
  // Both sides look only now and then.
  static constexpr std::uint64_t ahead = 10'000;
  static constexpr std::uint64_t now_and_then = 256;
  static constexpr std::uint64_t least = 1'000;  // put in however short the time was: to have something to look at

  // How many it has put in.
  std::uint64_t produce(std::size_t self) {
    std::uint64_t mine = 0;
    while (mine < least || !enough_.load(std::memory_order_relaxed)) {  // a hint
      if (mine % now_and_then == 0 && mine > taken_of(self) + ahead) {
        std::this_thread::yield();
        continue;
      }
      queue_.push(item{self, mine++});
    }
    // [produced] Release: all of the producer's values are in the queue. Pairs with the acquire in consume().
    producing_.fetch_sub(1, std::memory_order_release);
    return mine;
  }

  ledgers consume(std::size_t self) {
    ledgers mine;
    std::array<std::uint64_t, producers> expected{};  // the least number that may come
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
      if (next->number < expected[p]) in_order_.store(false, std::memory_order_relaxed);  // read after the join
      expected[p] = next->number + 1;
      mine[p].add(next->number);
      const std::uint64_t taken = mine[p].count();
      if (taken % now_and_then == 0) taken_[self][p].store(taken, std::memory_order_relaxed);  // a hint
    }
  }

  std::uint64_t taken_of(std::size_t producer) const {
    std::uint64_t all = 0;
    for (const auto& by_consumer : taken_) all += by_consumer[producer].load(std::memory_order_relaxed);  // a hint
    return all;
  }

  Queue& queue_;
  std::array<ledgers, consumers> got_;
  std::array<std::uint64_t, producers> put_{};
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
    std::printf("%-30s at most %zu nodes were retired and not reclaimed, besides up to 250 in each consumer; %zu are\n",
                "", s.peak, s.pending);
    right = s.pending == 0 && right;
  }
  {
    locked_queue queue;
    right = tell("std::deque, std::mutex", race(queue).run(seconds)) && right;
  }
  std::printf("cases: %d passed, %d failed\n", right ? 1 : 0, right ? 0 : 1);
  return right ? 0 : 1;
}
