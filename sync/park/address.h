// Windows: WaitOnAddress() on the word itself.
#pragma once

#include <cstdint>
#include <system_error>

#include "weir/barrier/atomic.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/parker.h"

namespace weir::park {

// Without state: the word is all there is. Times are whole milliseconds, rounded up, and a wall clock that was set is
// noticed late (deadline::notices_steps). Before Windows 8 the calls do not exist: then prepare() says so.
class address {
 public:
  static constexpr const char* name = "address";

  [[nodiscard]] bool prepare() noexcept;
  [[nodiscard]] bool park(weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept;
  void unpark(weir::atomic<std::uint32_t>& word) noexcept;
  void finish(bool /*unparked*/) noexcept {}
  [[nodiscard]] std::error_code failure() const noexcept;  // function_not_supported, if it is not
};

static_assert(parker<address>);

}  // namespace weir::park
