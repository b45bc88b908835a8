// How many have a body: handles, and references. Internal.
//
// `handles`: when the last one is closed the name goes, at once; it never rises again from 0. `references`: whoever may
// look at the body: each handle, until a grace period after it was closed; a thread that runs; a timer that is set.
// With the last one the body goes. Whoever brings either to 0 knows what all the others did before, [body-closed],
// [body-dropped].
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"

namespace weir::nt::detail {

// At first one handle, with its reference.
class counts {
 public:
  // The caller has a reference, or knows that there is one which does not go meanwhile.
  void refer() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }  // it cannot end meanwhile

  // True: it was the last one.
  [[nodiscard]] bool drop() noexcept {
    // [body-dropped] Release and acquire, each to each: what all others did with it comes before its end.
    return references_.fetch_sub(1, mutation::order<"body-dropped">(std::memory_order_acq_rel)) == 1;
  }

  // One more handle, with its reference. False: the last one has been closed. The caller keeps the reference of a
  // handle from going: in a section in which it has seen the handle; or under the lock of the names, and the name is
  // there, which who closes the last handle takes off before that reference goes.
  [[nodiscard]] bool add_handle() noexcept {
    // First: as soon as there is one handle more, the others may go, and their references with them.
    const bool late = mutation::removed<"body-refer">();  // wrong on purpose
    if (!late) refer();
    std::uint32_t now = handles_.load(std::memory_order_relaxed);  // a guess
    while (now != 0) {
      // Relaxed: what the object is comes with its name, or its handle.
      if (handles_.compare_exchange_weak(now, now + 1, std::memory_order_relaxed, std::memory_order_relaxed)) {
        if (late) refer();
        return true;
      }
    }
    if (!late) references_.fetch_sub(1, std::memory_order_relaxed);  // not the last one: see above
    return false;
  }

  // True: it was the last one. Its reference remains.
  [[nodiscard]] bool close_handle() noexcept {
    // [body-closed] Release and acquire, each to each: what was done by other handles before they were closed is known
    // to who closes the last.
    return handles_.fetch_sub(1, mutation::order<"body-closed">(std::memory_order_acq_rel)) == 1;
  }

  [[nodiscard]] std::uint32_t handles() const noexcept { return handles_.load(std::memory_order_relaxed); }  // now

 private:
  weir::atomic<std::uint32_t> handles_{1};
  weir::atomic<std::uint32_t> references_{1};
};

}  // namespace weir::nt::detail
