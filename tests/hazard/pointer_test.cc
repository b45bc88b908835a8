// Property: what a hazard pointer protects is not reclaimed, by whatever domain, until the pointer protects something
// else or is gone; and nothing else keeps an object.
#include "weir/hazard/pointer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/hazard/object.h"
#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/hazard/array.h"
#include "weir/hazard/local.h"

namespace {

using namespace weir::test;
using weir::hazard::array;
using weir::hazard::domain;
using weir::hazard::local;
using weir::hazard::make_array;
using weir::hazard::make_pointer;
using weir::hazard::pointer;

// Retires `o`, which nothing points to any more, and tells whether it is reclaimed by that.
bool goes(object& o, domain& d) {
  o.retire({}, d);
  d.clean_up();
  return o.reclaimed();
}

TEST_CASE("a pointer protects what it is told, until it protects something else or is gone") {
  domain d;
  std::array<object, 8> o;
  std::atomic<object*> source{&o[0]};
  {
    pointer h = make_pointer();
    CHECK_FALSE(h.empty());
    CHECK(h.protect(source) == &o[0]);
    CHECK_FALSE(goes(o[0], d));

    source.store(&o[1], std::memory_order_release);
    CHECK(h.protect(source) == &o[1]);  // not the first any more
    d.clean_up();
    CHECK(o[0].reclaimed());
    CHECK_FALSE(goes(o[1], d));

    h.reset_protection();
    d.clean_up();
    CHECK(o[1].reclaimed());

    h.reset_protection(&o[2]);
    CHECK_FALSE(goes(o[2], d));
    h.reset_protection(static_cast<object*>(nullptr));
    d.clean_up();
    CHECK(o[2].reclaimed());

    source.store(nullptr, std::memory_order_release);
    CHECK(h.protect(source) == nullptr);
    source.store(&o[3], std::memory_order_release);
    CHECK(h.protect(source) == &o[3]);
    CHECK_FALSE(goes(o[3], d));
  }
  d.clean_up();
  CHECK(o[3].reclaimed());
  CHECK(goes(o[4], d));
}

TEST_CASE("try_protect() protects what it was told if that is there, and nothing else") {
  domain d;
  std::array<object, 3> o;
  std::atomic<object*> source{&o[1]};
  pointer h = make_pointer();
  object* p = &o[0];
  CHECK_FALSE(h.try_protect(p, source));
  CHECK(p == &o[1]);
  CHECK(goes(o[0], d));
  CHECK(h.try_protect(p, source));
  CHECK(p == &o[1]);
  CHECK_FALSE(goes(o[1], d));
  source.store(&o[2], std::memory_order_release);
  CHECK_FALSE(h.try_protect(p, source));  // and has dropped o[1]
  CHECK(p == &o[2]);
  d.clean_up();
  CHECK(o[1].reclaimed());
  source.store(nullptr, std::memory_order_release);
  p = nullptr;
  CHECK(h.try_protect(p, source));
  CHECK(p == nullptr);
}

TEST_CASE("a source whose values carry a mark") {
  domain d;
  std::array<object, 2> o;
  constexpr std::uintptr_t mark = 1;
  const auto marked = [](object& x) { return reinterpret_cast<std::uintptr_t>(&x) | mark; };
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address with a mark
  const auto plain = [](std::uintptr_t v) { return reinterpret_cast<object*>(v & ~mark); };
  std::atomic<std::uintptr_t> source{marked(o[0])};
  pointer h = make_pointer();
  CHECK(h.protect(source, plain) == marked(o[0]));
  CHECK_FALSE(goes(o[0], d));
  std::uintptr_t v = marked(o[1]);
  CHECK_FALSE(h.try_protect(v, source, plain));
  CHECK(v == marked(o[0]));
  source.store(marked(o[1]), std::memory_order_release);
  v = marked(o[1]);
  CHECK(h.try_protect(v, source, plain));
  d.clean_up();
  CHECK(o[0].reclaimed());
  CHECK_FALSE(goes(o[1], d));
  h = pointer();
  d.clean_up();
}

TEST_CASE("empty pointers, moves and swaps") {
  domain d;
  std::array<object, 4> o;
  pointer a;
  CHECK(a.empty());
  pointer b = make_pointer();
  b.reset_protection(&o[0]);
  a = std::move(b);
  CHECK(b.empty());  // NOLINT(bugprone-use-after-move): specified
  CHECK_FALSE(a.empty());
  CHECK_FALSE(goes(o[0], d));
  pointer c = make_pointer();
  c.reset_protection(&o[1]);
  a.swap(c);
  swap(a, c);
  swap(a, c);
  a.reset_protection();  // was c's
  CHECK(goes(o[1], d));
  CHECK_FALSE(o[0].reclaimed());
  a = std::move(c);  // what a owned is free
  d.clean_up();
  CHECK_FALSE(o[0].reclaimed());
  pointer& same = a;
  a = std::move(same);
  CHECK_FALSE(a.empty());
  d.clean_up();
  CHECK_FALSE(o[0].reclaimed());
  a = pointer();
  d.clean_up();
  CHECK(o[0].reclaimed());
  static_assert(std::is_nothrow_move_constructible_v<pointer> && std::is_nothrow_move_assignable_v<pointer>);
  static_assert(!std::is_copy_constructible_v<pointer>);
}

TEST_CASE("as many as one likes at once, dropped in any order") {
  domain d;
  const auto n = static_cast<std::size_t>(scaled(3'000));
  std::vector<object> objects(n);
  std::vector<std::pair<pointer, object*>> held;
  for (object& o : objects) {
    held.emplace_back(make_pointer(), &o);
    held.back().first.reset_protection(&o);
  }
  for (object& o : objects) o.retire({}, d);
  d.clean_up();
  CHECK(reclaimed(objects) == 0);
  std::mt19937 random(4711);
  std::shuffle(held.begin(), held.end(), random);
  while (!held.empty()) {
    held.resize(held.size() / 2);
    d.clean_up();
    int wrong = 0;
    for (const auto& [h, o] : held) wrong += o->reclaimed() ? 1 : 0;
    CHECK(wrong == 0);
    CHECK(reclaimed(objects) == static_cast<int>(n - held.size()));
  }
  CHECK(not_once(objects) == 0);
}

TEST_CASE("arrays: made at once, used one by one") {
  domain d;
  std::array<object, 12> o;
  array<3> a = make_array<3>();
  array<9> b = make_array<9>();  // more than there is room for in a line
  for (std::size_t i = 0; i < 3; ++i) a[i].reset_protection(&o[i]);
  for (std::size_t i = 0; i < 9; ++i) b[i].reset_protection(&o[3 + i]);
  for (object& x : o) CHECK_FALSE(goes(x, d));
  pointer taken = std::move(a[1]);
  CHECK(a[1].empty());
  a = array<3>();
  d.clean_up();
  CHECK(o[0].reclaimed());
  CHECK_FALSE(o[1].reclaimed());
  CHECK(o[2].reclaimed());
  array<9> c = std::move(b);
  CHECK(b[0].empty());  // NOLINT(bugprone-use-after-move): specified
  d.clean_up();
  CHECK_FALSE(o[11].reclaimed());
  c = array<9>();
  taken = pointer();
  d.clean_up();
  for (object& x : o) CHECK(x.runs == 1);
}

TEST_CASE("locals protect for a scope, one or several") {
  domain d;
  std::array<object, 3> o;
  std::atomic<object*> source{&o[0]};
  std::atomic<object*> other{&o[1]};
  std::atomic<object*> none{nullptr};
  {
    const local one(source);
    const local two(source, other);
    const local empty(none);
    CHECK(one.get() == &o[0]);
    CHECK(&*one == &o[0]);
    CHECK(one->runs == 0);
    CHECK(static_cast<bool>(one));
    CHECK(two.get<0>() == &o[0]);
    CHECK(two.get<1>() == &o[1]);
    CHECK_FALSE(static_cast<bool>(empty));
    // A local that protects nothing keeps its slot.
    const local more(source);
    pointer h = make_pointer();
    h.reset_protection(&o[2]);
    for (object& x : o) CHECK_FALSE(goes(x, d));
  }
  d.clean_up();
  for (object& x : o) CHECK(x.runs == 1);
}

TEST_CASE("a pointer that is moved to another thread protects, and is dropped there when its maker is gone") {
  domain d;
  std::array<object, 2> o;
  std::vector<pointer> moved;
  std::thread([&] {
    for (object& x : o) {
      moved.push_back(make_pointer());
      moved.back().reset_protection(&x);
    }
  }).join();
  for (object& x : o) CHECK_FALSE(goes(x, d));
  std::thread([p = std::move(moved[0])]() mutable { p.reset_protection(); }).join();
  d.clean_up();
  CHECK(o[0].reclaimed());
  CHECK_FALSE(o[1].reclaimed());
  // A thread with its maker's number makes others, and does not get this one.
  std::thread([&] {
    std::vector<pointer> many(20);
    for (pointer& p : many) p = make_pointer();
    d.clean_up();
  }).join();
  CHECK_FALSE(o[1].reclaimed());
  moved.clear();
  d.clean_up();
  CHECK(o[1].reclaimed());
}

TEST_CASE("pointers go from thread to thread, and each slot has one owner") {
  domain d;
  const int n = scaled(20'000);
  std::atomic<pointer*> hand{nullptr};
  crew both;
  both.add([&] {
    for (int i = 0; i < n; ++i) {
      auto made = std::make_unique<pointer>(make_pointer());
      made->reset_protection(made.get());  // its own address: whoever gets the slot too would overwrite it
      pointer* expected = nullptr;
      while (!hand.compare_exchange_weak(expected, made.get(), std::memory_order_release, std::memory_order_relaxed)) {
        expected = nullptr;
        std::this_thread::yield();
      }
      static_cast<void>(made.release());
    }
  });
  both.add([&] {
    for (int i = 0; i < n; ++i) {
      pointer* got = nullptr;
      while ((got = hand.exchange(nullptr, std::memory_order_acquire)) == nullptr) std::this_thread::yield();
      weir::hazard::detail::in_use used;
      used.look();
      if (!used.holds(got)) fail("what is protected is not found");
      delete got;
    }
  });
  CHECK(both.join() == "");
}

}  // namespace
