// What {push, pop} and {enqueue, dequeue} cost on a stack and on a queue that all threads share: with hazard pointers,
// with RCU, and with a mutex around the standard library's.
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "bench/hazard/containers.h"
#include "bench/hazard/rounds.h"
#include "bench/support/program.h"
#include "weir/hazard/array.h"
#include "weir/hazard/retire.h"
#include "weir/rcu/domain.h"
#include "weir/rcu/retire.h"

namespace {

struct by_hazard {
  template <class T>
  using base = weir::hazard::obj_base<T>;

  template <std::size_t N>
  class section {
   public:
    template <std::size_t I, class T>
    T* protect(const std::atomic<T*>& source) {
      return pointers_[I].protect(source);
    }

   private:
    weir::hazard::array<N> pointers_ = weir::hazard::make_array<N>();
  };
};

struct by_rcu {
  template <class T>
  using base = weir::rcu::obj_base<T>;

  template <std::size_t>
  class section {
   public:
    template <std::size_t, class T>
    T* protect(const std::atomic<T*>& source) {
      return source.load(std::memory_order_acquire);  // [pop], [follow]
    }

   private:
    weir::rcu::reader section_;
  };
};

class locked_stack {
 public:
  void push(std::uint64_t value) {
    const std::lock_guard hold(lock_);
    values_.push_back(value);
  }
  bool pop(std::uint64_t& value) {
    const std::lock_guard hold(lock_);
    if (values_.empty()) return false;
    value = values_.back();
    values_.pop_back();
    return true;
  }

 private:
  alignas(weir::port::line) std::mutex lock_;
  std::vector<std::uint64_t> values_;
};

class locked_queue {
 public:
  void enqueue(std::uint64_t value) {
    const std::lock_guard hold(lock_);
    values_.push_back(value);
  }
  bool dequeue(std::uint64_t& value) {
    const std::lock_guard hold(lock_);
    if (values_.empty()) return false;
    value = values_.front();
    values_.pop_front();
    return true;
  }

 private:
  alignas(weir::port::line) std::mutex lock_;
  std::deque<std::uint64_t> values_;
};

template <class Stack>
void push_pop(std::uint64_t operations) {
  static Stack shared;
  bench::in_and_out(
      operations, [](std::uint64_t v) { shared.push(v); }, [](std::uint64_t& v) { return shared.pop(v); });
}

template <class Queue>
void enq_deq(std::uint64_t operations) {
  static Queue shared;
  bench::in_and_out(
      operations, [](std::uint64_t v) { shared.enqueue(v); }, [](std::uint64_t& v) { return shared.dequeue(v); });
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr bench_row rows[] = {
      {"stack", bench_alone, &push_pop<bench::stack<by_hazard>>},
      {"queue", bench_alone, &enq_deq<bench::queue<by_hazard>>},
      {"rcu_stack", bench_alone, &push_pop<bench::stack<by_rcu>>},
      {"rcu_queue", bench_alone, &enq_deq<bench::queue<by_rcu>>},
      {"mutex_stack", bench_alone, &push_pop<locked_stack>},
      {"mutex_queue", bench_alone, &enq_deq<locked_queue>},
      {"stack_2t", bench_pair, &push_pop<bench::stack<by_hazard>>},
      {"queue_2t", bench_pair, &enq_deq<bench::queue<by_hazard>>},
      {"rcu_stack_2t", bench_pair, &push_pop<bench::stack<by_rcu>>},
      {"rcu_queue_2t", bench_pair, &enq_deq<bench::queue<by_rcu>>},
      {"mutex_stack_2t", bench_pair, &push_pop<locked_stack>},
      {"mutex_queue_2t", bench_pair, &enq_deq<locked_queue>},
      {nullptr, bench_alone, nullptr},
  };
  static constexpr bench_program program = {
      .rows = rows,
      .prepare = nullptr,
      .strategy = nullptr,
      .reason = nullptr,
      .take = nullptr,
  };
  return bench_main(&program, argc, argv);
}
