// FreeBSD: _umtx_op(2) on the word itself.
#pragma once

#include <cstdint>
#include <system_error>

#include "weir/barrier/atomic.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/parker.h"
#include "weir/sync/park/reach.h"

namespace weir::park {

// Without state: the word is all there is. The kernel watches the deadline's clock itself, also when it is set.
template <reach Reach>
class basic_umtx {
 public:
  static constexpr const char* name = Reach == reach::process ? "umtx" : "shared umtx";

  [[nodiscard]] bool prepare() noexcept { return true; }
  [[nodiscard]] bool park(weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept;
  void unpark(weir::atomic<std::uint32_t>& word) noexcept;
  void finish(bool /*unparked*/) noexcept {}
  [[nodiscard]] std::error_code failure() const noexcept { return {}; }
};

using umtx = basic_umtx<reach::process>;
using shared_umtx = basic_umtx<reach::system>;

static_assert(parker<umtx> && parker<shared_umtx>);

}  // namespace weir::park
