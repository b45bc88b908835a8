// The strategy of Windows apart from Windows: refused where the call is missing or does nothing, with the reason in
// words; no registration, and one call for each heavy().
#include <string>

#include "tests/support/catch.h"
#include "weir/barrier/choose.h"
#include "weir/barrier/fence.h"
#include "weir/barrier/flush.h"

namespace {

using namespace weir::barrier;
using detail::candidate;
using detail::choose;
using detail::decision;
using detail::verdict;
using detail::wish;

struct scripted {
  static inline const char* version = nullptr;
  static inline bool there = true;
  static inline int calls = 0;

  static const char* wine() noexcept { return version; }
  static bool find() noexcept { return there; }
  static void flush() noexcept { ++calls; }
};
using flush = detail::flush_on<scripted>;
static_assert(detail::strategy_file<flush>);
static_assert(flush::id == strategy::flush);

void play(const char* version, bool there) {
  scripted::version = version;
  scripted::there = there;
  scripted::calls = 0;
}

constexpr candidate rows[] = {detail::row<flush>, detail::row<detail::fence>};

TEST_CASE("Windows has the call: chosen, and one call for each heavy()") {
  play(nullptr, true);
  CHECK(flush::available(wish::automatic));
  const decision d = choose(rows, "", "");
  REQUIRE(d.chosen != nullptr);
  CHECK(d.chosen->id == strategy::flush);
  CHECK(d.text == std::string("flush: FlushProcessWriteBuffers"));
  CHECK(scripted::calls == 0);
  for (int i = 1; i <= 3; ++i) {
    d.chosen->heavy();
    CHECK(scripted::calls == i);
  }
}

TEST_CASE("under Wine it is refused, whoever asks, and never called") {
  play("8.0", true);
  const std::string why =
      "this is Wine 8.0: before 10.2 its FlushProcessWriteBuffers does nothing, later ones are untried";
  for (const wish w : {wish::automatic, wish::named}) {
    const verdict v = flush::available(w);
    CHECK(!v);
    CHECK(v.why() == why);
  }
  CHECK(!flush::install());
  const decision by_itself = choose(rows, "", "");
  REQUIRE(by_itself.chosen != nullptr);
  CHECK(by_itself.chosen->id == strategy::fence);
  CHECK(by_itself.text == "fence: a seq_cst fence on both sides; not flush: " + why);
  const decision named = choose(rows, "flush", "");
  CHECK(named.chosen == nullptr);
  CHECK(std::string(named.text).ends_with("\"flush\", which cannot be had here: " + why));
  CHECK(scripted::calls == 0);
}

TEST_CASE("also where it hides its version") {
  play("(its version is hidden)", true);
  CHECK(!flush::available(wish::automatic));
  CHECK(!flush::install());
  CHECK(choose(rows, "", "").chosen->id == strategy::fence);
}

TEST_CASE("a Windows without the call: refused, and it says since when there is one") {
  play(nullptr, false);
  const verdict v = flush::available(wish::named);
  CHECK(!v);
  CHECK(v.why() == std::string("no FlushProcessWriteBuffers here: needs Windows 7"));
  const decision d = choose(rows, "", "");
  REQUIRE(d.chosen != nullptr);
  CHECK(d.chosen->id == strategy::fence);
}

}  // namespace
