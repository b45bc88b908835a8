// The strategy of FreeBSD, unchanged, over tests/support/shim/freebsd: the typed suite, a registration that a child
// does not have, refusals; in one process and across processes.
#include <cerrno>
#include <string>

#include "tests/barrier/strategy_suite.h"
#include "tests/support/shim/freebsd/control.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/membarrier_freebsd.h"
#include "weir/barrier/shared.h"

namespace {

using namespace weir::test;
namespace detail = weir::barrier::detail;
namespace shim = weir::shim::freebsd;
namespace shared = weir::barrier::shared;
using detail::membarrier;
using weir::barrier::strategy;

constexpr int query = 0;
constexpr int global = 1 << 1;
constexpr int enlist_global = 1 << 2;
constexpr int expedited = 1 << 3;
constexpr int enlist = 1 << 4;

void light() { std::atomic_signal_fence(std::memory_order_seq_cst); }

TEST_CASE("of two who announce and look, at least one sees the other") {
  REQUIRE(available_here<membarrier>());
  REQUIRE(membarrier::install());
  check_property<membarrier>(&light, scaled(20'000));
}

TEST_CASE("available, installed as often as one likes, used, by any thread") {
  check_life<membarrier>();
  check_threads<membarrier>();
  CHECK(shim::misuse() == 0);
}

TEST_CASE("a child registers anew, with its first heavy(), and it holds there") {
  REQUIRE(membarrier::install());
  const outcome child = forked([] {
    const unsigned before = shim::membarrier(enlist).calls();
    membarrier::heavy();
    membarrier::heavy();
    return unless(shim::membarrier(enlist).calls() == before + 1, "the child has not registered once");
  });
  CHECK(child.summary() == "exit 0");
  check_child<membarrier>(&light);
}

TEST_CASE("a lost registration is made again, and memory that is short is waited for") {
  REQUIRE(membarrier::install());
  shim::membarrier(expedited).plan(ENOMEM, 3);
  membarrier::heavy();
  const unsigned before = shim::membarrier(enlist).calls();
  shim::membarrier(expedited).plan(EPERM, 2);
  membarrier::heavy();
  CHECK(shim::membarrier(enlist).calls() == before + 1);
}

TEST_CASE("a refusal that is no bad luck ends the process") {
  REQUIRE(membarrier::install());
  const outcome o = forked([] {
    shim::membarrier(expedited).plan(EINVAL, weir::shim::refusals::for_ever);
    membarrier::heavy();
    return 0;
  });
  CHECK_FALSE(o.exited);
  CHECK(o.summary().find("is refused now (Invalid argument)") != std::string::npos);
}

TEST_CASE("refused from the start: a verdict with the reason") {
  shim::membarrier(query).plan(EPERM);
  CHECK_FALSE(membarrier::available(detail::wish::automatic));
  shim::membarrier(enlist).plan(EPERM);
  const detail::verdict v = membarrier::install();
  CHECK_FALSE(v);
  CHECK(std::string(v.why()).find("registering failed (Operation not permitted)") != std::string::npos);
  CHECK(membarrier::install());
}

TEST_CASE("across processes: every member registers, for it calls too") {
  shared::header header;
  shared::member m;
  const unsigned before = shim::membarrier(enlist_global).calls();
  REQUIRE_FALSE(m.join(header));
  REQUIRE(m.how() == shared::mode::expedited);
  CHECK(shim::membarrier(enlist_global).calls() == before + 1);
  const unsigned calls = shim::membarrier(global).calls();
  m.heavy();
  CHECK(shim::membarrier(global).calls() == calls + 1);
  const outcome child = forked([&] {
    m.heavy();
    return 0;
  });
  CHECK(child.summary() == "exit 0");
  CHECK(shim::misuse() == 0);
}

// Else the barriers of other members would pass it by, and nothing would say so.
TEST_CASE("across processes: a child is registered before it reads, without a heavy() of its own") {
  shared::header header;
  shared::member m;
  REQUIRE_FALSE(m.join(header));
  const unsigned before = shim::membarrier(enlist_global).calls();
  const outcome child = forked([&] {
    m.light();
    return unless(shim::membarrier(enlist_global).calls() == before + 1, "the child has not registered once");
  });
  CHECK(child.summary() == "exit 0");
  shim::membarrier(enlist_global).plan(ENOSYS, weir::shim::refusals::for_ever);
  const outcome refused = forked([] { return 0; });
  shim::membarrier(enlist_global).plan(0, 0);
  CHECK_FALSE(refused.exited);  // inside fork(), before it could have said so to this test
}

TEST_CASE("what this process has", "[.role]") {
  std::printf("active=%s\ndescribe=%s\n", weir::barrier::name(weir::barrier::active()).data(),
              weir::barrier::describe());
}

TEST_CASE("the process has chosen membarrier; one that is refused it has fences, and says why") {
  CHECK(weir::barrier::active() == strategy::membarrier);
  const outcome o = rerun({"what this process has"}, {"WEIR_SHIM_MEMBARRIER=78"});
  CHECK(o.exited);
  CHECK(o.text.find("active=fence") != std::string::npos);
  CHECK(o.text.find("not membarrier: ") != std::string::npos);
}

}  // namespace
