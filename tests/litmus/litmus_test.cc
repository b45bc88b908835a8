// The harness's own logic: counting, judging, tuning, and the words between its processes. Nothing here is timed.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/litmus/clock.h"
#include "tests/litmus/tally.h"
#include "tests/litmus/tuner.h"
#include "tests/support/catch.h"

namespace {

using namespace litmus;

counts many(std::uint64_t iterations, std::uint64_t overlapped, std::uint64_t violations) {
  return {.iterations = iterations, .overlapped = overlapped, .violations = violations};
}

row made(const char* pair, expected e, counts found, counts witness = {}) {
  row r;
  r.pair = pair;
  r.held = "none";
  r.expect = e;
  r.found = found;
  r.witness = witness;
  return r;
}

const counts plenty = many(1'000'000, 900'000, 0);
const counts sharp = many(10'000, 9'000, 5'000);

TEST_CASE("of the four outcomes of an iteration, only the one where neither saw the other is a violation") {
  counts c;
  for (const bool reader_saw : {false, true}) {
    for (const bool writer_saw : {false, true}) {
      c.add({.reader_saw = reader_saw, .writer_saw = writer_saw, .reader_in_time = true, .writer_in_time = true});
    }
  }
  CHECK(c.iterations == 4);
  CHECK(c.overlapped == 4);
  CHECK(c.violations == 1);
  CHECK(c.rate() == 0.25);
}

TEST_CASE("an iteration overlapped only if both sides were in time; a violation counts in any case") {
  counts c;
  for (const bool reader : {false, true}) {
    for (const bool writer : {false, true}) {
      c.add({.reader_saw = false, .writer_saw = false, .reader_in_time = reader, .writer_in_time = writer});
    }
  }
  CHECK(c.overlapped == 1);
  CHECK(c.violations == 4);
}

TEST_CASE("no iterations have no rate") { CHECK(counts{}.rate() == 0); }

TEST_CASE("a row survives the way from one process to the other") {
  row r = made("light / heavy (membarrier, pinned)", expected::clean, many(1, 2, 3), many(4, 5, 6));
  r.held = "reader";
  r.seconds = 1.5;
  r.phase_ns = -17;
  r.jitter_ns = 40;
  const auto back = decode(encode(r));
  REQUIRE(back.has_value());
  CHECK(back->pair == r.pair);
  CHECK(back->held == "reader");
  CHECK(back->expect == expected::clean);
  CHECK(back->found.violations == 3);
  CHECK(back->found.overlapped == 2);
  CHECK(back->seconds == 1.5);
  CHECK(back->phase_ns == -17);
  CHECK(back->jitter_ns == 40);
  CHECK(back->witness.iterations == 4);
}

TEST_CASE("what is not a row is not taken for one") {
  const std::string good_line = encode(made("a / b", expected::caught, many(1, 2, 3)));
  REQUIRE(decode(good_line).has_value());
  CHECK_FALSE(decode(""));
  CHECK_FALSE(decode("litmus: looking for the phase"));
  CHECK_FALSE(decode(good_line + "|1"));
  CHECK_FALSE(decode(good_line.substr(1)));
  CHECK_FALSE(decode(good_line.substr(0, good_line.size() - 1)));
  std::string letters = good_line;
  letters.replace(letters.find("|1|"), 3, "|x|");
  CHECK_FALSE(decode(letters));
}

TEST_CASE("a wrong pair must be caught, with one way of holding back at least") {
  const row caught = made("p", expected::caught, many(1'000'000, 900'000, enough_violations));
  const row missed = made("p", expected::caught, many(1'000'000, 900'000, enough_violations - 1));
  CHECK(judge(std::vector{caught, missed}) == verdict::as_expected);
  CHECK(judge(std::vector{missed, caught}) == verdict::as_expected);
  CHECK(judge(std::vector{missed, missed}) == verdict::blind);
}

TEST_CASE("one violation condemns a pair that orders, whatever else was seen") {
  const row one = made("p", expected::clean, many(1'000'000, 900'000, 1), {});
  const row none = made("p", expected::clean, plenty, sharp);
  CHECK(judge(std::vector{none, one}) == verdict::violated);
  CHECK(judge(std::vector{one, none}) == verdict::violated);
}

TEST_CASE("a clean pair is believed only beside a witness that was caught, and if the sides overlapped") {
  CHECK(judge(std::vector{made("p", expected::clean, plenty, sharp)}) == verdict::as_expected);
  CHECK(judge(std::vector{made("p", expected::clean, plenty, many(10'000, 9'000, 0))}) == verdict::blind);
  CHECK(judge(std::vector{made("p", expected::clean, many(1'000'000, enough_overlapped - 1, 0), sharp)}) ==
        verdict::blind);
  CHECK(judge(std::vector<row>{}) == verdict::blind);
}

TEST_CASE("a control is shown, and judged never") {
  CHECK(judge(std::vector{made("p", expected::control, plenty)}) == verdict::as_expected);
  CHECK(judge(std::vector{made("p", expected::control, many(10, 10, 10))}) == verdict::as_expected);
}

TEST_CASE("all pairs are judged, each by its own rows") {
  const std::vector rows = {made("wrong", expected::caught, sharp), made("wrong", expected::caught, plenty),
                            made("right", expected::clean, plenty, sharp), made("unseen", expected::clean, plenty),
                            made("broken", expected::clean, sharp, sharp)};
  const summary s = judge_all(rows);
  CHECK(s.violated == std::vector<std::string>{"broken"});
  CHECK(s.blind == std::vector<std::string>{"unseen"});
}

TEST_CASE("fences, shims and the barrier across processes do not stand for an asymmetric light and heavy") {
  for (const char* pair :
       {"light / nothing", "full / full", "light / heavy (fence)", "light / heavy (fence, pinned)",
        "light / heavy (shared, expedited)", "light / heavy (apple: registers)", "light / fence + 200 ns"}) {
    CAPTURE(pair);
    CHECK_FALSE(has_asymmetric(std::vector{made(pair, expected::clean, plenty, sharp)}));
  }
  for (const char* pair : {"light / heavy (membarrier)", "light / heavy (mprotect)"}) {
    CAPTURE(pair);
    CHECK(has_asymmetric(
        std::vector{made("full / full", expected::clean, plenty, sharp), made(pair, expected::clean, plenty, sharp)}));
  }
  CHECK_FALSE(has_asymmetric(std::vector<row>{}));
}

TEST_CASE("only a program that aborts and says so has refused a strategy; one that crashes has failed") {
  const char* const sentence =
      "weir: the environment (WEIR_BARRIER) asks for the barrier \"mprotect\", which cannot be had here: INVLPGB";
  CHECK(refused_strategy(true, sentence));
  CHECK_FALSE(refused_strategy(false, sentence));
  CHECK_FALSE(refused_strategy(true, ""));
  CHECK_FALSE(refused_strategy(true, "terminate called without an active exception"));
  CHECK_FALSE(refused_strategy(true, "weir: membarrier(2) worked when the process started and is refused now (x)"));
}

TEST_CASE("exit codes: a violation outweighs everything, a blind pair or a missing part is inconclusive") {
  const summary fine;
  const summary blind{.violated = {}, .blind = {"p"}};
  const summary both{.violated = {"q"}, .blind = {"p"}};
  CHECK(exit_code_of(fine, true) == 0);
  CHECK(exit_code_of(both, true) == 1);
  CHECK(exit_code_of(both, false) == 1);
  CHECK(exit_code_of(blind, true) == 3);
  CHECK(exit_code_of(fine, false) == 3);
}

TEST_CASE("the tuner finds a narrow peak, its middle and its width") {
  for (const std::int64_t middle : {-1900, -130, 0, 77, 2000}) {
    const tuned t = tune(-2500, 2500, 100, [&](std::int64_t p) { return std::abs(p - middle) <= 60 ? 0.3 : 0.0; });
    CAPTURE(middle, t.phase, t.jitter);
    CHECK(std::abs(t.phase - middle) <= 25);
    CHECK(t.jitter >= 30);
    CHECK(t.jitter <= 110);
    CHECK(t.score > 0.25);
  }
}

TEST_CASE("the tuner takes the middle of a slope's upper half") {
  const tuned t = tune(-1000, 3000, 50, [](std::int64_t p) {
    return p < 0 ? 0.0 : std::exp(-static_cast<double>(p) / 1000);  // steep on the left, half after 693
  });
  CHECK(t.phase > 250);
  CHECK(t.phase < 450);
  CHECK(t.jitter > 250);
  CHECK(t.jitter < 450);
}

TEST_CASE("the tuner prefers a broad hill to one lucky point among noise") {
  const tuned t = tune(-1000, 1000, 40, [](std::int64_t p) {
    if (p == -600) return 0.5;  // alone
    return std::abs(p - 400) <= 160 ? 0.4 : 0.001;
  });
  CHECK(std::abs(t.phase - 400) <= 60);
}

TEST_CASE("where nothing is found, everything that was tried remains the range") {
  const tuned t = tune(-1000, 3000, 40, [](std::int64_t) { return 0.0; });
  CHECK(t.score == 0);
  CHECK(t.phase == 1000);
  CHECK(t.jitter == 2000);
}

TEST_CASE("the clock counts up, and converts both ways") {
  const ticks first = now();
  CHECK(now() >= first);
  CHECK(ticks_per_ns() > 0);
  CHECK(std::abs(to_ns(from_ns(1e6)) - 1e6) < 1e4);
}

}  // namespace
