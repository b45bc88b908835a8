// Any system: a mutex and a condition variable in each parker.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>

#include "weir/barrier/atomic.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/parker.h"

namespace weir::park {

//     signaled_   unpark() was called, and finish() has not taken that up. Under the lock
//     prepared_   between prepare() and finish(). Written by the owner; unpark() reads it, ordered by the word
class portable {
 public:
  static constexpr const char* name = "portable";

  [[nodiscard]] bool prepare() noexcept;
  [[nodiscard]] bool park(weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept;
  void unpark(weir::atomic<std::uint32_t>& word) noexcept;
  void finish(bool unparked) noexcept;
  [[nodiscard]] std::error_code failure() const noexcept { return {}; }

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  bool signaled_ = false;
  bool prepared_ = false;
};

static_assert(parker<portable>);

}  // namespace weir::park
