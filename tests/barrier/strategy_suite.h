// What every strategy owes, as functions of its type: the typed suite of strategy_test.cc and edges_test.cc.
#pragma once

#include <cstdio>
#include <cstring>
#include <string>

#include "tests/barrier/store_buffering.h"
#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/combine.h"
#include "weir/barrier/strategy.h"

namespace weir::test {

using barrier::detail::verdict;
using barrier::detail::wish;

// One line, and not cut: a verdict's text fills its buffer only if something did not fit.
inline void check_text(const char* text, std::size_t room) {
  CAPTURE(text);
  CHECK(std::strlen(text) > 0);
  CHECK(std::strlen(text) + 1 < room);
  CHECK(std::strchr(text, '\n') == nullptr);
}

inline constexpr std::size_t verdict_room = sizeof(verdict) - sizeof(bool);

struct yielding {
  static bool busy(unsigned) noexcept {
    std::this_thread::yield();
    return true;
  }
  static void give_way() noexcept {}
};

// Available if somebody insists. If not: says so, with the reason, which is then what is checked.
template <class S>
[[nodiscard]] bool available_here() {
  const char* const name = barrier::name(S::id).data();
  const verdict automatic = S::available(wish::automatic);
  const verdict named = S::available(wish::named);
  check_text(automatic.why(), verdict_room);
  check_text(named.why(), verdict_room);
  if (automatic) CHECK(named);  // a wish never takes anything away
  std::printf("%s: %s by itself (%s); %s on request (%s)\n", name, automatic ? "available" : "refused", automatic.why(),
              named ? "available" : "refused", named.why());
  return static_cast<bool>(named);
}

// available -> install -> heavy, and once more.
template <class S>
void check_life() {
  for (int i = 0; i < 3; ++i) {
    REQUIRE(S::available(wish::named));
    const verdict v = S::install();
    CAPTURE(v.why());
    REQUIRE(v);
    check_text(v.why(), verdict_room);
    S::heavy();
    S::heavy();
  }
}

// From threads that did not install it, one at a time as their contract says.
template <class S>
void check_threads() {
  barrier::detail::combiner one_at_a_time;
  constexpr int count = 4;
  const int rounds = scaled(500);
  int inside = 0;  // plain: ordered by the combiner
  crew threads;
  for (int i = 0; i < count; ++i) {
    threads.add([&] {
      for (int n = 0; n < rounds; ++n) {
        one_at_a_time.run(
            [&] {
              if (++inside != 1) fail("two calls at once");
              S::heavy();
              --inside;
            },
            yielding{});
      }
    });
  }
  CHECK(threads.join() == "");
  CHECK(one_at_a_time.ended() >= 1);
  CHECK(one_at_a_time.ended() <= static_cast<std::uint64_t>(count * rounds));
}

// The property, with `light` on the other side.
template <class S, class Light>
[[nodiscard]] int neither_saw(Light light, int rounds, unsigned seed) {
  const auto heavy = [] {
    std::atomic_thread_fence(std::memory_order_seq_cst);  // the callers' own fences: see strategy.h
    S::heavy();
    std::atomic_thread_fence(std::memory_order_seq_cst);
  };
  return store_buffering::run(light, heavy, rounds, seed);
}

template <class S, class Light>
void check_property(Light light, int rounds) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    CHECK(neither_saw<S>(light, rounds / 4, seed) == 0);
  }
}

// In a child: what was installed before the fork holds there, for its threads too.
template <class S, class Light>
void check_child(Light light) {
  const outcome child = forked([&] {
    S::heavy();
    return unless(neither_saw<S>(light, scaled(1000), 1) == 0, "in the child neither saw the other");
  });
  CHECK(child.summary() == "exit 0");
}

}  // namespace weir::test
