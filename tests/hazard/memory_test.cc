// Property: whichever allocation is the first to fail, pointers protect, and what is retired is reclaimed exactly once;
// or the caller is told, and nothing has happened.
#include <array>
#include <atomic>
#include <new>
#include <vector>

#include "tests/hazard/object.h"
#include "tests/support/catch.h"
#include "tests/support/failing_new.h"
#include "tests/support/forked.h"
#include "weir/hazard/array.h"
#include "weir/hazard/local.h"
#include "weir/hazard/pointer.h"

namespace {

using namespace weir::test;
using weir::hazard::domain;
using weir::hazard::make_pointer;
using weir::hazard::pointer;

constexpr int one_was_told = 4;
constexpr int none_failed = 8;

int all_of_it() {
  static std::array<object, 900> objects;
  static std::array<object, 40> held;
  static std::array<std::atomic<int>, 300> others;
  domain d({.threshold = 256});
  int bad = 0;
  int told = 0;
  std::vector<pointer> pointers(held.size());
  for (std::size_t i = 0; i < held.size(); ++i) {
    pointers[i] = weir::hazard::try_make_pointer();
    if (pointers[i].empty()) {
      ++told;
      continue;
    }
    pointers[i].reset_protection(&held[i]);
  }
  try {
    std::atomic<object*> source{&objects[0]};
    const weir::hazard::local l(source);
    bad |= unless(l.get() == &objects[0], "a local protects something else");
    auto a = weir::hazard::make_array<3>();
    bad |= unless(!a[2].empty(), "an array has an empty pointer");
  } catch (const std::bad_alloc&) {
    ++told;
  }
  for (object& o : held) o.retire({}, d);
  for (object& o : objects) o.retire({}, d);
  for (auto& count : others) {
    try {
      d.retire(&count, [](std::atomic<int>* n) { ++*n; });
    } catch (const std::bad_alloc&) {
      ++told;
      ++count;
    }
  }
  for (int i = 0; i < 3; ++i) d.clean_up();
  for (std::size_t i = 0; i < held.size(); ++i) {
    bad |= unless(pointers[i].empty() || !held[i].reclaimed(), "a protected object was reclaimed");
  }
  pointers.clear();
  d.clean_up();
  for (const object& o : held) bad |= unless(o.runs == 1, "an object that was protected was not reclaimed once");
  for (const object& o : objects) bad |= unless(o.runs == 1, "an object was not reclaimed exactly once");
  for (const auto& count : others) bad |= unless(count == 1, "a refused object was touched, or another one lost");
  return bad | (told > 0 ? one_was_told : 0);
}

TEST_CASE("each allocation may fail") {
  bool told = false;
  bool enough = false;
  for (int k = 0; k < 40 && !enough; ++k) {
    const outcome child = forked([&] {
      left.store(k, std::memory_order_relaxed);
      const int result = all_of_it();
      return result | (left.load(std::memory_order_relaxed) >= 0 ? none_failed : 0);
    });
    INFO("allocation " << k << ": " << child.summary());
    REQUIRE(child.exited);
    CHECK((child.status & ~(one_was_told | none_failed)) == 0);
    told = told || (child.status & one_was_told) != 0;
    enough = (child.status & none_failed) != 0;
  }
  CHECK(told);
  CHECK(enough);
}

TEST_CASE("what was retired without memory is reclaimed when there is some again") {
  const outcome child = forked([] {
    static std::array<object, 3> objects;
    static std::vector<object> others(3'000);
    static domain d({.threshold = 256});
    pointer h = make_pointer();
    h.reset_protection(&objects[1]);
    left.store(0, std::memory_order_relaxed);
    for (object& o : objects) o.retire({}, d);
    int bad = unless(objects[0].runs == 1 && objects[2].runs == 1, "without memory nothing is reclaimed");
    bad |= unless(!objects[1].reclaimed(), "a protected object was reclaimed");
    h.reset_protection();
    left.store(1 << 30, std::memory_order_relaxed);
    for (object& o : others) o.retire({}, d);
    return bad | unless(objects[1].runs == 1, "an object was forgotten") |
           unless(d.stats().pending <= 2 * 256 + 250, "objects are counted that are not there");
  });
  CHECK(child.summary() == "exit 0");
}

TEST_CASE("slots are used again") {
  const outcome child = forked([] {
    std::vector<pointer> some(100);
    for (pointer& p : some) p = make_pointer();
    left.store(0, std::memory_order_relaxed);  // no more memory from here
    int bad = 0;
    for (int round = 0; round < 1000; ++round) {
      for (pointer& p : some) p = pointer();
      for (pointer& p : some) p = weir::hazard::try_make_pointer();
      for (const pointer& p : some) bad |= unless(!p.empty(), "a slot was lost");
      const auto a = weir::hazard::try_make_array<3>();
      static_cast<void>(a);
    }
    return bad;
  });
  CHECK(child.summary() == "exit 0");
}

}  // namespace
