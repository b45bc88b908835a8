// Names: items 103 to 109 of the list of what NT does.
#include <array>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;

NTSTATUS make(handle& h, POBJECT_ATTRIBUTES a, bool signaled = false) {
  return NtCreateEvent(h.to(), EVENT_ALL_ACCESS, a, NotificationEvent, signaled ? 1 : 0);
}
NTSTATUS open(handle& h, POBJECT_ATTRIBUTES a) { return NtOpenEvent(h.to(), EVENT_ALL_ACCESS, a); }

TEST_CASE("nt 103, 104: a name that exists is opened with OBJ_OPENIF, and a collision without") {
  named plain(u"\\BaseNamedObjects\\103");
  named openif(u"\\BaseNamedObjects\\103", OBJ_OPENIF);
  handle first;
  handle second;
  CHECK(make(first, openif, true) == STATUS_SUCCESS);
  CHECK(make(second, openif, false) == STATUS_OBJECT_NAME_EXISTS);
  CHECK(state(second) == 1);
  CHECK(NtResetEvent(second, nullptr) == STATUS_SUCCESS);
  CHECK(state(first) == 0);
  HANDLE untouched = reinterpret_cast<HANDLE>(77);
  CHECK(NtCreateEvent(&untouched, EVENT_ALL_ACCESS, plain, NotificationEvent, 0) == STATUS_OBJECT_NAME_COLLISION);
  CHECK(untouched == reinterpret_cast<HANDLE>(77));
  handle s;
  CHECK(NtCreateSemaphore(s.to(), SEMAPHORE_ALL_ACCESS, named(u"\\BaseNamedObjects\\103s"), 1, 2) == STATUS_SUCCESS);
  handle same;
  CHECK(NtCreateSemaphore(same.to(), SEMAPHORE_ALL_ACCESS, named(u"\\BaseNamedObjects\\103s", OBJ_OPENIF), 5, 6) ==
        STATUS_OBJECT_NAME_EXISTS);
  CHECK(count(same) == 1);
  handle m;
  CHECK(NtCreateMutant(m.to(), MUTANT_ALL_ACCESS, named(u"\\BaseNamedObjects\\103m"), 0) == STATUS_SUCCESS);
  CHECK(NtCreateMutant(same.to(), MUTANT_ALL_ACCESS, named(u"\\BaseNamedObjects\\103m", OBJ_OPENIF), 1) ==
        STATUS_OBJECT_NAME_EXISTS);
  CHECK(is(mutant_state(m), 1, false, false));
}

TEST_CASE("nt 105, 107: the name of an object of another type") {
  handle e;
  CHECK(make(e, named(u"\\BaseNamedObjects\\105")) == STATUS_SUCCESS);
  handle h;
  CHECK(NtCreateMutant(h.to(), MUTANT_ALL_ACCESS, named(u"\\BaseNamedObjects\\105", OBJ_OPENIF), 0) ==
        STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtCreateSemaphore(h.to(), SEMAPHORE_ALL_ACCESS, named(u"\\BaseNamedObjects\\105"), 0, 1) ==
        STATUS_OBJECT_NAME_COLLISION);
  CHECK(NtOpenMutant(h.to(), MUTANT_ALL_ACCESS, named(u"\\BaseNamedObjects\\105")) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtOpenSemaphore(h.to(), SEMAPHORE_ALL_ACCESS, named(u"\\BaseNamedObjects\\105")) ==
        STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtOpenTimer(h.to(), TIMER_ALL_ACCESS, named(u"\\BaseNamedObjects\\105")) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtOpenKeyedEvent(h.to(), 3, named(u"\\BaseNamedObjects\\105")) == STATUS_OBJECT_TYPE_MISMATCH);
}

TEST_CASE("nt 106: a name that is not there") {
  handle h;
  CHECK(open(h, named(u"\\BaseNamedObjects\\106")) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(open(h, named(u"\\BaseNamedObjects\\106", OBJ_OPENIF)) == STATUS_OBJECT_NAME_NOT_FOUND);
}

TEST_CASE("nt 108: names differ in upper and lower case, unless who asks says otherwise") {
  handle lower;
  handle upper;
  handle h;
  CHECK(make(lower, named(u"\\BaseNamedObjects\\108 na\u00efve \u03b1\u0436")) == STATUS_SUCCESS);
  CHECK(open(h, named(u"\\BaseNamedObjects\\108 NA\u00cfVE \u0391\u0416")) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(open(h, named(u"\\BaseNamedObjects\\108 NA\u00cfVE \u0391\u0416", OBJ_CASE_INSENSITIVE)) == STATUS_SUCCESS);
  CHECK(NtSetEvent(h, nullptr) == STATUS_SUCCESS);
  CHECK(state(lower) == 1);
  CHECK(make(upper, named(u"\\BaseNamedObjects\\108 NA\u00cfVE \u0391\u0416", OBJ_CASE_INSENSITIVE)) ==
        STATUS_OBJECT_NAME_COLLISION);
  CHECK(make(upper, named(u"\\BaseNamedObjects\\108 NA\u00cfVE \u0391\u0416")) == STATUS_SUCCESS);
  CHECK(state(upper) == 0);
}

TEST_CASE("Greek letters with accents have an upper case") {
  handle lower;
  handle h;
  CHECK(make(lower, named(u"\\BaseNamedObjects\\\u03ac\u03ad\u03ae\u03af\u03ca\u03cb\u03cc\u03cd\u03ce\u03c2")) ==
        STATUS_SUCCESS);
  CHECK(open(h, named(u"\\BaseNamedObjects\\\u0386\u0388\u0389\u038a\u03aa\u03ab\u038c\u038e\u038f\u03c2",
                      OBJ_CASE_INSENSITIVE)) == STATUS_SUCCESS);
}

TEST_CASE("nt 109: a name disappears with the last handle, and not before") {
  named n(u"\\BaseNamedObjects\\109");
  handle first;
  handle second;
  handle h;
  CHECK(make(first, n) == STATUS_SUCCESS);
  CHECK(open(second, n) == STATUS_SUCCESS);
  handle third = duplicate(first, 0, DUPLICATE_SAME_ACCESS);
  first.close();
  second.close();
  CHECK(open(h, n) == STATUS_SUCCESS);
  h.close();
  blocked waiter([&] { return wait(third); });
  REQUIRE(seen_waiting(third, 1));
  handle kept = with(third, EVENT_MODIFY_STATE);
  third.close();
  CHECK(open(h, n) == STATUS_SUCCESS);
  h.close();
  CHECK(NtSetEvent(kept, nullptr) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_WAIT_0);
  kept.close();
  CHECK(open(h, n) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(make(h, n, true) == STATUS_SUCCESS);  // another one
  CHECK(state(h) == 1);
}

TEST_CASE("nt 109: a wait keeps the object, and not its name") {
  named n(u"\\BaseNamedObjects\\109 waited for");
  handle last;
  handle h;
  CHECK(make(last, n) == STATUS_SUCCESS);
  const handle end = automatic();
  const HANDLE both[] = {last, end};
  blocked keeps([&] { return NtWaitForMultipleObjects(2, both, WaitAny, 0, nullptr); });
  REQUIRE(seen_waiting(end, 1));
  const detail::native_cell& object = [&]() -> detail::native_cell& {
    const detail::section s;
    return *s.find(reinterpret_cast<detail::handle_value>(static_cast<HANDLE>(last)), 0).object;
  }();
  const auto generation = object.generation;
  last.close();
  CHECK(open(h, n) == STATUS_OBJECT_NAME_NOT_FOUND);
  weir::rcu::default_domain().barrier();  // the handle is nobody's any more
  CHECK(object.generation == generation);
  CHECK(NtSetEvent(end, nullptr) == STATUS_SUCCESS);
  CHECK(keeps.result() == STATUS_WAIT_0 + 1);
}

// Property: while \Foo lives, who asks for it in any case finds it, whatever becomes of \foo.
TEST_CASE("a name that is going hides no other one") {
  handle lives;
  REQUIRE(make(lives, named(u"\\BaseNamedObjects\\Hidden")) == STATUS_SUCCESS);
  std::atomic<bool> over{false};
  blocked comes_and_goes([&] {
    NTSTATUS bad = STATUS_SUCCESS;
    while (!over.load(std::memory_order_relaxed)) {
      handle h;
      const NTSTATUS s = make(h, named(u"\\BaseNamedObjects\\hidden"));
      if (s != STATUS_SUCCESS && s != STATUS_OBJECT_NAME_COLLISION) bad = s;  // the others may have found it
    }
    return bad;
  });
  int wrong = 0;
  const int rounds = weir::test::scaled(50'000);
  for (int i = 0; i < rounds; ++i) {
    handle h;
    if (open(h, named(u"\\BaseNamedObjects\\HIDDEN", OBJ_CASE_INSENSITIVE)) != STATUS_SUCCESS) ++wrong;
    if (make(h, named(u"\\BaseNamedObjects\\HIDDEN", OBJ_CASE_INSENSITIVE)) != STATUS_OBJECT_NAME_COLLISION) ++wrong;
  }
  over.store(true, std::memory_order_relaxed);
  CHECK(comes_and_goes.result() == STATUS_SUCCESS);
  CHECK(wrong == 0);
}

TEST_CASE("where names are") {
  handle first;
  handle h;
  CHECK(make(first, named(u"\\BaseNamedObjects\\where")) == STATUS_SUCCESS);
  CHECK(open(h, named(u"\\basenamedobjects\\where")) == STATUS_SUCCESS);
  CHECK(open(h, named(u"\\BaseNamedObjects\\Global\\where")) == STATUS_SUCCESS);
  CHECK(open(h, named(u"\\BaseNamedObjects\\Local\\where")) == STATUS_SUCCESS);
  CHECK(open(h, named(u"\\where")) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(open(h, named(u"\\Sessions\\1\\BaseNamedObjects\\where")) == STATUS_OBJECT_NAME_NOT_FOUND);
  handle session;
  CHECK(make(session, named(u"\\Sessions\\1\\BaseNamedObjects\\where")) == STATUS_SUCCESS);
  CHECK(open(h, named(u"\\Sessions\\2\\BaseNamedObjects\\where")) == STATUS_OBJECT_NAME_NOT_FOUND);
  handle global;
  CHECK(make(global, named(u"\\Sessions\\1\\BaseNamedObjects\\Global\\there"), true) == STATUS_SUCCESS);
  CHECK(open(h, named(u"\\BaseNamedObjects\\there")) == STATUS_SUCCESS);
  CHECK(state(h) == 1);
  CHECK(NtSetEvent(session, nullptr) == STATUS_SUCCESS);
  for (const auto* path : {u"\\sessions\\1\\basenamedobjects\\where", u"\\Sessions\\1\\BaseNamedObjects\\Local\\where",
                           u"\\Sessions\\1\\BaseNamedObjects\\local\\LOCAL\\where"}) {
    CHECK(open(h, named(path)) == STATUS_SUCCESS);
    CHECK(state(h) == 1);
  }
  for (const auto* path :
       {u"\\Sessions\\1\\BaseNamedObjects\\Global\\where", u"\\BaseNamedObjects\\Local\\Global\\where"}) {
    CHECK(open(h, named(path)) == STATUS_SUCCESS);
    CHECK(state(h) == 0);  // the first one
  }
  for (const auto* number : {u"01", u"-1", u"4294967295", u"99999999999999999999", u""}) {
    const std::u16string path = std::u16string(u"\\Sessions\\") + number + u"\\BaseNamedObjects\\where";
    CHECK(make(h, named(path)) == (*number != 0 ? STATUS_OBJECT_PATH_NOT_FOUND : STATUS_OBJECT_NAME_INVALID));
  }
  handle root;
  CHECK(make(root, named(u"\\where")) == STATUS_SUCCESS);
  CHECK(make(h, named(u"where")) == STATUS_OBJECT_PATH_SYNTAX_BAD);
  CHECK(make(h, named(u"\\nowhere\\where")) == STATUS_OBJECT_PATH_NOT_FOUND);
  CHECK(make(h, named(u"\\BaseNamedObjects\\no\\where")) == STATUS_OBJECT_PATH_NOT_FOUND);
  CHECK(make(h, named(u"\\Sessions\\where")) == STATUS_OBJECT_PATH_NOT_FOUND);
  CHECK(make(h, named(u"\\Sessions\\x\\BaseNamedObjects\\where")) == STATUS_OBJECT_PATH_NOT_FOUND);
  CHECK(make(h, named(u"\\")) == STATUS_OBJECT_NAME_INVALID);
  CHECK(make(h, named(u"\\BaseNamedObjects\\")) == STATUS_OBJECT_NAME_INVALID);
  CHECK(make(h, named(u"\\BaseNamedObjects\\\\where")) == STATUS_OBJECT_NAME_INVALID);
}

TEST_CASE("attributes that are none") {
  handle h;
  handle e = automatic();
  OBJECT_ATTRIBUTES a{};
  CHECK(make(h, &a) == STATUS_INVALID_PARAMETER);
  InitializeObjectAttributes(&a, nullptr, 0x8000, nullptr, nullptr);
  CHECK(make(h, &a) == STATUS_INVALID_PARAMETER);
  InitializeObjectAttributes(&a, nullptr, OBJ_OPENIF, nullptr, nullptr);
  CHECK(make(h, &a) == STATUS_SUCCESS);
  CHECK(open(h, &a) == STATUS_OBJECT_PATH_SYNTAX_BAD);
  CHECK(open(h, nullptr) == STATUS_INVALID_PARAMETER);
  std::u16string text = u"\\BaseNamedObjects\\odd";
  UNICODE_STRING n{3, 3, reinterpret_cast<PWSTR>(text.data())};
  InitializeObjectAttributes(&a, &n, 0, nullptr, nullptr);
  CHECK(make(h, &a) == STATUS_OBJECT_NAME_INVALID);
  n = {4, 4, nullptr};
  CHECK(make(h, &a) == STATUS_ACCESS_VIOLATION);
  n = {4, 4, reinterpret_cast<PWSTR>(text.data())};
  InitializeObjectAttributes(&a, &n, 0, e, nullptr);
  CHECK(make(h, &a) == STATUS_OBJECT_TYPE_MISMATCH);
  InitializeObjectAttributes(&a, &n, 0, reinterpret_cast<HANDLE>(0x7777774), nullptr);
  CHECK(make(h, &a) == STATUS_INVALID_HANDLE);
  CHECK(NtCreateEvent(nullptr, EVENT_ALL_ACCESS, nullptr, NotificationEvent, 0) == STATUS_ACCESS_VIOLATION);
  CHECK(NtOpenEvent(nullptr, EVENT_ALL_ACCESS, &a) == STATUS_ACCESS_VIOLATION);
}

TEST_CASE("a string's length is its bytes, up to what the type holds") {
  UNICODE_STRING s{};
  const std::u16string text = u"abc";
  RtlInitUnicodeString(&s, reinterpret_cast<PCWSTR>(text.c_str()));
  CHECK(s.Length == 6);
  CHECK(s.MaximumLength == 8);
  CHECK(s.Buffer == reinterpret_cast<PCWSTR>(text.c_str()));
  RtlInitUnicodeString(&s, nullptr);
  CHECK(s.Length == 0);
  CHECK(s.MaximumLength == 0);
  CHECK(s.Buffer == nullptr);
  const std::u16string longest(40'000, u'x');
  RtlInitUnicodeString(&s, reinterpret_cast<PCWSTR>(longest.c_str()));
  CHECK(s.Length == 65'532);
  CHECK(s.MaximumLength == 65'534);
  handle h;
  OBJECT_ATTRIBUTES a{};
  std::u16string path = u"\\BaseNamedObjects\\" + std::u16string(32'000, u'y');
  RtlInitUnicodeString(&s, reinterpret_cast<PCWSTR>(path.c_str()));
  InitializeObjectAttributes(&a, &s, 0, nullptr, nullptr);
  CHECK(make(h, &a) == STATUS_SUCCESS);
  handle again;
  CHECK(open(again, &a) == STATUS_SUCCESS);
}

TEST_CASE("thousands of names") {
  constexpr int many = 3'000;
  std::vector<handle> kept;
  int wrong = 0;
  const auto name = [](int i) {
    std::u16string n = u"\\BaseNamedObjects\\many ";
    for (; i != 0; i /= 10) n += static_cast<char16_t>(u'0' + i % 10);
    return n;
  };
  for (int i = 1; i <= many; ++i) {
    handle h;
    wrong += make(h, named(name(i)), i % 2 == 0) == STATUS_SUCCESS ? 0 : 1;
    kept.push_back(std::move(h));
  }
  for (int i = 1; i <= many; ++i) {
    handle h;
    wrong += open(h, named(name(i))) == STATUS_SUCCESS && state(h) == (i % 2 == 0 ? 1 : 0) ? 0 : 1;
  }
  kept.clear();
  for (int i = 1; i <= many; ++i) {
    handle h;
    wrong += open(h, named(name(i))) == STATUS_OBJECT_NAME_NOT_FOUND ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("names and handles that are made and closed by many at once") {
  const int rounds = weir::test::scaled(20'000);
  weir::test::crew threads;
  for (int t = 0; t < 3; ++t) {
    threads.add([t, rounds] {
      const std::array<std::u16string, 3> names = {u"\\BaseNamedObjects\\torture 0", u"\\BaseNamedObjects\\torture 1",
                                                   u"\\BaseNamedObjects\\TORTURE 0"};
      for (int i = 0; i < rounds; ++i) {
        const auto at = static_cast<std::size_t>(i * 7 + t) % names.size();
        handle h;
        NTSTATUS s = STATUS_SUCCESS;
        if (i % 2 == 0) {
          s = NtCreateSemaphore(h.to(), SEMAPHORE_ALL_ACCESS, named(names[at], OBJ_OPENIF), 5,
                                5 + static_cast<LONG>(at));
          if (s != STATUS_SUCCESS && s != STATUS_OBJECT_NAME_EXISTS) return weir::test::fail("not made");
        } else {
          s = NtOpenSemaphore(h.to(), SEMAPHORE_ALL_ACCESS, named(names[at]));
          if (s == STATUS_OBJECT_NAME_NOT_FOUND) continue;
          if (s != STATUS_SUCCESS) return weir::test::fail("neither there nor not");
        }
        SEMAPHORE_BASIC_INFORMATION info{};
        if (NtQuerySemaphore(h, SemaphoreBasicInformation, &info, sizeof info, nullptr) != STATUS_SUCCESS) {
          return weir::test::fail("no semaphore");
        }
        if (info.CurrentCount != 5 || info.MaximumCount != static_cast<LONG>(5 + at))
          return weir::test::fail("another's semaphore");
      }
    });
  }
  CHECK(threads.join() == "");
  handle h;
  CHECK(NtOpenSemaphore(h.to(), SEMAPHORE_ALL_ACCESS, named(u"\\BaseNamedObjects\\torture 0")) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
}

TEST_CASE("everything ends in the end") {
  CHECK(detail::own_handles().count() == 0);
  // What is left are the objects of this thread, and of the process.
  CHECK(weir::test::eventually([] {
    weir::rcu::default_domain().barrier();
    return detail::own_segment().objects() <= 5;
  }));
}

}  // namespace
