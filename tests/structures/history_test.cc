// Property: the search accepts a history exactly if an order of its operations agrees with the model and with the
// times; for each model there are histories that it refuses.
#include "tests/structures/history.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>

#include "tests/structures/models.h"
#include "tests/support/catch.h"

namespace {

using namespace weir::structures;

operation push(int value, std::uint64_t begun, std::uint64_t ended) {
  return {.what = action::push, .value = value, .begun = begun, .ended = ended};
}
operation pop(std::optional<int> result, std::uint64_t begun, std::uint64_t ended) {
  return {.what = action::pop, .result = result, .begun = begun, .ended = ended};
}
operation of_key(action what, int key, std::optional<int> result, std::uint64_t begun, std::uint64_t ended) {
  return {.what = what, .key = key, .value = result.value_or(0), .result = result, .begun = begun, .ended = ended};
}
constexpr std::nullopt_t nothing = std::nullopt;

TEST_CASE("an empty history agrees with every model") {
  CHECK(linearizable<stack_model>({}));
  CHECK(linearizable<queue_model>({}));
  CHECK(linearizable<set_model>({}));
  CHECK(linearizable<map_model>({}));
}

TEST_CASE("a stack: the last in is the first out") {
  CHECK(linearizable<stack_model>({push(1, 0, 1), push(2, 2, 3), pop(2, 4, 5), pop(1, 6, 7), pop(nothing, 8, 9)}));
  CHECK_FALSE(linearizable<stack_model>({push(1, 0, 1), push(2, 2, 3), pop(1, 4, 5), pop(2, 6, 7)}));
}

TEST_CASE("a stack: operations at the same time may come in either order") {
  CHECK(linearizable<stack_model>({push(1, 0, 3), push(2, 1, 2), pop(1, 4, 5), pop(2, 6, 7)}));
  CHECK(linearizable<stack_model>({push(1, 0, 1), pop(nothing, 2, 5), pop(1, 3, 4)}));
  CHECK(linearizable<stack_model>({push(1, 0, 3), pop(nothing, 1, 2)}));
}

TEST_CASE("a stack: what is lost, doubled or taken before its time is refused") {
  CHECK_FALSE(linearizable<stack_model>({push(1, 0, 1), pop(nothing, 2, 3)}));
  CHECK_FALSE(linearizable<stack_model>({push(1, 0, 1), pop(1, 2, 5), pop(1, 3, 4)}));
  CHECK_FALSE(linearizable<stack_model>({pop(1, 0, 1), push(1, 2, 3)}));
}

TEST_CASE("a queue: the first in is the first out") {
  CHECK(linearizable<queue_model>({push(1, 0, 1), push(2, 2, 3), pop(1, 4, 5), pop(2, 6, 7), pop(nothing, 8, 9)}));
  CHECK_FALSE(linearizable<queue_model>({push(1, 0, 1), push(2, 2, 3), pop(2, 4, 5), pop(1, 6, 7)}));
}

TEST_CASE("a queue: two that push at the same time, and are seen in two orders, are refused") {
  CHECK(linearizable<queue_model>({push(1, 0, 3), push(2, 1, 2), pop(2, 4, 5), pop(1, 6, 7)}));
  CHECK(linearizable<queue_model>({push(1, 0, 3), push(2, 1, 2), pop(2, 4, 7), pop(1, 5, 6)}));
  CHECK_FALSE(linearizable<queue_model>(
      {push(1, 0, 3), push(2, 1, 2), push(3, 4, 5), pop(2, 6, 7), pop(3, 8, 9), pop(1, 10, 11)}));
}

TEST_CASE("a queue that says that it is empty while something is in it all the time is refused") {
  CHECK_FALSE(linearizable<queue_model>({push(1, 0, 1), push(2, 2, 7), pop(nothing, 3, 4), pop(1, 5, 6)}));
  // There, although never more than one is: 1 may be taken after 2 was put in.
  CHECK_FALSE(linearizable<queue_model>({push(1, 0, 1), push(2, 2, 3), pop(1, 4, 7), pop(nothing, 5, 6)}));
  CHECK(linearizable<queue_model>({push(1, 0, 1), push(2, 2, 7), pop(1, 3, 6), pop(nothing, 4, 5), pop(2, 8, 9)}));
}

TEST_CASE("a set: of two that insert a key, one does") {
  using enum action;
  CHECK(linearizable<set_model>({of_key(insert, 1, 1, 0, 3), of_key(insert, 1, nothing, 1, 2)}));
  CHECK_FALSE(linearizable<set_model>({of_key(insert, 1, 1, 0, 3), of_key(insert, 1, 1, 1, 2)}));
  CHECK_FALSE(linearizable<set_model>({of_key(insert, 1, nothing, 0, 3), of_key(insert, 1, nothing, 1, 2)}));
}

TEST_CASE("a set: a key that was seen, and not erased, is seen later") {
  using enum action;
  CHECK(linearizable<set_model>({of_key(insert, 1, 1, 0, 9), of_key(find, 1, nothing, 1, 2), of_key(find, 1, 1, 3, 4),
                                 of_key(find, 1, 1, 5, 6)}));
  CHECK_FALSE(
      linearizable<set_model>({of_key(insert, 1, 1, 0, 9), of_key(find, 1, 1, 1, 2), of_key(find, 1, nothing, 3, 4)}));
  CHECK_FALSE(
      linearizable<set_model>({of_key(insert, 1, 1, 0, 1), of_key(erase, 1, 1, 2, 5), of_key(erase, 1, 1, 3, 4)}));
}

TEST_CASE("a set: two threads that see two keys come in two orders are refused") {
  using enum action;
  CHECK_FALSE(linearizable<set_model>({of_key(insert, 1, 1, 0, 19), of_key(insert, 2, 2, 1, 18),  //
                                       of_key(find, 1, 1, 2, 3), of_key(find, 2, nothing, 4, 5),  //
                                       of_key(find, 2, 2, 2, 3), of_key(find, 1, nothing, 4, 5)}));
}

TEST_CASE("a map: who finds a key finds the value that was inserted last") {
  using enum action;
  CHECK(linearizable<map_model>({of_key(insert, 1, 10, 0, 1), of_key(erase, 1, 10, 2, 3), of_key(insert, 1, 11, 4, 5),
                                 of_key(find, 1, 11, 6, 7)}));
  CHECK_FALSE(linearizable<map_model>({of_key(insert, 1, 10, 0, 1), of_key(erase, 1, 10, 2, 3),
                                       of_key(insert, 1, 11, 4, 5), of_key(find, 1, 10, 6, 7)}));
  CHECK(linearizable<map_model>({of_key(insert, 1, 10, 0, 1), of_key(erase, 1, 10, 2, 7), of_key(insert, 1, 11, 4, 5),
                                 of_key(find, 1, 11, 8, 9)}));
  CHECK_FALSE(linearizable<map_model>({of_key(insert, 1, 10, 0, 1), of_key(erase, 1, 11, 2, 3)}));
}

TEST_CASE("an operation of another structure is refused") {
  CHECK_FALSE(linearizable<stack_model>({of_key(action::find, 1, nothing, 0, 1)}));
  CHECK_FALSE(linearizable<queue_model>({of_key(action::find, 1, nothing, 0, 1)}));
  CHECK_FALSE(linearizable<set_model>({push(1, 0, 1)}));
  CHECK_FALSE(linearizable<map_model>({push(1, 0, 1)}));
}

TEST_CASE("a history as long as can be is searched, a longer one is not") {
  history h;
  for (std::uint64_t i = 0; h.size() < longest_history; ++i) h.push_back(push(1, 2 * i, 2 * i + 1));
  CHECK(linearizable<stack_model>(h));
  h.back() = pop(2, 200, 201);
  CHECK_FALSE(linearizable<stack_model>(h));
  h.push_back(pop(1, 202, 203));
  CHECK_THROWS_AS(linearizable<stack_model>(h), std::length_error);
}

TEST_CASE("a recorder keeps what was done, by whom, and when") {
  recorder r(2);
  r.record(0, {.what = action::push, .value = 7}, [](const operation&) { return nothing; });
  r.record(1, {.what = action::pop}, [](const operation&) { return std::optional<int>(7); });
  const history h = r.all();
  REQUIRE(h.size() == 2);
  CHECK(text_of(h) ==
        "thread 0 [0, 1] push key 0 value 7 -> nothing\n"
        "thread 1 [2, 3] pop key 0 value 0 -> 7\n");
  CHECK(linearizable<stack_model>(h));
}

}  // namespace
