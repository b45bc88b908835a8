// The same rounds on the stack and the queue of boost.lockfree, which keep their nodes: memory for so many as there are
// at once is reserved before, as its documents advise.
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/stack.hpp>
#include <cstdint>

#include "bench/hazard/rounds.h"
#include "bench/support/program.h"

namespace {

constexpr std::size_t nodes = 1024;

void push_pop(std::uint64_t operations) {
  static boost::lockfree::stack<std::uint64_t> shared(nodes);
  bench::in_and_out(
      operations, [](std::uint64_t v) { shared.push(v); }, [](std::uint64_t& v) { return shared.pop(v); });
}

void enq_deq(std::uint64_t operations) {
  static boost::lockfree::queue<std::uint64_t> shared(nodes);
  bench::in_and_out(
      operations, [](std::uint64_t v) { shared.push(v); }, [](std::uint64_t& v) { return shared.pop(v); });
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr bench_row rows[] = {
      {"stack", bench_alone, &push_pop},  {"queue", bench_alone, &enq_deq}, {"stack_2t", bench_pair, &push_pop},
      {"queue_2t", bench_pair, &enq_deq}, {nullptr, bench_alone, nullptr},
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
