// An oracle of age: nobody reads what was replaced before a grace period that has ended.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "tests/support/catch.h"
#include "tests/support/threads.h"
#include "weir/barrier/port.h"

namespace weir::test {

// A ring of objects of plain data, published one after the other; each is poisoned after a grace period. Plain, so that
// a sanitizer sees whether a section that has ended happens before the poisoning. `read(look, over)` is what a reader's
// thread does: it calls look() inside sections until over() says so.
template <class Domain, class Read>
void age(Domain& d, int rounds, int readers, Read read) {
  constexpr int alive = 1;
  constexpr int poisoned = -1;
  struct alignas(port::line) object {
    int state = alive;
  };
  std::array<object, 8> objects;
  std::atomic<std::size_t> current{0};
  std::atomic<bool> enough{false};
  std::atomic<long> wrong{0};
  const auto over = [&] { return enough.load(std::memory_order_relaxed); };
  const auto look = [&] {
    const volatile object& seen = objects[current.load(std::memory_order_acquire)];
    for (int k = 0; k < 20; ++k) {
      if (seen.state != alive) wrong.fetch_add(1, std::memory_order_relaxed);
    }
  };
  crew threads;
  for (int i = 0; i < readers; ++i) threads.add([&] { read(look, over); });
  for (int i = 0; i < rounds; ++i) {
    const std::size_t old = current.load(std::memory_order_relaxed);
    const std::size_t next = (old + 1) % objects.size();
    objects[next].state = alive;
    current.store(next, std::memory_order_release);
    d.synchronize();
    objects[old].state = poisoned;
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
  CHECK(wrong.load(std::memory_order_relaxed) == 0);
}

}  // namespace weir::test
