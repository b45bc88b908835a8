// Property: no reader ever sees an object that has been reclaimed, whatever readers and writers do. Objects are
// poisoned when they are reclaimed.
#include <array>
#include <atomic>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/barrier.h"
#include "weir/hazard/array.h"
#include "weir/hazard/cohort.h"
#include "weir/hazard/local.h"
#include "weir/hazard/pointer.h"
#include "weir/hazard/retire.h"

namespace {

using namespace weir::test;
using weir::hazard::cohort;
using weir::hazard::domain;
using weir::hazard::local;
using weir::hazard::pointer;

constexpr std::uint64_t good = 0x600d600d600d600d;
constexpr std::uint64_t poison = 0xdeaddeaddeaddead;

struct node;
struct put_back {
  void operator()(node* n) const noexcept;
};

struct node : weir::hazard::obj_base<node, put_back> {
  std::atomic<std::uint64_t> canary{good};
};

void put_back::operator()(node* n) const noexcept {
  n->canary.store(poison, std::memory_order_relaxed);
  delete n;
}

// Where readers look: a few places, so that they and writers meet.
struct shared {
  std::array<std::atomic<node*>, 4> places{};
  domain d;
  cohort c;
  cohort at_once{1};
  std::atomic<bool> enough{false};

  explicit shared(std::size_t threshold) : d({.threshold = threshold}), c(threshold) {
    for (auto& p : places) p = new node;
  }
  ~shared() {
    for (auto& p : places) delete p.load(std::memory_order_relaxed);
  }
};

void check(const node* n, const char* how) {
  if (n != nullptr && n->canary.load(std::memory_order_relaxed) != good)
    fail(std::string("a reclaimed object, ") + how);
}

void read(shared& s, unsigned seed) {
  std::minstd_rand random(seed);
  std::vector<pointer> kept;
  while (!s.enough.load(std::memory_order_relaxed)) {
    std::atomic<node*>& at = s.places[random() % s.places.size()];
    switch (random() % 6) {
      case 0: {
        pointer h = weir::hazard::make_pointer();
        check(h.protect(at), "by protect()");
        break;
      }
      case 1: {
        const local l(at, s.places[0]);
        check(l.get<0>(), "by a local");
        check(l.get<1>(), "by a local");
        break;
      }
      case 2: {
        auto a = weir::hazard::make_array<3>();
        node* const first = a[0].protect(at);
        node* const second = a[1].protect(s.places[1]);
        a[0].swap(a[2]);
        check(first, "by an array");
        check(second, "by an array");
        break;
      }
      case 3: {
        pointer h = weir::hazard::make_pointer();
        node* p = at.load(std::memory_order_relaxed);
        if (h.try_protect(p, at)) check(p, "by try_protect()");
        break;
      }
      case 4:  // holds on to something for longer
        if (kept.size() < 12) {
          kept.push_back(weir::hazard::make_pointer());
          check(kept.back().protect(at), "held for longer");
        } else {
          kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(random() % kept.size()));
        }
        break;
      default:
        if (!kept.empty()) check(kept[random() % kept.size()].protect(at), "by one that is used again");
        break;
    }
  }
}

void write(shared& s, unsigned seed, long updates) {
  std::minstd_rand random(seed);
  for (long i = 0; i < updates; ++i) {
    node* const old = s.places[random() % s.places.size()].exchange(new node, std::memory_order_acq_rel);
    switch (random() % 3) {
      case 0: old->retire(s.c); break;
      default: old->retire({}, s.d); break;
    }
    if (i % 10'000 == 9'999) s.d.clean_up();
  }
}

// Nothing but protect(), by pointers that are never dropped: what one protects next ends what it has protected.
void keep(shared& s, unsigned seed) {
  std::minstd_rand random(seed);
  std::array<pointer, 2> kept{weir::hazard::make_pointer(), weir::hazard::make_pointer()};
  while (!s.enough.load(std::memory_order_relaxed)) {
    const node* const n = kept[random() % kept.size()].protect(s.places[random() % s.places.size()]);
    // Also some time later: a protection that comes too late may have been seen in time for the first look.
    for (int looks = 0; looks < 50; ++looks) check(n, "by one that is kept");
  }
}

// From one thread to another, which tells nothing in return: it may only be known by the slot that it is done.
struct one_way {
  std::atomic<pointer*> up{nullptr};
  ~one_way() { delete up.load(std::memory_order_relaxed); }
};

void give(shared& s, one_way& to, unsigned seed) {
  std::minstd_rand random(seed);
  while (!s.enough.load(std::memory_order_relaxed)) {
    pointer h = weir::hazard::make_pointer();
    check(h.protect(s.places[random() % s.places.size()]), "before it was handed over");
    if (to.up.load(std::memory_order_relaxed) != nullptr) continue;
    to.up.store(new pointer(std::move(h)), std::memory_order_release);  // [given]
  }
}

void receive(shared& s, one_way& from, unsigned seed) {
  std::minstd_rand random(seed);
  while (!s.enough.load(std::memory_order_relaxed)) {
    pointer* const given = from.up.load(std::memory_order_acquire);  // [given]
    if (given == nullptr) continue;
    check(given->protect(s.places[random() % s.places.size()]), "by one that was handed over");
    delete given;
    from.up.store(nullptr, std::memory_order_relaxed);  // the giver learns nothing from it
  }
}

using reading = void (*)(shared& s, crew& readers, one_way& way, unsigned seed);

// As fast as can be, and looked at at once: so that a look meets protections that are just being made.
void write_at_once(shared& s, unsigned seed, long updates) {
  std::minstd_rand random(seed);
  for (long i = 0; i < updates; ++i) {
    s.places[random() % s.places.size()].exchange(new node, std::memory_order_acq_rel)->retire(s.at_once);
  }
}

struct writing {
  void (*write)(shared& s, unsigned seed, long updates);
  unsigned threads;
};
constexpr writing in_batches{write, 2};
constexpr writing at_once{write_at_once, 1};

void torture(unsigned seed, long updates, reading begin, const writing& w) {
  INFO("seed " << seed);
  shared s(seed % 2 == 0 ? 256 : 1000);
  one_way way;
  crew readers;
  crew writers;
  readers.if_abandoned([&] { s.enough.store(true, std::memory_order_relaxed); });
  begin(s, readers, way, seed * 10);
  for (unsigned t = 0; t < w.threads; ++t) writers.add([&, t] { w.write(s, seed * 10 + 5 + t, updates); });
  CHECK(writers.join() == "");
  s.enough.store(true, std::memory_order_relaxed);
  CHECK(readers.join() == "");
}

void in_all_ways(shared& s, crew& readers, one_way& /*way*/, unsigned seed) {
  for (unsigned t = 0; t < 2; ++t) readers.add([&s, seed, t] { read(s, seed + t); });
}
void by_kept_ones(shared& s, crew& readers, one_way& /*way*/, unsigned seed) {
  for (unsigned t = 0; t < 2; ++t) readers.add([&s, seed, t] { keep(s, seed + t); });
}
void by_a_kept_one(shared& s, crew& readers, one_way& /*way*/, unsigned seed) {
  readers.add([&s, seed] { keep(s, seed); });
}
void by_given_ones(shared& s, crew& readers, one_way& way, unsigned seed) {
  readers.add([&s, &way, seed] { give(s, way, seed); });
  readers.add([&s, &way, seed] { receive(s, way, seed + 1); });
}

TEST_CASE("no reader sees a reclaimed object") {
  for (unsigned seed = 1; seed <= 4; ++seed) torture(seed, scaled(60'000), in_all_ways, in_batches);
}
TEST_CASE("no reader sees a reclaimed object by pointers that are kept") {
  for (unsigned seed = 1; seed <= 2; ++seed) torture(seed, scaled(60'000), by_kept_ones, in_batches);
}
TEST_CASE("no reader sees a reclaimed object by pointers that are handed over") {
  for (unsigned seed = 1; seed <= 2; ++seed) torture(seed, scaled(60'000), by_given_ones, in_batches);
}

TEST_CASE("no reader sees a reclaimed object that is reclaimed at once") {
  // Each update is a heavy().
  const bool by_fences = weir::barrier::active() == weir::barrier::strategy::fence;
  const long updates = scaled(by_fences ? 1'000'000 : 3'000);
  for (unsigned seed = 1; seed <= 4; ++seed) torture(seed, updates, by_a_kept_one, at_once);
}

TEST_CASE("no reader sees a reclaimed object, for long", "[.][long]") {
  for (unsigned seed = 100; seed < 120; ++seed) {
    for (const reading begin : {in_all_ways, by_kept_ones, by_given_ones}) {
      torture(seed, scaled(600'000), begin, in_batches);
      torture(seed, scaled(20'000), begin, at_once);
    }
  }
}

}  // namespace
