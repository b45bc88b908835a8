// The examples of the headers, as they stand there.
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>

#include "tests/support/catch.h"
#include "weir/rcu/domain.h"
#include "weir/rcu/qsbr.h"
#include "weir/rcu/ready.h"
#include "weir/rcu/retire.h"
#include "weir/rcu/std26.h"

namespace {

struct config {
  int value = 0;
};

TEST_CASE("domain.h") {
  std::atomic<config*> current{new config{1}};
  int seen = 0;
  std::thread reader([&] {
    const weir::rcu::reader r;
    seen = current.load(std::memory_order_acquire)->value;
  });
  reader.join();
  CHECK(seen == 1);
  config* const old = current.exchange(new config{2}, std::memory_order_acq_rel);
  weir::rcu::default_domain().synchronize();
  delete old;
  CHECK(current.load(std::memory_order_relaxed)->value == 2);
  delete current.load(std::memory_order_relaxed);
}

struct node : weir::rcu::obj_base<node> {
  int value = 0;
};

TEST_CASE("retire.h") {
  std::atomic<node*> head{new node};
  node* const old = head.exchange(new node, std::memory_order_acq_rel);
  old->retire();
  char* const old_text = static_cast<char*>(std::malloc(8));
  std::strcpy(old_text, "weir");
  weir::rcu::retire(old_text, [](char* s) { std::free(s); });
  weir::rcu::default_domain().barrier();
  CHECK(head.load(std::memory_order_relaxed) != old);
  delete head.load(std::memory_order_relaxed);
}

TEST_CASE("ready.h") {
  weir::rcu::domain d({.by = weir::rcu::reclaimer::by_hand});
  bool run = false;
  REQUIRE(d.try_retire(&run, [](void* p) { *static_cast<bool*>(p) = true; }));
  while (!run) {
    for (weir::rcu::ready some = d.poll_ready(); !some.empty();) {
      const weir::rcu::retired one = some.pop();
      one.run(one.object);
    }
  }
  CHECK(run);
}

TEST_CASE("qsbr.h") {
  static weir::rcu::qsbr_domain d;
  std::atomic<config*> current{new config{1}};
  std::atomic<int> jobs{1000};
  std::atomic<int> sum{0};
  std::thread worker([&] {
    d.online();
    while (jobs.fetch_sub(1, std::memory_order_relaxed) > 0) {
      sum.fetch_add(current.load(std::memory_order_acquire)->value, std::memory_order_relaxed);
      d.quiescent();
    }
    d.offline();
  });
  config* const old = current.exchange(new config{1}, std::memory_order_acq_rel);
  d.synchronize();
  delete old;
  worker.join();
  CHECK(sum.load(std::memory_order_relaxed) == 1000);
  delete current.load(std::memory_order_relaxed);
}

TEST_CASE("std26.h") {
  struct entry : weir::std26::rcu_obj_base<entry> {
    int value = 3;
  };
  std::atomic<entry*> current{new entry};
  {
    const std::scoped_lock section(weir::std26::rcu_default_domain());
    CHECK(current.load(std::memory_order_acquire)->value == 3);
  }
  current.exchange(new entry, std::memory_order_acq_rel)->retire();
  weir::std26::rcu_barrier();
  delete current.load(std::memory_order_relaxed);
}

}  // namespace
