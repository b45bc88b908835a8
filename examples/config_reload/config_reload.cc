// A server's configuration: two threads read it at full speed, another one replaces it again and again.
//
//     config_reload [seconds]
//
// prints how often it was read and replaced in a second. A configuration that is not whole would be told.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "weir/rcu/retire.h"

namespace {

// What handlers ask for. All ports are the same in a whole configuration.
struct config : weir::rcu::obj_base<config> {
  explicit config(int p) : name("generation " + std::to_string(p)) { ports.fill(p); }
  ~config() { ports.fill(-1); }
  config(const config&) = delete;
  config& operator=(const config&) = delete;

  std::string name;
  std::array<int, 8> ports{};
};

std::atomic<config*> current{new config(0)};
std::atomic<bool> over{false};
std::atomic<bool> torn{false};

// A request: reads the configuration in place, without a copy and without a lock.
long handle_request() {
  const weir::rcu::reader section;
  const config& c = *current.load(std::memory_order_acquire);
  if (c.ports.front() != c.ports.back() || c.ports.front() < 0) torn.store(true, std::memory_order_relaxed);
  return c.ports.front();
}

void serve(long& requests) {
  long n = 0;
  while (!over.load(std::memory_order_relaxed)) {
    for (int i = 0; i < 1000; ++i) static_cast<void>(handle_request());
    n += 1000;
  }
  requests = n;
}

// There is one writer; several would take a mutex among themselves.
void reload(long& reloads) {
  int generation = 0;
  while (!over.load(std::memory_order_relaxed)) {
    current.exchange(new config(++generation), std::memory_order_acq_rel)->retire();
  }
  reloads = generation;
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 0.2;
  std::array<long, 2> requests{};
  long reloads = 0;
  {
    std::thread first([&] { serve(requests[0]); });
    std::thread second([&] { serve(requests[1]); });
    std::thread writer([&] { reload(reloads); });
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    over.store(true, std::memory_order_relaxed);
    first.join();
    second.join();
    writer.join();
  }
  weir::rcu::default_domain().barrier();
  delete current.load(std::memory_order_relaxed);
  const weir::rcu::statistics s = weir::rcu::default_domain().stats();
  std::printf("%.1f million reads and %.0f reloads a second; at most %zu configurations at once; %s\n",
              static_cast<double>(requests[0] + requests[1]) / seconds / 1e6, static_cast<double>(reloads) / seconds,
              s.peak, torn.load(std::memory_order_relaxed) ? "some were torn" : "all were whole");
  std::printf("cases: %d passed, %d failed\n", torn.load(std::memory_order_relaxed) ? 0 : 1,
              torn.load(std::memory_order_relaxed) ? 1 : 0);
  return torn.load(std::memory_order_relaxed) ? 1 : 0;
}
