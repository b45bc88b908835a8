// Property: every thread that asks has a number of its own, the smallest that nobody has, for as long as it lives; and
// a scan up to bound() misses no thread that matters.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <memory>
#include <pthread.h>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/barrier/resident.h"
#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/per_thread.h"
#include "weir/barrier/thread.h"

namespace {

using namespace weir::test;
using weir::barrier::thread::bound;
using weir::barrier::thread::enter;
using weir::barrier::thread::index;  // not <strings.h>'s
using weir::barrier::thread::limit;
using weir::barrier::thread::none;
using weir::barrier::thread::per_thread;
using weir::barrier::thread::room;
using weir::barrier::thread::self;
using weir::barrier::thread::self_if_any;

// The room of thread.h's example: a word for each thread, set while the thread is at something.
constinit per_thread<std::atomic<std::uint32_t>> words;

void left(index i) noexcept { words.find(i)->store(0, std::memory_order_release); }

void enter_example() {
  static constinit room mine{.level = 1, .left = &left};
  static const bool entered = (enter(mine), true);
  static_cast<void>(entered);
}

// One after the other, `count` threads announce themselves in their words, with numbers that no thread had before,
// while the main thread closes a gate and scans. 1 if a thread saw the gate open and was not seen.
int scan_against_newcomers(int count, unsigned seed) {
  enter_example();
  std::minstd_rand random(seed);
  std::atomic<int> closed{0};  // the last round whose gate is closed
  std::atomic<int> ready{0};
  gate stay;
  std::atomic<int> saw_closed{-1};  // this round's newcomer; -1: it has not looked yet
  crew newcomers;
  newcomers.if_abandoned([&] { stay.open(); });
  for (int round = 1; round <= count; ++round) {
    saw_closed.store(-1, std::memory_order_relaxed);  // before its thread begins
    newcomers.add([&, round] {
      ready.store(round, std::memory_order_relaxed);  // only brings the two close together
      std::atomic<std::uint32_t>* const word = words.make(self());
      word->store(static_cast<std::uint32_t>(round), std::memory_order_relaxed);  // ordered by the barriers
      weir::barrier::light();
      saw_closed.store(closed.load(std::memory_order_relaxed) >= round,
                       std::memory_order_release);  // for the main thread
      stay.pass();
    });
    if (!eventually([&] { return ready.load(std::memory_order_relaxed) == round; })) return 1;
    for (auto n = random() % 500; n-- > 0;) weir::port::relax();
    closed.store(round, std::memory_order_relaxed);
    weir::barrier::heavy();
    bool seen = false;
    for (index i = 0; i < bound(); ++i) {
      const std::atomic<std::uint32_t>* const word = words.find(i);
      seen = seen || (word != nullptr && word->load(std::memory_order_relaxed) == static_cast<std::uint32_t>(round));
    }
    if (!eventually([&] { return saw_closed.load(std::memory_order_acquire) >= 0; })) return 1;
    if (!seen && saw_closed.load(std::memory_order_relaxed) == 0) {
      return unless(false, "neither the scan saw the newcomer nor the newcomer the gate");
    }
  }
  stay.open();
  return unless(newcomers.join().empty(), "a newcomer failed");
}

// In children, where no number is taken yet: a number below the bound would be scanned anyway.
TEST_CASE("a thread that registers during a scan is seen by it, or sees what came before it") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    CHECK(forked([&] { return scan_against_newcomers(scaled(200), seed); }).summary() == "exit 0");
  }
}

TEST_CASE("a thread has no number until it asks, then always the same") {
  crew threads;
  threads.add([] {
    if (self_if_any() != none) fail("a number without asking");
    const index mine = self();
    if (mine == none || mine >= limit) fail("no number");
    if (mine >= bound()) fail("a number that no scan sees");
    for (int i = 0; i < 100; ++i) {
      if (self() != mine || self_if_any() != mine) fail("another number");
    }
  });
  CHECK(threads.join() == "");
}

int waves_of_four(int count) {
  const index mine = self_if_any() == none ? 0 : 1;
  if (bound() > 1) return unless(false, "the bound has been raised before, and never falls");
  for (int wave = 0; wave < count; ++wave) {
    gate all_here;
    crew threads;
    threads.if_abandoned([&] { all_here.open(); });
    for (int i = 0; i < 4; ++i) {
      threads.add([&] {
        if (self() == none) fail("no number");
        all_here.pass();
      });
    }
    if (!all_here.await(4)) return unless(false, "four threads are not there");
    all_here.open();
    if (const std::string failures = threads.join(); !failures.empty()) return unless(false, failures.c_str());
  }
  return unless(bound() == 4 + mine, "not four numbers");
}

// Before the cases below, which raise the bound for good.
TEST_CASE("ten thousand threads, four at a time, need four numbers") {
  CHECK(forked([] { return waves_of_four(scaled(2'500)); }).summary() == "exit 0");
}

index smallest_not_in(const std::set<index>& used) {
  index i = 0;
  while (used.contains(i)) ++i;
  return i;
}

// Against a model: threads that come and go by seed.
TEST_CASE("the smallest free number is given, and free again when its thread has ended") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    std::minstd_rand random(seed);
    std::vector<std::unique_ptr<resident>> threads;
    std::set<index> used;
    if (self_if_any() != none) used.insert(self());
    const index bound_before = bound();
    index highest = 0;
    for (int step = 0; step < scaled(600); ++step) {
      if (threads.size() < 150 && random() % 5 < 3) {
        threads.push_back(std::make_unique<resident>());
        const index got = threads.back()->number();
        REQUIRE(got == smallest_not_in(used));
        used.insert(got);
        highest = std::max(highest, got);
      } else if (!threads.empty()) {
        std::swap(threads[random() % threads.size()], threads.back());
        used.erase(threads.back()->number());
        threads.pop_back();  // joins it
      }
    }
    CHECK(bound() == std::max(bound_before, highest + 1));
  }
}

TEST_CASE("four at a time never have the same number") {
  std::array<std::atomic<int>, 1000> owners{};
  crew threads;
  for (int t = 0; t < 4; ++t) {
    threads.add([&] {
      for (int round = 0; round < scaled(1'000); ++round) {
        std::thread([&] {
          const index mine = self();
          // Seq_cst for simplicity; the window is the rest of this thread's life.
          if (mine >= owners.size() || owners[mine].exchange(1, std::memory_order_seq_cst) != 0) {
            std::fprintf(stderr, "number %u twice\n", mine);
            std::abort();
          }
          owners[mine].store(0, std::memory_order_seq_cst);
        }).join();
      }
    });
  }
  CHECK(threads.join() == "");
}

// With small stacks: what is tested is the registry, not the machine's memory.
class crowd {
 public:
  // How many threads it could start.
  int start(int wanted) {
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    constexpr std::size_t enough = 256UL * 1024;  // and no system's least is above it
    ::pthread_attr_setstacksize(&attributes, enough);
    numbers_.resize(static_cast<std::size_t>(wanted), none);
    int started = 0;
    for (; started < wanted; ++started) {
      pthread_t t;
      places_.push_back(std::make_unique<place>(place{this, started}));
      if (const int error = ::pthread_create(&t, &attributes, &live, places_.back().get()); error != 0) {
        std::printf("left out: %d threads; thread %d cannot be started (%s)\n", wanted, started, std::strerror(error));
        break;
      }
      threads_.push_back(t);
    }
    ::pthread_attr_destroy(&attributes);
    numbers_.resize(static_cast<std::size_t>(started));
    return started;
  }
  [[nodiscard]] bool all_here() { return stay_.await(static_cast<int>(threads_.size())); }
  [[nodiscard]] const std::vector<index>& numbers() const { return numbers_; }
  void end() {
    stay_.open();
    for (const pthread_t t : threads_) ::pthread_join(t, nullptr);
    threads_.clear();
  }
  ~crowd() { end(); }

 private:
  struct place {
    crowd* all;
    int i;
  };
  static void* live(void* argument) {
    const auto* const here = static_cast<place*>(argument);
    here->all->numbers_[static_cast<std::size_t>(here->i)] = self();
    here->all->stay_.pass();
    return nullptr;
  }

  gate stay_;
  std::vector<index> numbers_;
  std::vector<std::unique_ptr<place>> places_;
  std::vector<pthread_t> threads_;
};

TEST_CASE("4,096 living threads have 4,096 numbers, all in use and all free again afterwards") {
  const int wanted = scaled(4'096);
  {
    crowd threads;
    const int started = threads.start(wanted);
    REQUIRE(started > 0);
    REQUIRE(threads.all_here());
    std::vector<index> numbers = threads.numbers();
    std::sort(numbers.begin(), numbers.end());
    CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
    CHECK(numbers.front() <= 1);  // the main thread may have one
    CHECK(numbers.back() <= static_cast<index>(started));
    CHECK(numbers.back() < bound());
    threads.end();
  }
  resident next;
  CHECK(next.number() <= 1);
}

}  // namespace
