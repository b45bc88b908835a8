#include "weir/sync/nt/region.h"

#include <mutex>

#include "weir/barrier/forever.h"
#include "weir/barrier/static_mutex.h"

namespace weir::nt::detail {
namespace {

// Of two tables that begin at once, neither takes what the other tries for what is all there is. Taken with the lock of
// a table only, which fork() takes: so nobody has it then.
constinit weir::detail::forever<weir::detail::static_mutex> one_at_a_time;
constinit unsigned tables = 0;  // that have been begun

}  // namespace

piece region::reserve(std::size_t most) noexcept {
  const std::lock_guard hold(one_at_a_time.value);
  return reserve_share<address_space>(most, tables++);
}

}  // namespace weir::nt::detail
