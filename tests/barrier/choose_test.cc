// Property: the choice is the first strategy of the ladder that installs, or what was asked for by name, or none with a
// sentence that says why; never something else in silence. Over fake ladders.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"
#include "weir/barrier/choose.h"

namespace {

using weir::barrier::strategy;
using namespace weir::barrier::detail;

// What the fake strategy of each name does, and what was asked of it.
struct script {
  bool available = true;        // to a wish::automatic
  bool available_named = true;  // to a wish::named
  bool installs = true;
  std::string reason = "some reason";
  std::vector<std::string> calls{};  // in order
};

std::array<script, 6> scripts;

template <strategy Id>
struct fake {
  static constexpr strategy id = Id;
  static script& mine() { return scripts[static_cast<std::size_t>(Id)]; }
  static verdict answer(bool yes) noexcept {
    return yes ? verdict::yes("%s", mine().reason.c_str()) : verdict::no("%s", mine().reason.c_str());
  }
  static verdict available(wish w) noexcept {
    mine().calls.push_back(w == wish::named ? "available if named" : "available");
    return answer(w == wish::named ? mine().available_named : mine().available);
  }
  static verdict install() noexcept {
    mine().calls.push_back("install");
    return answer(mine().installs);
  }
  static void heavy() noexcept { mine().calls.push_back("heavy"); }
};

constexpr candidate ladder[] = {row<fake<strategy::membarrier>>, row<fake<strategy::mprotect>>,
                                row<fake<strategy::fence>>};

script& of(strategy s) { return scripts[static_cast<std::size_t>(s)]; }

// Everything available, every reason telling whose it is, nothing asked yet.
void reset() {
  scripts = {};
  for (const candidate& c : ladder) of(c.id).reason = "because " + std::string(weir::barrier::name(c.id));
}

using calls = std::vector<std::string>;

TEST_CASE("the first that is available and installs is chosen; the worse ones are not even asked") {
  struct {
    bool membarrier, mprotect;
    strategy expected;
    const char* text;
  } const cases[] = {
      {true, true, strategy::membarrier, "membarrier: because membarrier"},
      {true, false, strategy::membarrier, "membarrier: because membarrier"},
      {false, true, strategy::mprotect, "mprotect: because mprotect; not membarrier: because membarrier"},
      {false, false, strategy::fence,
       "fence: because fence; not membarrier: because membarrier; not mprotect: because mprotect"},
  };
  for (const bool refused_at_install : {false, true}) {
    for (const auto& c : cases) {
      reset();
      (refused_at_install ? of(strategy::membarrier).installs : of(strategy::membarrier).available) = c.membarrier;
      (refused_at_install ? of(strategy::mprotect).installs : of(strategy::mprotect).available) = c.mprotect;
      const decision d = choose(ladder, "", "");
      REQUIRE(d.chosen != nullptr);
      CHECK(d.chosen->id == c.expected);
      CHECK(d.text == std::string(c.text));
      bool better = true;
      for (const candidate& r : ladder) {
        CAPTURE(r.id, refused_at_install);
        const bool is_it = r.id == c.expected;
        const calls expected = !better              ? calls{}
                               : is_it              ? calls{"available", "install"}
                               : refused_at_install ? calls{"available", "install"}
                                                    : calls{"available"};
        CHECK(of(r.id).calls == expected);
        better = better && !is_it;
      }
    }
  }
}

TEST_CASE("a strategy that is refused by itself is had by name; only it is asked, and as a named one") {
  for (const std::string_view by : {"environment", "pin"}) {
    reset();
    of(strategy::mprotect).available = false;
    const decision d = by == "pin" ? choose(ladder, "", "mprotect") : choose(ladder, "mprotect", "");
    REQUIRE(d.chosen == &ladder[1]);
    CHECK(of(strategy::mprotect).calls == calls{"available if named", "install"});
    CHECK(of(strategy::membarrier).calls.empty());
    CHECK(of(strategy::fence).calls.empty());
    CHECK(d.text == "mprotect: because mprotect; chosen by " +
                        std::string(by == "pin" ? "the build (its pin)" : "the environment (WEIR_BARRIER)"));
  }
}

TEST_CASE("a name that is refused leaves nothing chosen: no other is tried") {
  for (const bool at_install : {false, true}) {
    reset();
    (at_install ? of(strategy::membarrier).installs : of(strategy::membarrier).available_named) = false;
    const decision d = choose(ladder, "membarrier", "");
    CHECK(d.chosen == nullptr);
    CHECK(d.text == std::string("the environment (WEIR_BARRIER) asks for the barrier \"membarrier\", which cannot be "
                                "had here: because membarrier"));
    CHECK(of(strategy::mprotect).calls.empty());
    CHECK(of(strategy::fence).calls.empty());
  }
}

TEST_CASE("an unknown name is answered with those that exist") {
  reset();
  for (const std::string_view unknown : {"flush", "Fence", "fence ", "membarrier,fence", "\n"}) {
    const decision d = choose(ladder, unknown, "");
    CHECK(d.chosen == nullptr);
    CHECK(d.text == "the environment (WEIR_BARRIER) asks for the barrier \"" + std::string(unknown) +
                        "\", which does not exist here. There are: membarrier, mprotect, fence");
  }
  CHECK(choose(ladder, "", "flush").text ==
        std::string("the build (its pin) asks for the barrier \"flush\", which does not exist here. There are: "
                    "membarrier, mprotect, fence"));
  for (const candidate& c : ladder) CHECK(of(c.id).calls.empty());
}

TEST_CASE("the pin and the environment must agree") {
  reset();
  const decision agreed = choose(ladder, "fence", "fence");
  REQUIRE(agreed.chosen == &ladder[2]);
  CHECK(agreed.text == std::string("fence: because fence; chosen by the build (its pin)"));

  reset();
  const decision quarrel = choose(ladder, "fence", "membarrier");
  CHECK(quarrel.chosen == nullptr);
  CHECK(quarrel.text == std::string("WEIR_BARRIER asks for the barrier \"fence\", but this program is built with "
                                    "\"membarrier\" pinned"));
  for (const candidate& c : ladder) CHECK(of(c.id).calls.empty());
}

TEST_CASE("no strategy at all: nothing is chosen, and all reasons are given") {
  reset();
  for (const candidate& c : ladder) of(c.id).available = false;
  const decision d = choose(ladder, "", "");
  CHECK(d.chosen == nullptr);
  CHECK(d.text == std::string("no barrier can be had here; not membarrier: because membarrier; not mprotect: because "
                              "mprotect; not fence: because fence"));
  const decision empty = choose({}, "", "");
  CHECK(empty.chosen == nullptr);
  CHECK(empty.text == std::string("no barrier can be had here"));
  CHECK(choose({}, "fence", "").chosen == nullptr);
}

TEST_CASE("texts of any length are cut, not overrun") {
  for (const std::size_t length : {0u, 1u, 200u, 238u, 239u, 240u, 241u, 5000u}) {
    CAPTURE(length);
    reset();
    for (const candidate& c : ladder) {
      of(c.id).reason = std::string(length, 'r');
      of(c.id).available = false;
    }
    const std::size_t kept = std::min<std::size_t>(length, 239);  // a verdict's room
    std::string expected = "no barrier can be had here";
    for (const candidate& c : ladder) {
      expected += "; not " + std::string(weir::barrier::name(c.id)) + ": " + std::string(kept, 'r');
    }
    CHECK(choose(ladder, "", "").text == expected);
  }
}

TEST_CASE("more reasons than the text has room for are cut") {
  reset();
  std::vector<candidate> many(50, ladder[0]);
  of(strategy::membarrier).available = false;
  of(strategy::membarrier).reason = std::string(230, 'r');
  many.push_back(ladder[2]);
  const decision d = choose(many, "", "");
  REQUIRE(d.chosen == &many.back());
  CHECK(std::string_view(d.text).starts_with("fence: because fence; not membarrier: rrr"));
  CHECK(std::strlen(d.text) < sizeof d.text);

  const decision names = choose(std::vector<candidate>(500, ladder[0]), "?", "");
  CHECK(names.chosen == nullptr);
  CHECK(std::strlen(names.text) == sizeof names.text - 1);
}

TEST_CASE("a name of any length is cut, not overrun") {
  reset();
  const std::string name(100'000, 'n');
  for (const decision& d : {choose(ladder, name, ""), choose(ladder, "", name), choose(ladder, name, "fence"),
                            choose(ladder, "fence", name)}) {
    CHECK(d.chosen == nullptr);
    CHECK(std::strlen(d.text) < sizeof d.text);
    CHECK(std::strlen(d.text) > 50);
  }
}

}  // namespace
