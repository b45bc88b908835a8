// [saferecl.rcu], clause by clause; docs/rcu.md has the table. Against std:: where the compiler has it.
#include <version>
#if defined(__cpp_lib_rcu)
#include <rcu>
namespace rcu26 = std;
#else
#include "weir/rcu/std26.h"
namespace rcu26 = weir::std26;
#endif

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>

#include "tests/support/catch.h"
#include "tests/support/gate.h"

namespace {

using weir::test::gate;

// --- [saferecl.rcu.base]
// -------------------------------------------------------------------------------------------------

struct incomplete;
struct keeps_incomplete {
  rcu26::rcu_obj_base<incomplete>* base = nullptr;  // T may be incomplete before a member is used
};

struct plain : rcu26::rcu_obj_base<plain> {
  int value = 0;
};
struct stateless {
  void operator()(const void*) const {}
};
struct with_string {
  std::string text;
  void operator()(const void*) const {}
};
struct trivially_deleted : rcu26::rcu_obj_base<trivially_deleted, stateless> {};
struct with_function : rcu26::rcu_obj_base<with_function, void (*)(with_function*)> {};
struct not_trivially_deleted : rcu26::rcu_obj_base<not_trivially_deleted, with_string> {};

// "If D is trivially copyable, all specializations are trivially copyable."
static_assert(std::is_trivially_copyable_v<rcu26::rcu_obj_base<plain>>);
static_assert(std::is_trivially_copyable_v<plain>);
static_assert(std::is_trivially_copyable_v<trivially_deleted>);
static_assert(std::is_trivially_copyable_v<with_function>);
static_assert(!std::is_trivially_copyable_v<not_trivially_deleted>);

// The special members are protected and defaulted.
static_assert(!std::is_default_constructible_v<rcu26::rcu_obj_base<plain>>);
static_assert(!std::is_destructible_v<rcu26::rcu_obj_base<plain>>);
static_assert(!std::is_copy_constructible_v<rcu26::rcu_obj_base<plain>>);
static_assert(std::is_default_constructible_v<plain> && std::is_copy_constructible_v<plain> &&
              std::is_move_assignable_v<plain> && std::is_copy_assignable_v<not_trivially_deleted>);

// The signature, with its defaults.
static_assert(noexcept(std::declval<plain&>().retire()));
static_assert(noexcept(std::declval<plain&>().retire(std::default_delete<plain>(), rcu26::rcu_default_domain())));
static_assert(std::is_same_v<decltype(&plain::retire), void (rcu26::rcu_obj_base<plain>::*)(
                                                           std::default_delete<plain>, rcu26::rcu_domain&) noexcept>);

TEST_CASE("[saferecl.rcu.base] retire() moves the deleter in and calls it once, with the object") {
  struct calls {
    std::shared_ptr<int> count;
    void operator()(void*) { ++*count; }
  };
  struct object : rcu26::rcu_obj_base<object, calls> {};
  const auto count = std::make_shared<int>(0);
  object o;
  o.retire(calls{count});
  rcu26::rcu_barrier();
  CHECK(*count == 1);
  CHECK(count.use_count() == 1);
}

TEST_CASE("[saferecl.rcu.base] the default deleter deletes") {
  static std::atomic<int> alive{0};
  struct object : rcu26::rcu_obj_base<object> {
    object() { alive.fetch_add(1, std::memory_order_relaxed); }
    ~object() { alive.fetch_sub(1, std::memory_order_relaxed); }
  };
  (new object)->retire();
  rcu26::rcu_barrier();
  CHECK(alive.load(std::memory_order_relaxed) == 0);
}

TEST_CASE("[saferecl.rcu.base] the base need not be the first one") {
  struct other {
    virtual ~other() = default;
    int filler = 7;
  };
  struct object : other, rcu26::rcu_obj_base<object> {
    explicit object(int* p) : where(p) {}
    object(const object&) = delete;
    object& operator=(const object&) = delete;
    ~object() override { *where = filler; }
    int* where;
  };
  int seen = 0;
  (new object(&seen))->retire();
  rcu26::rcu_barrier();
  CHECK(seen == 7);
}

// --- [saferecl.rcu.domain]
// -----------------------------------------------------------------------------------------------

static_assert(!std::is_default_constructible_v<rcu26::rcu_domain>);
static_assert(!std::is_copy_constructible_v<rcu26::rcu_domain> && !std::is_copy_assignable_v<rcu26::rcu_domain>);
static_assert(!std::is_move_constructible_v<rcu26::rcu_domain> && !std::is_move_assignable_v<rcu26::rcu_domain>);
static_assert(noexcept(rcu26::rcu_default_domain().lock()) && noexcept(rcu26::rcu_default_domain().unlock()));
static_assert(noexcept(rcu26::rcu_default_domain().try_lock()));
static_assert(std::is_same_v<decltype(&rcu26::rcu_domain::lock), void (rcu26::rcu_domain::*)() noexcept>);
static_assert(std::is_same_v<decltype(&rcu26::rcu_domain::try_lock), bool (rcu26::rcu_domain::*)() noexcept>);
static_assert(std::is_same_v<decltype(&rcu26::rcu_domain::unlock), void (rcu26::rcu_domain::*)() noexcept>);

TEST_CASE("[saferecl.rcu.domain] a domain is a Cpp17Lockable, and recursive; try_lock() is lock()") {
  rcu26::rcu_domain& d = rcu26::rcu_default_domain();
  const std::scoped_lock outer(d);
  std::unique_lock inner(d, std::try_to_lock);
  CHECK(inner.owns_lock());
  std::mutex m;
  const std::scoped_lock with_a_mutex(m, d);
  CHECK(d.try_lock());
  d.unlock();
}

// --- [saferecl.rcu.domain.func]
// ------------------------------------------------------------------------------------------

static_assert(
    noexcept(rcu26::rcu_default_domain()) && noexcept(rcu26::rcu_synchronize()) && noexcept(rcu26::rcu_barrier()));
static_assert(std::is_same_v<decltype(rcu26::rcu_default_domain()), rcu26::rcu_domain&>);
static_assert(std::is_same_v<decltype(&rcu26::rcu_synchronize), void (*)(rcu26::rcu_domain&) noexcept>);
static_assert(std::is_same_v<decltype(&rcu26::rcu_barrier), void (*)(rcu26::rcu_domain&) noexcept>);
static_assert(!noexcept(rcu26::rcu_retire(static_cast<int*>(nullptr))));

TEST_CASE("[saferecl.rcu.domain.func] rcu_default_domain() is the same object each time") {
  CHECK(&rcu26::rcu_default_domain() == &rcu26::rcu_default_domain());
}

TEST_CASE("[saferecl.rcu.domain.func] rcu_synchronize() returns after the sections that were open") {
  gate inside;
  std::atomic<bool> left{false};
  std::thread reader([&] {
    const std::scoped_lock section(rcu26::rcu_default_domain());
    inside.pass();
    left.store(true, std::memory_order_relaxed);
  });
  REQUIRE(inside.await(1));
  inside.open();
  rcu26::rcu_synchronize();
  CHECK(left.load(std::memory_order_relaxed));
  reader.join();
}

TEST_CASE("[saferecl.rcu.domain.func] rcu_retire(): the deleter is moved, may have a state, need not have a default") {
  struct deleter {
    explicit deleter(int* p) : calls(p) {}
    deleter(const deleter&) = delete;
    deleter(deleter&&) = default;
    deleter& operator=(const deleter&) = delete;
    deleter& operator=(deleter&&) = delete;
    ~deleter() = default;
    void operator()(const int* p) {
      delete p;
      ++*calls;
    }
    int* calls;
  };
  int calls = 0;
  rcu26::rcu_retire(new int(1), deleter(&calls));
  rcu26::rcu_retire(new int(2));
  rcu26::rcu_retire(new const int(3));
  rcu26::rcu_barrier();
  CHECK(calls == 1);
}

TEST_CASE(
    "[saferecl.rcu.domain.func] a retired object is reclaimed after the sections that were open, and by the end of "
    "rcu_barrier()") {
  gate inside;
  std::atomic<bool> reclaimed{false};
  std::atomic<bool> too_early{false};
  std::thread reader([&] {
    const std::scoped_lock section(rcu26::rcu_default_domain());
    inside.pass();
    if (reclaimed.load(std::memory_order_relaxed)) too_early.store(true, std::memory_order_relaxed);
  });
  REQUIRE(inside.await(1));
  rcu26::rcu_retire(&reclaimed, [](std::atomic<bool>* p) { p->store(true, std::memory_order_relaxed); });
  inside.open();
  rcu26::rcu_barrier();
  CHECK(reclaimed.load(std::memory_order_relaxed));
  reader.join();
  CHECK_FALSE(too_early.load(std::memory_order_relaxed));
}

// --- What the clause is for
// ----------------------------------------------------------------------------------------------

// A structure whose nodes retire themselves; readers print what they see in a section.
struct word : rcu26::rcu_obj_base<word> {
  explicit word(std::string t) : text(std::move(t)) {}
  std::string text;
};

TEST_CASE("an update with an intrusive object, one with any other, and one that waits") {
  std::atomic<word*> current{new word("one")};
  std::atomic<const std::string*> other{new std::string("one")};
  std::atomic<bool> enough{false};
  std::atomic<std::size_t> read{0};
  std::thread reader([&] {
    while (!enough.load(std::memory_order_relaxed)) {
      const std::scoped_lock section(rcu26::rcu_default_domain());
      read.fetch_add(
          current.load(std::memory_order_acquire)->text.size() + other.load(std::memory_order_acquire)->size(),
          std::memory_order_relaxed);
    }
  });
  CHECK(weir::test::eventually([&] { return read.load(std::memory_order_relaxed) > 0; }));
  for (int i = 0; i < 100; ++i) {
    current.exchange(new word("many words"), std::memory_order_acq_rel)->retire();
    rcu26::rcu_retire(other.exchange(new std::string("more of them"), std::memory_order_acq_rel));
    const std::string* const old = other.exchange(new std::string("the last"), std::memory_order_acq_rel);
    rcu26::rcu_synchronize();
    delete old;
  }
  enough.store(true, std::memory_order_relaxed);
  reader.join();
  rcu26::rcu_barrier();
  delete current.load(std::memory_order_relaxed);
  delete other.load(std::memory_order_relaxed);
}

// Names that a program has itself, and may use in an object: the base has none but its own and retire().
struct link {
  int value = 0;
};
int reclaim() { return 7; }
struct chained {
  chained* next = nullptr;
  int handle = 0, run = 0, self = 0, deleter = 0, place = 0;
};
struct entry : chained, rcu26::rcu_obj_base<entry> {
  link at;
  int sum() {
    next = this;
    return reclaim() + at.value + handle + run + self + deleter + place;
  }
};

TEST_CASE("the base takes no names away from an object's class") {
  auto e = std::make_unique<entry>();
  CHECK(e->sum() == 7);
  e.release()->retire();
}

}  // namespace
