// Alerts, by the numbers of the list in README.md: what a thread can be woken by besides its objects.
#include <array>
#include <cstdint>
#include <initializer_list>

#include "tests/support/catch.h"
#include "tests/sync/nt/worker.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace weir::nt;
using weir::nt::test::worker;
using weir::park::timeout;

const timeout now = timeout::after({});

struct alertable {
  detail::native_cell* alert = detail::own_segment().make(detail::kind::auto_event, 0, 0, 0);
  ~alertable() { detail::own_segment().drop(*alert); }

  status wait(std::initializer_list<const object*> objects, bool all, const timeout& time) const {
    detail::native_cell* cells[65];
    std::uint32_t count = 0;
    for (const object* o : objects) cells[count++] = &o->cell();
    cells[count] = alert;
    const detail::wanted<detail::segment> what{cells, count, count + 1, all};
    auto& seg = detail::own_segment();
    return all ? detail::wait_all(seg, *detail::self(), what, time, detail::stay{})
               : detail::wait_any(seg, *detail::self(), what, time, detail::stay{});
  }
  [[nodiscard]] bool is_set() const { return detail::query_value<detail::segment>(*alert) != 0; }
  void set() const { detail::set_event(detail::own_segment(), *alert); }
};

TEST_CASE("86 87 91 92 a signaled object comes before an alert, which is consumed only if it is the cause") {
  const alertable a;
  event e = event::automatic();
  event other = event::automatic(true);
  for (const bool all : {false, true}) {
    a.set();
    CHECK(a.wait({&e}, all, now) == status::alerted);
    CHECK_FALSE(a.is_set());
    CHECK(a.wait({&e}, all, now) == status::timeout);
    a.set();
    e.set();
    CHECK(a.wait({&e}, all, now) == status::wait_0);
    CHECK(a.is_set());
    CHECK(a.wait({}, false, timeout::never()) == status::alerted);
  }
  a.set();
  CHECK(a.wait({&e, &other}, true, now) == status::alerted);
  CHECK(other.query() == 1);
}

TEST_CASE("88 89 an alert ends a wait that asks for it, and no other") {
  const alertable a;
  event e = event::automatic();
  for (const bool all : {false, true}) {
    status told{};
    worker w;
    w.begin([&] { told = a.wait({&e}, all, timeout::never()); });
    REQUIRE(w.is_blocked_eventually());
    a.set();
    CHECK(w.is_over_eventually());
    CHECK(told == status::alerted);
    CHECK_FALSE(a.is_set());
    w.begin([&] { told = wait(e); });
    REQUIRE(w.is_blocked_eventually());
    a.set();
    CHECK(w.is_blocked());
    e.set();
    CHECK(w.is_over_eventually());
    CHECK(a.is_set());
    CHECK(a.wait({&e}, all, now) == status::alerted);
  }
}

TEST_CASE("85 who was interrupted by an alert comes last") {
  const alertable a;
  event e = event::automatic();
  std::array<status, 2> told{};
  std::array<worker, 2> w;
  w[0].begin([&] {
    if (a.wait({&e}, false, timeout::never()) == status::alerted) told[0] = a.wait({&e}, false, timeout::never());
  });
  REQUIRE(w[0].is_blocked_eventually());
  w[1].begin([&] { told[1] = wait(e); });
  REQUIRE(w[1].is_blocked_eventually());
  a.set();
  REQUIRE(w[0].is_last_eventually(e.cell()));
  e.set();
  CHECK(w[1].is_over_eventually());
  CHECK(w[0].is_blocked());
  e.set();
  CHECK(w[0].is_over_eventually());
}

}  // namespace
