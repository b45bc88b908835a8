// [saferecl.hp], clause by clause; docs/hazard.md has the table. Against std:: where the compiler has it.
#include <version>
#if defined(__cpp_lib_hazard_pointer)
#include <hazard_pointer>
namespace hp26 = std;
#else
#include "weir/hazard/std26.h"
namespace hp26 = weir::std26;
#endif

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/gate.h"

namespace {

using weir::test::eventually;

// --- [saferecl.hp.base] -------------------------------------------------------------------------------------------

struct incomplete;
struct keeps_incomplete {
  hp26::hazard_pointer_obj_base<incomplete>* base = nullptr;  // T may be incomplete before a member is used
};

struct plain : hp26::hazard_pointer_obj_base<plain> {
  int value = 0;
};
struct with_string {
  std::string text;
  void operator()(const void*) const {}
};
// Cpp17DefaultConstructible and Cpp17MoveAssignable, and no more.
struct only_assigned {
  only_assigned() = default;
  only_assigned(only_assigned&&) = delete;
  only_assigned& operator=(only_assigned&&) = default;
  ~only_assigned() = default;
  void operator()(const void*) const {}
};
struct with_only_assigned : hp26::hazard_pointer_obj_base<with_only_assigned, only_assigned> {};
struct with_function : hp26::hazard_pointer_obj_base<with_function, void (*)(with_function*)> {};
struct not_trivially_deleted : hp26::hazard_pointer_obj_base<not_trivially_deleted, with_string> {};

// The default deleter is default_delete<T>; the special members are protected and defaulted; retire() is noexcept.
static_assert(std::is_base_of_v<hp26::hazard_pointer_obj_base<plain, std::default_delete<plain>>, plain>);
static_assert(!std::is_default_constructible_v<hp26::hazard_pointer_obj_base<plain>>);
static_assert(!std::is_destructible_v<hp26::hazard_pointer_obj_base<plain>>);
static_assert(!std::is_copy_constructible_v<hp26::hazard_pointer_obj_base<plain>>);
static_assert(std::is_default_constructible_v<plain> && std::is_copy_constructible_v<plain> &&
              std::is_move_assignable_v<plain> && std::is_copy_assignable_v<not_trivially_deleted>);
static_assert(std::is_trivially_copyable_v<plain> && std::is_trivially_copyable_v<with_function>);
static_assert(!std::is_trivially_copyable_v<not_trivially_deleted>);
static_assert(noexcept(std::declval<plain&>().retire()));
static_assert(noexcept(std::declval<with_function&>().retire(nullptr)));

// --- [saferecl.hp.holder.general] -----------------------------------------------------------------------------------

using hp26::hazard_pointer;
using source = std::atomic<plain*>;

static_assert(std::is_nothrow_default_constructible_v<hazard_pointer>);
static_assert(std::is_nothrow_move_constructible_v<hazard_pointer>);
static_assert(std::is_nothrow_move_assignable_v<hazard_pointer>);
static_assert(!std::is_copy_constructible_v<hazard_pointer> && !std::is_copy_assignable_v<hazard_pointer>);
static_assert(std::is_same_v<decltype(hp26::make_hazard_pointer()), hazard_pointer>);
static_assert(noexcept(std::declval<const hazard_pointer&>().empty()));
static_assert(std::is_same_v<decltype(std::declval<const hazard_pointer&>().empty()), bool>);
static_assert(noexcept(std::declval<hazard_pointer&>().protect(std::declval<const source&>())));
static_assert(std::is_same_v<decltype(std::declval<hazard_pointer&>().protect(std::declval<const source&>())), plain*>);
static_assert(noexcept(std::declval<hazard_pointer&>().try_protect(std::declval<plain*&>(),
                                                                   std::declval<const source&>())));
static_assert(noexcept(std::declval<hazard_pointer&>().reset_protection(std::declval<const plain*>())));
static_assert(noexcept(std::declval<hazard_pointer&>().reset_protection(nullptr)));
static_assert(noexcept(std::declval<hazard_pointer&>().reset_protection()));
static_assert(noexcept(std::declval<hazard_pointer&>().swap(std::declval<hazard_pointer&>())));
static_assert(noexcept(swap(std::declval<hazard_pointer&>(), std::declval<hazard_pointer&>())));

// --- [saferecl.hp.general] ------------------------------------------------------------------------------------------

#if !defined(__cpp_lib_hazard_pointer)
struct twice : hp26::hazard_pointer_obj_base<plain>, hp26::hazard_pointer_obj_base<twice> {};
struct of_another : hp26::hazard_pointer_obj_base<plain> {};
struct hidden : private hp26::hazard_pointer_obj_base<hidden> {};
struct unusual : virtual hp26::hazard_pointer_obj_base<unusual> {};
struct nothing {};
using hp26::detail::hazard_protectable;
static_assert(hazard_protectable<plain> && hazard_protectable<with_function> && hazard_protectable<const plain>);
static_assert(!hazard_protectable<twice> && !hazard_protectable<of_another> && !hazard_protectable<hidden> &&
              !hazard_protectable<unusual> && !hazard_protectable<nothing>);
#endif

// An object that tells when it is reclaimed.
struct counted;
struct count {
  std::atomic<int>* times = nullptr;
  void operator()(counted* c) const;
};
struct counted : hp26::hazard_pointer_obj_base<counted, count> {
  std::size_t weight = 1;
};
void count::operator()(counted* c) const {
  times->fetch_add(1, std::memory_order_relaxed);
  delete c;
}

// The standard has no way to have all reclaimed: retiring many does it, with every implementation.
void retire_many(std::atomic<int>& times) {
  for (int i = 0; i < 20'000; ++i) (new counted)->retire({&times});
}

TEST_CASE("a retired object is reclaimed by its deleter, once; a protected one is not") {
  static std::atomic<int> others{0};
  std::atomic<int> times{0};
  std::atomic<counted*> src{new counted};
  hazard_pointer h = hp26::make_hazard_pointer();
  counted* const p = h.protect(src);
  src.store(nullptr, std::memory_order_release);
  p->retire({&times});
  retire_many(others);
  CHECK(times == 0);
  CHECK(others > 0);
  CHECK(p->weight == 1);
  h.reset_protection();
  CHECK(eventually([&] {
    retire_many(others);
    return times == 1;
  }));
}

TEST_CASE("constructors, destructor, assignment") {
  const hazard_pointer none;
  CHECK(none.empty());
  hazard_pointer a = hp26::make_hazard_pointer();
  CHECK_FALSE(a.empty());
  hazard_pointer b(std::move(a));
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move): specified
  CHECK_FALSE(b.empty());
  hazard_pointer c;
  c = std::move(b);
  CHECK(b.empty());  // NOLINT(bugprone-use-after-move): specified
  CHECK_FALSE(c.empty());
  hazard_pointer& same = c;
  c = std::move(same);
  CHECK_FALSE(c.empty());
}

TEST_CASE("protect(), try_protect(), reset_protection()") {
  std::array<plain, 2> objects;
  source src{&objects[0]};
  hazard_pointer h = hp26::make_hazard_pointer();
  CHECK(h.protect(src) == &objects[0]);
  plain* p = &objects[1];
  CHECK_FALSE(h.try_protect(p, src));
  CHECK(p == &objects[0]);
  CHECK(h.try_protect(p, src));
  CHECK(p == &objects[0]);
  h.reset_protection(&objects[1]);
  h.reset_protection(static_cast<const plain*>(nullptr));
  h.reset_protection();
  src.store(nullptr, std::memory_order_release);
  CHECK(h.protect(src) == nullptr);
}

TEST_CASE("a deleter need not be more than default constructible and move assignable") {
  static with_only_assigned o;
  o.retire();
}

TEST_CASE("swap") {
  hazard_pointer a = hp26::make_hazard_pointer();
  hazard_pointer b;
  a.swap(b);
  CHECK(a.empty());
  CHECK_FALSE(b.empty());
  swap(a, b);
  CHECK(b.empty());
  CHECK_FALSE(a.empty());
}

TEST_CASE("a hazard pointer is owned by one object at a time, which may be in another thread") {
  static std::atomic<int> others{0};
  std::atomic<int> times{0};
  std::atomic<counted*> src{new counted};
  hazard_pointer moved;
  counted* p = nullptr;
  std::thread([&] {
    hazard_pointer made = hp26::make_hazard_pointer();
    p = made.protect(src);
    moved = std::move(made);
  }).join();
  p->retire({&times});
  retire_many(others);
  CHECK(times == 0);
  std::thread([h = std::move(moved)]() mutable { h = hazard_pointer(); }).join();
  CHECK(eventually([&] {
    retire_many(others);
    return times == 1;
  }));
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
struct entry : chained, hp26::hazard_pointer_obj_base<entry> {
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
