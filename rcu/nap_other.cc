// Any system: nobody can be woken early.
#include <thread>

#include "weir/rcu/nap.h"

namespace weir::rcu::detail {

void nap(weir::atomic<std::uint32_t>& word, std::uint32_t expected, std::chrono::nanoseconds at_most) noexcept {
  if (word.load(std::memory_order_relaxed) != expected) return;  // a hint
  constexpr std::chrono::nanoseconds most = std::chrono::milliseconds(1);
  std::this_thread::sleep_for(at_most < most ? at_most : most);
}

void wake_all(weir::atomic<std::uint32_t>&) noexcept {}

}  // namespace weir::rcu::detail
