#include "tests/structures/schedule.h"

#include <algorithm>
#include <thread>

namespace weir::structures {
namespace {

thread_local std::minstd_rand shaking;
thread_local unsigned one_yield_in = 0;

}  // namespace

thread_local schedule* schedule::mine = nullptr;
thread_local std::size_t schedule::self = 0;

// How often to switch is a matter of the seed, too: what goes wrong where one thread stands still while another does a
// lot is seldom met by switching at every point.
schedule::schedule(std::uint32_t seed) : random_(seed), one_in_(1U << (random_() % 5)) {}

void schedule::run(std::uint32_t seed, const std::vector<std::function<void()>>& bodies) {
  schedule s(seed);
  for (std::size_t i = 0; i < bodies.size(); ++i) s.order_.push_back(i);
  std::shuffle(s.order_.begin(), s.order_.end(), s.random_);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    threads.emplace_back([&s, &body = bodies[i], i] {
      s.begin(i);
      body();
      s.end();
    });
  }
  for (std::thread& t : threads) t.join();
}

void schedule::point() noexcept {
  if (mine != nullptr) {
    mine->switch_sometimes();
  } else if (one_yield_in != 0 && shaking() % one_yield_in == 0) {
    std::this_thread::yield();
  }
}

void schedule::jitter(std::uint32_t seed, unsigned rarely) noexcept {
  shaking.seed(seed + 1);
  one_yield_in = rarely;
}

void schedule::begin(std::size_t i) {
  mine = this;
  self = i;
  std::unique_lock hold(lock_);
  wait(hold, i);
}

void schedule::switch_sometimes() {
  std::unique_lock hold(lock_);
  if (order_.size() == 1 || random_() % one_in_ != 0) return;
  // Behind any of the others.
  const auto place = static_cast<std::ptrdiff_t>(1 + random_() % (order_.size() - 1));
  std::rotate(order_.begin(), order_.begin() + 1, order_.begin() + place + 1);
  changed_.notify_all();
  wait(hold, self);
}

void schedule::end() {
  mine = nullptr;
  const std::lock_guard hold(lock_);
  order_.erase(order_.begin());
  changed_.notify_all();
}

void schedule::wait(std::unique_lock<std::mutex>& hold, std::size_t i) {
  changed_.wait(hold, [&] { return order_.front() == i; });
}

}  // namespace weir::structures
