// Property: of any sequence of calls that do not block, each is told what the sequential model says, and the objects
// are worth it afterwards. Three threads take turns, which is what one thread can do for them as long as none blocks.
#include <chrono>
#include <random>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/calls.h"

namespace {

using namespace weir::nt::test;
using weir::nt::status;
using weir::park::timeout;

// What a wait that the model says is over may be given; or, if it would block, what ends it at once.
timeout draw_time(std::mt19937& random, bool blocks) {
  using namespace std::chrono_literals;
  switch (random() % (blocks ? 3 : 5)) {
    case 0:
    case 1: return timeout::after(0ns);
    case 2: return timeout::at(1s);  // of 1970: the thread is in the queues for a moment
    case 3: return timeout::after(1h);
    default: return timeout::never();
  }
}

// The first call that is told something else; empty: none.
std::string compare(std::uint32_t seed, int calls) {
  constexpr unsigned threads = 3;
  std::mt19937 random(seed);
  world w = draw_world(random);
  subject s(w);
  std::string log;
  for (int i = 0; i < calls; ++i) {
    const auto thread = static_cast<unsigned>(random() % threads);
    call c = draw_call(random, w);
    const bool is_wait = c.does == verb::wait_any || c.does == verb::wait_all;
    const answer right = *make_on(w, thread, c, true);
    if (is_wait) c.time = draw_time(random, right.result == status::timeout);
    const answer got = s.make(record_for(thread), c);
    const std::string differs = got == right ? s.compare(w) : "told " + text_of(got) + ", and not " + text_of(right);
    if (!differs.empty()) {
      return "seed " + std::to_string(seed) + ", call " + std::to_string(i) + ", thread " + std::to_string(thread) +
             ": " + text_of(c) + ": " + differs;
    }
  }
  for (unsigned t = 0; t < threads; ++t) {
    call ends;
    ends.does = verb::end;
    static_cast<void>(s.make(record_for(t), ends));
  }
  return log;
}

TEST_CASE("a million calls are told what the model says") {
  const std::uint32_t before = weir::nt::detail::own_segment().objects();
  constexpr int each = 1000;
  for (std::uint32_t seed = 1; seed <= static_cast<std::uint32_t>(weir::test::scaled(1000)); ++seed) {
    REQUIRE(compare(seed, each) == "");
  }
  CHECK(weir::nt::detail::own_segment().objects() == before);  // nothing is left
}

TEST_CASE("the same, of many more", "[.][long]") {
  const auto seed = static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  for (std::uint32_t i = 0; i < 100'000; ++i) REQUIRE(compare(seed + i, 1000) == "");
}

}  // namespace
