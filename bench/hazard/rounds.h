// What is measured of a container, whichever it is.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace bench {

// Puts a number in and takes one out, so often; there always is one, if only another thread's.
template <class In, class Out>
void in_and_out(std::uint64_t operations, In in, Out out) {
  for (std::uint64_t i = 0; i < operations; ++i) {
    std::uint64_t taken = ~std::uint64_t{0};
    in(i);
    if (!out(taken) || taken == ~std::uint64_t{0}) {
      std::fputs("bench: a container has not given out what was put in\n", stderr);
      std::_Exit(1);
    }
  }
}

}  // namespace bench
