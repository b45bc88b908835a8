// What the strategy membarrier makes of each answer, against a scripted kernel: the cases that a real one does not
// offer, or only after ten seconds.
#include <string>

#include "tests/barrier/luck/fake_membarrier.h"
#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;
using weir::barrier::detail::verdict;
using weir::barrier::detail::wish;

constexpr int patience = fake::patience;

script& play(script& s) {
  playing = &s;
  return s;
}

bool says(const verdict& v, const char* part) { return std::string(v.why()).find(part) != std::string::npos; }

TEST_CASE("available(): by the kernel's own list of commands") {
  for (const long commands : {0x18L, 0x3ffL, 0x19L}) {
    script s;
    s.query = [commands](int) { return commands; };
    play(s);
    CHECK(fake::available(wish::automatic));
    CHECK(s.queries == 1);
  }
  for (const long commands : {0L, 0x1L, 0x8L, 0x10L, 0x7L}) {
    script s;
    s.query = [commands](int) { return commands; };
    play(s);
    const verdict v = fake::available(wish::automatic);
    CHECK(!v);
    CHECK(says(v, "the kernel does not offer PRIVATE_EXPEDITED"));
    CHECK(says(v, "needs a kernel of our dreams"));
  }
  script s;
  s.query = [](int) { return -long{ENOSYS}; };
  play(s);
  CHECK(says(fake::available(wish::named), "no such call here (ENOSYS): needs a kernel of our dreams, and no filter"));
  s.query = [](int) { return -long{EPERM}; };
  CHECK(says(fake::available(wish::named), "a filter of system calls, probably"));
  CHECK(s.enlistments + s.calls + s.pauses == 0);  // it only looks
}

TEST_CASE("install(): registers, then tries one call") {
  script s;
  play(s);
  CHECK(fake::install());
  CHECK(s.enlistments == 1);
  CHECK(s.calls == 1);
  CHECK(s.pauses == 0);
}

TEST_CASE("install(): waits for memory, with a pause for each attempt, and not for ever") {
  for (const int k : {1, 5, patience}) {
    script s;
    s.enlist = [k](int n) { return n <= k ? -long{ENOMEM} : 0L; };
    s.expedited = s.enlist;
    play(s);
    CHECK(fake::install());
    CHECK(s.enlistments == k + 1);
    CHECK(s.calls == k + 1);
    CHECK(s.pauses == 2 * k);
  }
  script s;
  s.enlist = [](int) { return -long{ENOMEM}; };
  play(s);
  CHECK(says(fake::install(), "registering failed (Cannot allocate memory)"));
  CHECK(s.enlistments == patience + 1);
  CHECK(s.pauses == patience);
  CHECK(s.calls == 0);

  script t;
  t.expedited = [](int) { return -long{ENOMEM}; };
  play(t);
  CHECK(says(fake::install(), "the first call failed (Cannot allocate memory)"));
  CHECK(t.calls == patience + 1);
}

TEST_CASE("install(): any other error is a refusal at once") {
  for (const int error : {EPERM, EINVAL, ENOSYS, EACCES}) {
    script s;
    s.enlist = [error](int) { return -long{error}; };
    play(s);
    CHECK(says(fake::install(), "registering failed"));
    CHECK(s.enlistments == 1);
    CHECK(s.calls == 0);
    script t;
    t.expedited = s.enlist;
    play(t);
    CHECK(says(fake::install(), "the first call failed"));
    CHECK(t.calls == 1);
    CHECK(s.pauses + t.pauses == 0);
  }
}

TEST_CASE("heavy(): one call, if it is answered") {
  script s;
  play(s);
  for (int i = 0; i < 3; ++i) fake::heavy();
  CHECK(s.calls == 3);
  CHECK(s.queries + s.enlistments + s.pauses == 0);
}

TEST_CASE("heavy(): waits for memory until its patience ends") {
  for (const int k : {1, 2, patience + 1}) {  // the call, one more at once, then one after each pause
    script s;
    s.expedited = [k](int n) { return n <= k ? -long{ENOMEM} : 0L; };
    play(s);
    fake::heavy();
    CHECK(s.calls == k + 1);
    CHECK(s.pauses == k - 1);
    CHECK(s.enlistments == 0);
  }
}

TEST_CASE("heavy(): EPERM means that the registration is gone: it is made again") {
  script s;
  s.expedited = [&s](int) { return s.enlistments == 0 ? -long{EPERM} : 0L; };
  play(s);
  fake::heavy();
  CHECK(s.enlistments == 1);
  CHECK(s.calls == 3);
  fake::heavy();
  CHECK(s.enlistments == 1);
  CHECK(s.calls == 4);
  CHECK(s.pauses == 0);
}

TEST_CASE("heavy(): memory may be short all along the way to a new registration") {
  script s;
  s.expedited = [&s](int n) { return n % 2 == 0 ? -long{ENOMEM} : s.enlistments < 3 ? -long{EPERM} : 0L; };
  s.enlist = [](int n) { return n < 3 ? -long{ENOMEM} : 0L; };
  play(s);
  fake::heavy();
  CHECK(s.enlistments == 3);
  CHECK(s.pauses >= 3);
}

TEST_CASE("heavy(): whatever else is refused ends the process, with the cause in one line") {
  const std::pair<const char*, const char*> ends[] = {
      {"no-memory-for-ever", "(Cannot allocate memory)"},
      {"no-memory-once-too-often", "(Cannot allocate memory)"},
      {"not-registered-for-ever", "(Operation not permitted)"},
      {"cannot-register-again", "(Permission denied)"},
      {"gone", "(Function not implemented)"},
      {"invalid", "(Invalid argument)"},
      {"gone-after-memory", "(Invalid argument)"},
  };
  for (const auto& [name, cause] : ends) {
    const ended e = run(probe({"script", name}));
    INFO(name << ": " << e);
    CHECK(e.died_saying(std::string("is refused now ") + cause));
    CHECK(e.died_saying("WEIR_BARRIER=fence"));
    CHECK(e.value("playing") == name);
    CHECK(e.value("returned").empty());
  }
}

}  // namespace
