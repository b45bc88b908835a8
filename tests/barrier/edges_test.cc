// The suite of strategy_test.cc for the one strategy of the form `edges`, which is built in that form only.
#include <pthread.h>
#include <thread>

#include "tests/barrier/strategy_suite.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/ladder.h"

namespace {

using namespace weir::test;
using weir::barrier::strategy;
using weir::barrier::detail::edges;

void light() { weir::barrier::light(); }

TEST_CASE("edges: of two who announce and look, at least one sees the other") {
  REQUIRE(available_here<edges>());
  check_property<edges>(&light, scaled(20'000));
}

TEST_CASE("edges: ... over many rounds", "[long]") { check_property<edges>(&light, scaled(4'000'000)); }

TEST_CASE("edges: available, installed as often as one likes, used") { check_life<edges>(); }

TEST_CASE("edges: used by any thread") { check_threads<edges>(); }

TEST_CASE("edges: it holds in the child", "[fork]") { check_child<edges>(&light); }

TEST_CASE("edges is the whole ladder of its form, and active") {
  CHECK(weir::barrier::detail::ladder().size() == 1);
  CHECK(weir::barrier::active() == strategy::edges);
  CHECK(weir::barrier::system_barriers() == 0);
  weir::barrier::heavy();
  CHECK(weir::barrier::system_barriers() == 1);
}

// A thread's word is given back with its number; a thread too far gone to have one shares a common word.
TEST_CASE("edges: light() in a thread that is ending, after it has lost its number for good") {
  static pthread_key_t key;
  static int rounds = 0;
  weir::barrier::light();  // the registry's key is made before this one, and destroyed before it in each round
  REQUIRE(::pthread_key_create(&key, [](void* p) {
            weir::barrier::light();
            if (++rounds < 3) ::pthread_setspecific(key, p);
          }) == 0);
  std::thread([] {
    weir::barrier::light();
    ::pthread_setspecific(key, &key);
  }).join();
  CHECK(rounds == 3);
  weir::barrier::heavy();
}

// More threads than one chunk of words holds, all with words of their own, while heavy() walks them.
TEST_CASE("edges: words come and go under a walk") {
  std::atomic<bool> enough{false};
  crew walkers;
  walkers.if_abandoned([&] { enough.store(true, std::memory_order_relaxed); });
  walkers.add([&] {
    while (!enough.load(std::memory_order_relaxed)) weir::barrier::heavy();  // only to stop
  });
  for (int wave = 0; wave < scaled(20); ++wave) {
    crew threads;
    for (int i = 0; i < 100; ++i) {
      threads.add([] {
        for (int n = 0; n < 10; ++n) weir::barrier::light();
      });
    }
    REQUIRE(threads.join() == "");
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(walkers.join() == "");
}

}  // namespace
