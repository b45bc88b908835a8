// Property: of two processes that have joined one header, a reader that announces and looks and a writer that does so,
// at least one sees the other.
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

#include "tests/barrier/store_buffering.h"
#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/seccomp.h"
#include "weir/barrier/shared.h"

namespace {

using namespace weir::test;
using weir::barrier::shared::header;
using weir::barrier::shared::member;
using weir::barrier::shared::mode;

struct segment {
  header barrier;
  store_buffering property;
  std::atomic<int> here;  // processes that have come to the place of a test
  header spare[2];
};

// Shared memory with a descriptor, so that a new program can map it too; zeroed, as a new segment is.
class mapping {
 public:
  mapping() : mapping(::memfd_create("weir-test", 0)) {}
  explicit mapping(int fd) : fd_(fd) {
    if (::ftruncate(fd, sizeof(segment)) != 0) throw std::system_error(errno, std::generic_category());
    void* const p = ::mmap(nullptr, sizeof(segment), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) throw std::system_error(errno, std::generic_category());
    at_ = static_cast<segment*>(p);
  }
  ~mapping() {
    ::munmap(at_, sizeof(segment));
    ::close(fd_);
  }
  mapping(const mapping&) = delete;
  mapping& operator=(const mapping&) = delete;
  segment* operator->() const { return at_; }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
  segment* at_ = nullptr;
};

// membarrier(2) is answered with EPERM from here on.
bool deny_membarrier() { return seccomp::filter().on(SYS_membarrier, seccomp::fail(EPERM)).install() == 0; }

// The mode that this system allows; printed once, with the reason if it is the worse one.
mode best_mode() {
  static const mode best = [] {
    header h;
    member m;
    REQUIRE(!m.join(h));
    std::printf("across processes: %s\n", m.describe());
    return m.how();
  }();
  return best;
}

std::uint32_t state_of(mode m) { return header::magic + static_cast<std::uint32_t>(m); }

void check_description(const member& m) {
  CAPTURE(m.describe());
  CHECK(std::strlen(m.describe()) > 0);
  CHECK(std::strchr(m.describe(), '\n') == nullptr);
}

// Reader in the child, writer here.
int neither_saw(mapping& s, const member& m, int rounds, unsigned seed) {
  ::new (&s->property) store_buffering;
  beside reader(
      [&] { return unless(s->property.read([&] { m.light(); }, rounds, seed), "the writer does not go on"); });
  const int neither = s->property.write([&] { m.heavy(); }, rounds, seed);
  CHECK(reader.end().summary() == "exit 0");
  return neither;
}

void check_property(mode at_most, int rounds, unsigned seeds = 4) {
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    mapping s;
    member m;
    REQUIRE(!m.join(s->barrier, at_most));
    CHECK(neither_saw(s, m, rounds / static_cast<int>(seeds), seed) == 0);
  }
}

TEST_CASE("of two processes that announce and look, at least one sees the other") {
  for (const mode at_most : {mode::expedited, mode::fence}) check_property(at_most, scaled(10'000));
}

TEST_CASE("... over many rounds", "[long]") {
  for (const mode at_most : {mode::expedited, mode::fence}) check_property(at_most, scaled(2'000'000), 40);
}

TEST_CASE("before it has joined, a member says so, and its barriers are fences") {
  const member m;
  CHECK(m.how() == mode::fence);
  CHECK(m.describe() == std::string("not joined"));
  m.light();
  m.heavy();
}

TEST_CASE("the first to join decides, and the header says so in its first four bytes alone") {
  for (const mode at_most : {mode::expedited, mode::fence}) {
    mapping s;
    member m;
    REQUIRE(!m.join(s->barrier, at_most));
    const mode expected = at_most == mode::fence ? mode::fence : best_mode();
    CHECK(m.how() == expected);
    check_description(m);
    std::array<std::uint32_t, sizeof(header) / 4> words;
    std::memcpy(words.data(), &s->barrier, sizeof(header));
    CHECK(words[0] == state_of(expected));
    for (std::size_t i = 1; i < words.size(); ++i) CHECK(words[i] == 0);
  }
}

TEST_CASE("those who come later follow, whatever they would have chosen") {
  mapping s;
  member first, second, third;
  REQUIRE(!first.join(s->barrier, mode::fence));
  REQUIRE(!second.join(s->barrier));
  CHECK(second.how() == mode::fence);
  if (best_mode() == mode::expedited) {
    CHECK(second.describe() == std::string("the first process to join chose fences"));
  }
  REQUIRE(!third.join(s->barrier, mode::fence));
  CHECK(third.how() == mode::fence);
  CHECK(third.describe() == std::string("fences were asked for"));

  member first_of_others, one_who_would_rather_not;
  REQUIRE(!first_of_others.join(s->spare[0]));
  REQUIRE(!one_who_would_rather_not.join(s->spare[0], mode::fence));  // it can, so it must
  CHECK(one_who_would_rather_not.how() == best_mode());
  check_description(one_who_would_rather_not);
}

TEST_CASE("a member may join again, join several headers, and be copied") {
  mapping s;
  member m;
  REQUIRE(!m.join(s->barrier, mode::fence));
  REQUIRE(!m.join(s->barrier, mode::fence));
  CHECK(m.how() == mode::fence);
  REQUIRE(!m.join(s->spare[0]));
  CHECK(m.how() == best_mode());
  const member copy = m;
  CHECK(copy.how() == m.how());
  CHECK(copy.describe() == std::string(m.describe()));
  CHECK(copy.describe() != m.describe());  // it lives as long as the member, so each has its own
  copy.light();
  copy.heavy();
}

TEST_CASE("bytes that are not a header are refused, and nothing is changed") {
  mapping s;
  for (const std::uint32_t garbage : {1u, header::magic, header::magic + 3, header::magic - 1, ~0u, 0x57656964u}) {
    CAPTURE(garbage);
    s->spare[0].state.store(garbage, std::memory_order_relaxed);
    for (const mode at_most : {mode::expedited, mode::fence}) {
      member m;
      CHECK(m.join(s->spare[0], at_most) == std::errc::protocol_error);
      CHECK(m.how() == mode::fence);
      CHECK(m.describe() == std::string("not joined"));

      member elsewhere;
      REQUIRE(!elsewhere.join(s->barrier));
      const std::string before = elsewhere.describe();
      CHECK(elsewhere.join(s->spare[0], at_most) == std::errc::protocol_error);
      CHECK(elsewhere.how() == best_mode());
      CHECK(elsewhere.describe() == before);
    }
    CHECK(s->spare[0].state.load(std::memory_order_relaxed) == garbage);
  }
}

TEST_CASE("processes that join at the same time agree") {
  constexpr int joined = 10;  // and the mode; less is an error
  for (int round = 0; round < scaled(50); ++round) {
    mapping s;
    const auto both_here = [&] {  // relaxed: only brings the two close together
      s->here.fetch_add(1, std::memory_order_relaxed);
      return eventually([&] { return s->here.load(std::memory_order_relaxed) == 2; });
    };
    beside other([&] {
      member m;
      if (!both_here() || m.join(s->barrier, mode::fence)) return unless(false, "not joined");
      return joined + static_cast<int>(m.how());
    });
    member mine;
    CHECK(both_here());
    CHECK(!mine.join(s->barrier, mode::expedited));
    const outcome its = other.end();
    CAPTURE(its.text);
    CHECK(its.exited);
    CHECK(its.status == joined + static_cast<int>(mine.how()));
  }
}

TEST_CASE("the child of a member is one") {
  mapping s;
  member m;
  REQUIRE(!m.join(s->barrier));
  const outcome child = forked([&] {
    member again;
    m.light();
    m.heavy();
    return unless(!again.join(s->barrier), "joining failed") + unless(again.how() == m.how(), "another mode");
  });
  CHECK(child.summary() == "exit 0");
}

// Run by the test below in a new program; the environment has the descriptor.
TEST_CASE("role: reader in a new program", "[.role]") {
  const char* const fd = std::getenv("WEIR_TEST_SEGMENT");
  REQUIRE(fd != nullptr);
  mapping s(::dup(std::stoi(fd)));
  member m;
  REQUIRE(!m.join(s->barrier));  // exec() has cleared the registration
  CHECK(s->property.read([&] { m.light(); }, scaled(2'000), 1));
}

TEST_CASE("a new program joins again, and has the property") {
  mapping s;
  ::new (&s->property) store_buffering;
  member m;
  REQUIRE(!m.join(s->barrier));
  beside writer([&] {
    const int neither = s->property.write([&] { m.heavy(); }, scaled(2'000), 1);
    return unless(neither >= 0, "the reader does not go on") + unless(neither <= 0, "neither saw the other");
  });
  const outcome reader = rerun({"role: reader in a new program"}, {"WEIR_TEST_SEGMENT=" + std::to_string(s.fd())});
  CHECK(reader.summary() == "exit 0");
  CHECK(reader.text.find("cases: 1 passed, 0 failed") != std::string::npos);
  CHECK(writer.end().summary() == "exit 0");
}

TEST_CASE("a process that is denied the call cannot join those who rely on it; by itself it chooses fences",
          "[filter]") {
  if (best_mode() != mode::expedited) {
    std::printf("left out: no barrier across processes to be denied\n");
    return;
  }
  mapping s;
  member m;
  REQUIRE(!m.join(s->barrier));
  const outcome denied = forked([&] {
    if (!deny_membarrier()) return unless(false, "no filter");
    member mine;
    int wrong = unless(mine.join(s->barrier) == std::errc::not_supported, "joined");
    wrong += unless(mine.join(s->barrier, mode::fence) == std::errc::not_supported, "joined with fences");
    wrong += unless(mine.how() == mode::fence, "an error has changed it");
    wrong += unless(!mine.join(s->spare[0]), "a header of its own");
    wrong += unless(mine.how() == mode::fence, "not fences");
    wrong += unless(std::strstr(mine.describe(), "filter") != nullptr, mine.describe());
    mine.light();
    mine.heavy();
    return wrong;
  });
  CHECK(denied.summary() == "exit 0");
  member follower;
  REQUIRE(!follower.join(s->spare[0]));
  CHECK(follower.how() == mode::fence);
}

TEST_CASE("a member that is denied the call later aborts with a sentence: others rely on it", "[filter]") {
  if (best_mode() != mode::expedited) return;
  mapping s;
  member m;
  REQUIRE(!m.join(s->barrier));
  const outcome denied = forked([&] {
    if (!deny_membarrier()) return unless(false, "no filter");
    m.heavy();
    return 0;
  });
  CAPTURE(denied.text);
  CHECK(!denied.exited);
  CHECK(denied.status == SIGABRT);
  CHECK(denied.text.find("weir: membarrier(2) worked when the process started and is refused now") !=
        std::string::npos);
}

}  // namespace
