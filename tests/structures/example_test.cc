// Property: with one thread the structures do what their names say, with every scheme, and leave nothing behind; and
// what the headers show compiles.
#include <memory>
#include <optional>
#include <string>

#include "tests/structures/list.h"
#include "tests/structures/map.h"
#include "tests/structures/queue.h"
#include "tests/structures/stack.h"
#include "tests/structures/watched.h"
#include "tests/support/catch.h"

namespace {

using namespace weir::structures;

using hazard_default = watched<by_hazard_pointers<>>;
using hazard_cohort = watched<by_cohort<1>>;
using rcu_default = watched<by_rcu<>>;
using rcu_at_once = watched<by_rcu_at_once<>>;
using rcu_in_place = watched<by_rcu_in_place>;

// Runs `body` with a scheme, and looks what is left when all is gone.
template <class Scheme, class Body>
void with(Body body) {
  {
    Scheme scheme;
    body(scheme);
    scheme.settle();
  }
  CHECK(census::living.load(std::memory_order_relaxed) == 0);  // no other thread is here
  CHECK(census::misused.load(std::memory_order_relaxed) == 0);
}

TEST_CASE("the examples of the headers") {
  by_hazard_pointers<> scheme;
  stack<int> s(scheme);
  s.push(1);
  const std::optional<int> top = s.pop();
  CHECK(top == 1);

  queue<int> q(scheme);
  q.push(1);
  const std::optional<int> first = q.pop();
  CHECK(first == 1);

  list<int, int> l(scheme);
  CHECK(l.insert(1, 10));
  const std::optional<int> found = l.find(1);
  CHECK(found == 10);
  l.erase(1);
  CHECK_FALSE(l.contains(1));

  map<int, std::string> m(scheme, 64);
  m.insert(1, "one");
  const std::optional<std::string> value = m.find(1);
  CHECK(value == "one");
}

TEMPLATE_TEST_CASE("a stack gives back the last first", "", hazard_default, hazard_cohort, rcu_default, rcu_at_once,
                   rcu_in_place) {
  with<TestType>([](auto& scheme) {
    stack<int, TestType> s(scheme);
    CHECK(s.pop() == std::nullopt);
    for (int i = 0; i < 100; ++i) s.push(i);
    for (int i = 99; i >= 50; --i) CHECK(s.pop() == i);
    s.push(7);
    CHECK(s.pop() == 7);
    CHECK(s.pop() == 49);  // what is left goes with the stack
  });
}

TEMPLATE_TEST_CASE("a queue gives back the first first", "", hazard_default, hazard_cohort, rcu_default, rcu_at_once,
                   rcu_in_place) {
  with<TestType>([](auto& scheme) {
    queue<int, TestType> q(scheme);
    CHECK(q.pop() == std::nullopt);
    for (int i = 0; i < 100; ++i) q.push(i);
    for (int i = 0; i < 50; ++i) CHECK(q.pop() == i);
    q.push(7);
    for (int i = 50; i < 100; ++i) CHECK(q.pop() == i);
    CHECK(q.pop() == 7);
    CHECK(q.pop() == std::nullopt);
    q.push(8);  // what is left goes with the queue
  });
}

TEMPLATE_TEST_CASE("a list has each key once", "", hazard_default, hazard_cohort, rcu_default, rcu_at_once,
                   rcu_in_place) {
  with<TestType>([](auto& scheme) {
    list<int, int, TestType> l(scheme);
    CHECK_FALSE(l.contains(0));
    CHECK(l.erase(0) == std::nullopt);
    for (const int key : {5, 1, 9, 3, 7}) CHECK(l.insert(key, 10 * key));
    for (const int key : {9, 7, 5, 3, 1}) CHECK_FALSE(l.insert(key, 0));
    for (int key = 0; key < 11; ++key) CHECK(l.contains(key) == (key % 2 == 1));
    CHECK(l.find(3) == 30);
    CHECK(l.erase(1) == 10);  // the first, the last, one between
    CHECK(l.erase(9) == 90);
    CHECK(l.erase(5) == 50);
    CHECK(l.erase(5) == std::nullopt);
    CHECK(l.find(5) == std::nullopt);
    CHECK(l.insert(5, 51));
    CHECK(l.find(5) == 51);
    CHECK(l.find(3) == 30);
    CHECK(l.find(7) == 70);
  });
}

TEMPLATE_TEST_CASE("a map finds what is in any bucket", "", hazard_default, hazard_cohort, rcu_default, rcu_at_once,
                   rcu_in_place) {
  with<TestType>([](auto& scheme) {
    map<int, int, TestType> m(scheme, 4);
    for (int key = 0; key < 40; ++key) CHECK(m.insert(key, -key));
    for (int key = 0; key < 40; key += 3) CHECK(m.erase(key) == -key);
    for (int key = 0; key < 40; ++key) CHECK(m.find(key) == (key % 3 != 0 ? std::optional<int>(-key) : std::nullopt));
  });
}

TEST_CASE("a value that can only be moved goes through a stack and a queue") {
  by_hazard_pointers<> scheme;
  stack<std::unique_ptr<int>> s(scheme);
  queue<std::unique_ptr<int>> q(scheme);
  s.push(std::make_unique<int>(1));
  q.push(std::move(*s.pop()));
  CHECK(**q.pop() == 1);
}

TEST_CASE("a node that is used after its end, or retired twice, is noticed") {
  const long before = census::misused.load(std::memory_order_relaxed);  // no other thread is here
  {
    using scheme = watched<buried<by_cohort<1, bury>>>;
    scheme s;
    struct node : scheme::base<node> {};
    auto* const n = new node;
    s.retire(n);  // nothing protects it
    static_cast<void>(scheme::use(n));
    s.retire(n);
  }
  graveyard::clear();
  CHECK(census::misused.load(std::memory_order_relaxed) == before + 2);
  census::misused.store(before, std::memory_order_relaxed);
  CHECK(census::living.load(std::memory_order_relaxed) == 0);
}

}  // namespace
