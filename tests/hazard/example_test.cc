// The examples of the headers, as they stand there.
#include <atomic>
#include <cstdlib>
#include <cstring>

#include "tests/support/catch.h"
#include "weir/hazard/cohort.h"
#include "weir/hazard/domain.h"
#include "weir/hazard/local.h"
#include "weir/hazard/pointer.h"
#include "weir/hazard/retire.h"
#include "weir/hazard/std26.h"

namespace {

struct node : weir::hazard::obj_base<node> {
  int value = 0;
  node* next = nullptr;
};

int used = 0;
void use(const node& n) { used = n.value; }

TEST_CASE("domain.h, pointer.h, local.h") {
  std::atomic<node*> head{new node};
  head.load(std::memory_order_relaxed)->value = 1;
  {
    auto h = weir::hazard::make_pointer();
    use(*h.protect(head));
    CHECK(used == 1);
    node* const made = new node;
    made->value = 2;
    node* const old = head.exchange(made, std::memory_order_acq_rel);
    old->retire();
  }
  {
    weir::hazard::pointer h = weir::hazard::make_pointer();
    if (const node* const n = h.protect(head)) use(*n);
    CHECK(used == 2);
  }
  const weir::hazard::local top(head);
  if (top) use(*top);
  CHECK(used == 2);
  head.exchange(nullptr, std::memory_order_acq_rel)->retire();
}

TEST_CASE("retire.h") {
  char* const old_text = static_cast<char*>(std::malloc(8));
  std::strcpy(old_text, "weir");
  weir::hazard::retire(old_text, [](char* s) { std::free(s); });
  weir::hazard::default_domain().clean_up();
  CHECK(weir::hazard::default_domain().stats().pending == 0);
}

// cohort.h
class stack {
 public:
  ~stack() {
    while (pop()) {
    }
  }
  void push() {
    auto* const n = new node;
    n->next = head_.load(std::memory_order_relaxed);
    while (!head_.compare_exchange_weak(n->next, n, std::memory_order_release, std::memory_order_relaxed)) {
    }
  }
  bool pop() {
    auto h = weir::hazard::make_pointer();
    node* old = nullptr;
    do {
      old = h.protect(head_);
      if (old == nullptr) return false;
    } while (!head_.compare_exchange_weak(old, old->next, std::memory_order_acquire, std::memory_order_relaxed));
    old->retire(nodes_);
    return true;
  }

 private:
  weir::hazard::cohort nodes_;
  std::atomic<node*> head_{nullptr};
};

TEST_CASE("cohort.h") {
  stack s;
  for (int i = 0; i < 10; ++i) s.push();
  CHECK(s.pop());
}

struct name : weir::std26::hazard_pointer_obj_base<name> {
  const char* text = "a";
};

TEST_CASE("std26.h") {
  std::atomic<name*> current{new name};
  {
    weir::std26::hazard_pointer h = weir::std26::make_hazard_pointer();
    CHECK(h.protect(current)->text[0] == 'a');
    current.exchange(nullptr, std::memory_order_acq_rel)->retire();
  }
  weir::hazard::default_domain().clean_up();
}

}  // namespace
