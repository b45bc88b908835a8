// What a domain tells of itself.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::hazard {

struct statistics {
  std::size_t pending = 0;        // objects that are retired and not reclaimed
  std::size_t peak = 0;           // the most that were at once, of those that were handed over: 250 of a thread at most
                                  // are not counted
  std::size_t protected_now = 0;  // pointers that protect something, of any domain, when it last looked
  std::uint64_t scans = 0;        // how often it has looked at them
};

}  // namespace weir::hazard
