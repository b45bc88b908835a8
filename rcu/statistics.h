// What a domain tells of itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "weir/barrier/atomic.h"

namespace weir::rcu {

struct statistics {
  // A reader that holds up a grace period.
  struct reader {
    // The thread as its system calls it: gettid(2) on Linux, pthread_threadid_np(3) on Apple, pthread_getthreadid_np(3)
    // on FreeBSD, GetCurrentThreadId on Windows. 0: not known.
    std::uint64_t thread = 0;
    // It has been inside since this moment or longer: when the period was first found to be held up by it.
    std::chrono::steady_clock::time_point since;
  };

  std::size_t pending = 0;          // objects that count against the limit: retired and not run, and room set aside
  std::size_t peak = 0;             // the most of these at once
  std::uint64_t exceeded = 0;       // how often retire() went over the limit
  std::uint64_t grace_periods = 0;  // that have ended
  std::optional<reader> oldest;     // the reader that holds up the period in progress, if one does
};

namespace detail {

// Whom the period in progress was last seen to wait for. Written under the lead of the domain's periods. Relaxed, all
// of it: for people.
struct stall {
  weir::atomic<std::uint64_t> period{0};
  weir::atomic<std::uint32_t> reader{0};  // as in domain_base::view
  weir::atomic<std::int64_t> since{0};    // ticks of the steady clock
};

}  // namespace detail
}  // namespace weir::rcu
