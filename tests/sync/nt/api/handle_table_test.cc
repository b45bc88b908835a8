// The table of handles by itself: numbers, reuse, rights, what is found while others close, and what is done where
// there is no memory to retire an object.
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/sync/nt/handle_table.h"
#include "weir/sync/nt/handles.h"
#include "weir/sync/nt/signal.h"

namespace {

using namespace weir::nt;
using namespace weir::nt::detail;
using weir::test::scaled;

constexpr auto retired = [](entry) noexcept { return true; };
constexpr auto not_retired = [](entry) noexcept { return false; };
using closing = handle_table::closing;

// Of a table by itself.
handle_value add(handle_table& t, entry e) {
  const handle_value h = t.reserve();
  if (h != 0) t.show(h, e);
  return h;
}

entry entry_of(number n) { return entry::make(type::semaphore, access::synchronize, n, 0, false); }

TEST_CASE("an entry keeps what it is given") {
  const entry e = entry::make(type::process, 0x1F'FFFF, (1u << 25) - 1, 0x3FF, true);
  CHECK(e.what() == type::process);
  CHECK(e.access() == 0x1F'FFFF);
  CHECK(e.number() == (1u << 25) - 1);
  CHECK(e.is_of(0x7FF));
  CHECK_FALSE(e.is_of(0x3FE));
  CHECK(e.has_body());
  CHECK_FALSE(e.is_protected());
  const entry less = e.with(access::synchronize, true, true);
  CHECK(less.access() == access::synchronize);
  CHECK(less.is_inherited());
  CHECK(less.is_protected());
  CHECK(less.number() == e.number());
  CHECK(less.may(access::synchronize));
  CHECK_FALSE(less.may(access::synchronize | access::query_state));
  CHECK_FALSE(entry().is_any());
  CHECK_FALSE(entry::empty(77, e).is_any());
  CHECK(entry::empty(77, e).next() == 77);
  CHECK(entry::empty((1u << 24) - 1, e).limbo().number() == e.number());
  CHECK(entry::empty((1u << 24) - 1, e).limbo().has_body());
}

TEST_CASE("one comparison asks what type and rights ask") {
  // Rights that an entry keeps, and some that only wishes have.
  constexpr access_mask some[] = {
      0,        access::query_state,     access::modify_state, access::synchronize, 0x1F'FFFF, 1u << 21,
      1u << 23, access::maximum_allowed, access::generic_read};
  for (unsigned t = 0; t < 16; ++t) {
    for (const access_mask has : some) {
      for (const bool flags : {false, true}) {
        const entry e = entry::make(static_cast<type>(t), has, (1u << 25) - 1, 0x3FF, flags).with(has, flags, flags);
        for (unsigned asked = 0; asked < 16; ++asked) {
          for (const access_mask wanted : some) {
            const type a = static_cast<type>(asked);
            CHECK(e.is(a, wanted) == (e.what() == a && e.may(wanted)));
          }
        }
      }
    }
  }
}

TEST_CASE("nt 60: a handle is a multiple of four, and its low two bits are ignored") {
  auto t = std::make_unique<handle_table>();
  const handle_value h = add(*t, entry_of(7));
  CHECK(h % 4 == 0);
  CHECK(h != 0);
  for (unsigned low = 0; low < 4; ++low) CHECK(t->look(h + low).number() == 7);
  CHECK(t->close(h + 3, retired) == closing::done);
  CHECK_FALSE(t->look(h).is_any());
}

TEST_CASE("nt 112: what is no handle leads nowhere") {
  auto t = std::make_unique<handle_table>();
  static_cast<void>(add(*t, entry_of(7)));
  for (const handle_value h : {handle_value{0}, handle_value{3}, handle_value{8}, handle_value{4} * 2000,
                               handle_value{4} << 24, ~handle_value{0}, ~handle_value{0} - 1, ~handle_value{0} << 2}) {
    CHECK_FALSE(t->look(h).is_any());
    CHECK(t->close(h, retired) == closing::no_such_handle);
    CHECK_FALSE(t->set_attributes(h, true, true));
  }
  CHECK(t->count() == 1);
}

TEST_CASE("a number that was given back is the next to be given out") {
  auto t = std::make_unique<handle_table>();
  const handle_value a = add(*t, entry_of(1));
  const handle_value b = add(*t, entry_of(2));
  CHECK(t->close(a, retired) == closing::done);
  CHECK(t->close(a, retired) == closing::no_such_handle);
  CHECK(t->look(b).number() == 2);
  CHECK(add(*t, entry_of(3)) == a);
  CHECK(t->look(a).number() == 3);
  CHECK(t->count() == 2);
}

TEST_CASE("a protected handle stays") {
  auto t = std::make_unique<handle_table>();
  const handle_value h = add(*t, entry_of(1));
  CHECK(t->set_attributes(h, true, true));
  CHECK(t->look(h).is_inherited());
  CHECK(t->close(h, retired) == closing::not_allowed);
  CHECK(t->look(h).number() == 1);
  CHECK(t->set_attributes(h, false, false));
  CHECK(t->close(h, retired) == closing::done);
}

TEST_CASE("an object that could not be retired is retired later, once, and its place is not used meanwhile") {
  auto t = std::make_unique<handle_table>();
  const handle_value a = add(*t, entry_of(1));
  const handle_value b = add(*t, entry_of(2));
  CHECK(t->close(a, not_retired) == closing::done);
  CHECK_FALSE(t->look(a).is_any());
  CHECK(t->close(a, not_retired) == closing::no_such_handle);
  CHECK(t->close(b, not_retired) == closing::done);
  CHECK(t->count() == 2);
  const handle_value c = add(*t, entry_of(3));
  CHECK(c != a);
  CHECK(c != b);
  std::multiset<number> seen;
  const auto remember = [&](entry e) noexcept {
    seen.insert(e.number());
    return true;
  };
  CHECK(t->close(c, remember) == closing::done);  // one more each time
  CHECK(t->close(c, remember) == closing::no_such_handle);
  CHECK(seen == std::multiset<number>{1, 2, 3});
  CHECK(t->count() == 0);
  CHECK(t->close(c, remember) == closing::no_such_handle);
  CHECK(seen.size() == 3);
}

TEST_CASE("16 million handles, and not one more") {
  const int every = scaled(64);  // under a sanitizer a part of them
  const std::uint32_t wanted = every == 64 ? handle_table::limit - 1 : 100'000;
  auto t = std::make_unique<handle_table>();
  std::uint32_t wrong = 0;
  for (std::uint32_t i = 1; i <= wanted; ++i) wrong += add(*t, entry_of(i)) == handle_value{i} * 4 ? 0 : 1;
  CHECK(wrong == 0);
  if (wanted == handle_table::limit - 1) CHECK(t->reserve() == 0);
  for (std::uint32_t i = 1; i <= wanted; ++i) wrong += t->look(handle_value{i} * 4).number() == i ? 0 : 1;
  CHECK(wrong == 0);
  CHECK(t->count() == wanted);
  for (std::uint32_t i = 1; i <= wanted; ++i) {
    wrong += t->close(handle_value{i} * 4, retired) == closing::done ? 0 : 1;
  }
  CHECK(wrong == 0);
  CHECK(t->count() == 0);
  CHECK(add(*t, entry_of(1)) == handle_value{wanted} * 4);
}

TEST_CASE("of all who close a handle one does") {
  constexpr int closers = 3;
  const int rounds = scaled(20'000);
  auto t = std::make_unique<handle_table>();
  handle_value h = add(*t, entry_of(1));
  std::atomic<int> closed{0};
  int wrong = 0;
  // The last one in a round prepares the next. Not by std::barrier, which some libraries let sleep, and lose wakes.
  std::atomic<int> arrived{0};
  std::atomic<int> rounds_over{0};
  const auto next_round = [&](int round) {
    if (arrived.fetch_add(1, std::memory_order_acq_rel) + 1 != closers) {
      // They are to close at one moment: not by way of the scheduler, as long as all of them run.
      for (int looks = 0; rounds_over.load(std::memory_order_acquire) == round; ++looks) {
        if (looks > 10'000) std::this_thread::yield();
      }
      return;
    }
    if (closed.exchange(0, std::memory_order_relaxed) != 1) ++wrong;
    h = add(*t, entry_of(1));
    arrived.store(0, std::memory_order_relaxed);  // nobody looks before the next
    rounds_over.store(round + 1, std::memory_order_release);
  };
  weir::test::crew threads;
  for (int i = 0; i < closers; ++i) {
    threads.add([&] {
      for (int round = 0; round < rounds; ++round) {
        if (t->close(h, retired) == closing::done) closed.fetch_add(1, std::memory_order_relaxed);
        next_round(round);
      }
    });
  }
  CHECK(threads.join() == "");
  CHECK(wrong == 0);
  CHECK(t->count() == 1);
}

// Torture. The oracle: a semaphore's limit says which object it is and never changes while a section may look at it; a
// cell that was used again, or is being made, shows another one, and ThreadSanitizer sees who writes it.
TEST_CASE("what a handle leads to stays what it is until the section ends, whoever closes it") {
  constexpr std::size_t places = 8;
  const int rounds = scaled(200'000);
  std::array<std::atomic<handle_value>, places> known{};
  std::atomic<bool> over{false};
  std::atomic<std::uint32_t> looked{0};
  weir::test::crew threads;
  for (int i = 0; i < 2; ++i) {
    threads.add([&] {
      std::uint32_t mine = 0;
      for (std::size_t at = 0; !over.load(std::memory_order_relaxed); at = (at + 1) % places) {
        const handle_value h = known[at].load(std::memory_order_relaxed);
        const section s;
        const reached f = s.find(h, type::semaphore, access::modify_state);
        if (f.result == status::invalid_handle) continue;
        if (f.result != status::success) return weir::test::fail("a handle of another kind");
        const std::uint32_t limit = f.object->limit;
        const std::uint32_t generation = f.object->generation;
        for (int again = 0; again < 20; ++again) {
          if (release_semaphore(own_segment(), *f.object, 1).result != status::success) {
            return weir::test::fail("a semaphore that is full");
          }
          if (f.object->limit != limit || f.object->generation != generation) {
            return weir::test::fail("the object has become another one");
          }
        }
        ++mine;
      }
      looked.fetch_add(mine, std::memory_order_relaxed);
    });
  }
  threads.add([&] {
    std::uint32_t serial = 1'000'000;
    for (int i = 0; i < rounds; ++i) {
      auto& place = known[static_cast<std::size_t>(i) % places];
      if (const handle_value old = place.load(std::memory_order_relaxed); old != 0) {
        if (close_handle(old) != status::success) weir::test::fail("a handle of our own could not be closed");
      }
      native_cell* const c = own_segment().make(kind::semaphore, 0, 1u << 30 | ++serial, 0);
      const handle_value h = own_handles().reserve();
      if (c == nullptr || h == 0) return weir::test::fail("out of memory");
      own_handles().show(h, entry::make(type::semaphore, access::granted(type::semaphore, access::generic_all), c->self,
                                        c->generation, false));
      place.store(h, std::memory_order_relaxed);
    }
    over.store(true, std::memory_order_relaxed);
  });
  CHECK(threads.join() == "");
  CHECK(looked.load(std::memory_order_relaxed) > 0);
  for (auto& place : known) static_cast<void>(close_handle(place.load(std::memory_order_relaxed)));
  weir::rcu::default_domain().barrier();
  CHECK(own_handles().count() == 0);
  CHECK(own_segment().objects() == 0);
}

}  // namespace
