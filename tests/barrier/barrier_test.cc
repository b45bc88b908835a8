// Property: the table of the contract (barrier.h) in the form that this program is built in, whatever the strategy.
//
// Built in several forms and run with several environments: see BUILD, which says by WEIR_TEST_STRATEGY what must come
// of the environment that it gives.
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>
#include <thread>
#include <typeinfo>

#include "tests/barrier/store_buffering.h"
#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/library.h"

namespace {

using namespace weir::test;
namespace barrier = weir::barrier;
using barrier::strategy;

constexpr std::array all_strategies{strategy::fence, strategy::membarrier, strategy::mprotect,
                                    strategy::flush, strategy::registers,  strategy::edges};

// Before any other constructor, the library's own included, and after any other destructor.
struct first_and_last {
  first_and_last() {
    barrier::light();
    barrier::heavy();
    barriers = barrier::system_barriers();
    active = barrier::active();
  }
  ~first_and_last() {
    barrier::light();
    barrier::heavy();
    if (barrier::active() != active) std::abort();
  }
  std::uint64_t barriers;
  strategy active;
};
[[gnu::init_priority(101)]] first_and_last early;

bool by_system() { return barrier::active() != strategy::fence; }

TEST_CASE("the barriers work before the first constructor, and the choice made there is final") {
  CHECK(early.active == barrier::active());
  CHECK(early.barriers == (by_system() ? 1u : 0u));
}

#if defined(WEIR_TEST_STRATEGY)
TEST_CASE("the environment that this test is run with has reached it") {
  CHECK(barrier::active() == strategy::WEIR_TEST_STRATEGY);
}
#endif

TEST_CASE("the strategy is the pinned one, or the environment's, and describe() begins with it") {
  std::printf("selected: %s\n", barrier::describe());
  const std::string active(barrier::name(barrier::active()));
  const std::string pin(barrier::per_form::pin());
  const char* const wanted = std::getenv("WEIR_BARRIER");
  if (!pin.empty()) CHECK(active == pin);
  if (wanted != nullptr) CHECK(active == wanted);
  const std::string text = barrier::describe();
  CHECK(text.rfind(active + ": ", 0) == 0);
  CHECK(text.find('\n') == std::string::npos);
  CHECK((text.find("the build (its pin)") != std::string::npos) == !pin.empty());
  CHECK(barrier::describe() == text);
}

TEST_CASE("require() accepts the strategy of this process and no other") {
  for (const strategy s : all_strategies) {
    CAPTURE(s);
    const std::error_code error = barrier::require(s);
    CHECK(static_cast<bool>(error) == (s != barrier::active()));
    if (!error) continue;
    CHECK(error.category() == barrier::category());
    CHECK(error.category().name() == std::string("weir.barrier"));
    CHECK(error.value() == static_cast<int>(s) + 1);
    CHECK(error.message() == "the barrier \"" + std::string(barrier::name(s)) +
                                 "\" is required, but this process has: " + barrier::describe());
  }
}

TEST_CASE("a program with RTTI may ask for the category's type") {
  const std::error_category& ours = barrier::category();
  const std::error_category& generic = std::generic_category();
  CHECK(typeid(ours) != typeid(generic));
  CHECK(dynamic_cast<const std::error_category*>(&ours) == &ours);
}

// The table: every pair that is said to be ordered is. What is said not to be is not promised either way.

void check_pair(void (*one)(), void (*other)()) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    CHECK(store_buffering::run(one, other, scaled(3'000), seed) == 0);
  }
}

void light() { barrier::light(); }
void full() { barrier::full(); }
void heavy() { barrier::heavy(); }

TEST_CASE("light and heavy are ordered") { check_pair(&light, &heavy); }
TEST_CASE("heavy and light are ordered") { check_pair(&heavy, &light); }
TEST_CASE("full and heavy are ordered") { check_pair(&full, &heavy); }
TEST_CASE("full and full are ordered") { check_pair(&full, &full); }
TEST_CASE("heavy and heavy are ordered") { check_pair(&heavy, &heavy); }

TEST_CASE("light and heavy are ordered, over many rounds", "[long]") {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    CHECK(store_buffering::run(&light, &heavy, scaled(1'000'000), seed) == 0);
  }
}

TEST_CASE("a heavy() is one barrier of the system, or none where fences do") {
  const std::uint64_t before = barrier::system_barriers();
  for (int i = 0; i < 10; ++i) barrier::heavy();
  CHECK(barrier::system_barriers() == before + (by_system() ? 10 : 0));
  for (int i = 0; i < 10; ++i) {
    barrier::light();
    barrier::full();
  }
  CHECK(barrier::system_barriers() == before + (by_system() ? 10 : 0));
}

TEST_CASE("eight callers at once, and each returns") {
  const std::uint64_t before = barrier::system_barriers();
  const int rounds = scaled(2'000);
  crew threads;
  for (int i = 0; i < 8; ++i) {
    threads.add([&] {
      for (int n = 0; n < rounds; ++n) barrier::heavy();
    });
  }
  CHECK(threads.join() == "");
  const std::uint64_t calls = barrier::system_barriers() - before;
  std::printf("%d callers, %llu calls\n", 8 * rounds, static_cast<unsigned long long>(calls));
  CHECK((calls > 0) == by_system());
}

TEST_CASE("a signal handler may say light() and full()") {
  barrier::light();  // in the form for ThreadSanitizer the first of a thread is no signal handler's
  static volatile std::sig_atomic_t handled = 0;
  const auto handler = [](int) {
    barrier::light();
    barrier::full();
    handled = handled + 1;
  };
  for (int i = 0; i < 100; ++i) {
    const auto before = std::signal(SIGTERM, handler);
    REQUIRE(before != SIG_ERR);
    REQUIRE(std::raise(SIGTERM) == 0);
    REQUIRE(std::signal(SIGTERM, before) != SIG_ERR);
  }
  CHECK(handled == 100);
}

TEST_CASE("in a child of fork() the choice is the parent's, and the barriers hold", "[fork]") {
  const strategy mine = barrier::active();
  const outcome child = forked([&] {
    const std::uint64_t before = barrier::system_barriers();
    barrier::heavy();
    return unless(barrier::active() == mine, "another strategy") +
           unless(barrier::system_barriers() == before + (by_system() ? 1 : 0), "not one barrier") +
           unless(store_buffering::run(&light, &heavy, scaled(1'000), 1) == 0, "neither saw the other");
  });
  CHECK(child.summary() == "exit 0");
}

TEST_CASE("a thread says light() in its last destructors, and heavy() too") {
  struct last_words {
    ~last_words() {
      barrier::light();
      barrier::heavy();
    }
  };
  const std::uint64_t before = barrier::system_barriers();
  std::thread([] {
    static thread_local last_words mine;
    static_cast<void>(mine);
  }).join();
  CHECK(barrier::system_barriers() == before + (by_system() ? 1 : 0));
}

}  // namespace
