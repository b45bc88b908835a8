#include "weir/rcu/domain.h"

namespace weir::rcu {

using detail::outside;
using detail::record;

constinit weir::detail::forever<domain> detail::the_default_domain;

void domain::enter_slowly() noexcept {
  // A thread that is inside stays what it is, a stranger or not: which of its sections ends could not be told
  // otherwise.
  record* mine = find_own();
  if (mine == nullptr || mine->entered.load(std::memory_order_relaxed) == outside) {  // our own
    mine = stranger_sections() != 0 ? nullptr : make_own();
  }
  if (mine == nullptr) {
    enter_as_stranger();
  } else if (!detail::try_enter(*mine, periods_.newest(), [] { barrier::light(); })) {
    mine->inner.fetch_add(1, std::memory_order_relaxed);  // keeps the bit
    barrier::light();                                     // as in record.h
  }
}

void domain::leave_slowly() noexcept {
  record* const mine = find_own();
  if (mine == nullptr || mine->entered.load(std::memory_order_relaxed) == outside) {  // our own
    leave_as_stranger();
  } else if (!detail::try_leave(*mine) && detail::leave_slowly(*mine)) {
    wake_who_waits();
  }
}

}  // namespace weir::rcu
