#include "tests/structures/history.h"

#include <algorithm>

namespace weir::structures {

std::string text_of(const history& h) {
  static constexpr const char* names[] = {"push", "pop", "insert", "erase", "find"};
  history sorted = h;
  std::sort(sorted.begin(), sorted.end(), [](const operation& a, const operation& b) { return a.begun < b.begun; });
  std::string text;
  for (const operation& o : sorted) {
    text += "thread " + std::to_string(o.thread) + " [" + std::to_string(o.begun) + ", " + std::to_string(o.ended) +
            "] " + names[static_cast<std::size_t>(o.what)] + " key " + std::to_string(o.key) + " value " +
            std::to_string(o.value) + " -> " + (o.result ? std::to_string(*o.result) : "nothing") + "\n";
  }
  return text;
}

void recorder::record(std::size_t thread, operation o,
                      const std::function<std::optional<int>(const operation&)>& perform) {
  o.thread = thread;
  o.begun = now();
  o.result = perform(o);
  o.ended = now();
  of_thread_[thread].push_back(o);
}

history recorder::all() const {
  history h;
  for (const history& one : of_thread_) h.insert(h.end(), one.begin(), one.end());
  return h;
}

// [history-clock] Acq_rel: what ended before another operation began happens before it, and no operation reaches out
// beyond its times; pairs with itself. Orders that the structure owes are lent by it: a history shows what the
// algorithm does wrong, and not that a memory order is too weak.
std::uint64_t recorder::now() noexcept { return clock_.fetch_add(1, std::memory_order_acq_rel); }

}  // namespace weir::structures
