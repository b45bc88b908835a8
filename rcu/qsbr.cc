#include "weir/rcu/qsbr.h"

namespace weir::rcu {

using detail::outside;
using detail::record;

void qsbr_domain::online() noexcept {
  record* const mine = stranger_sections() != 0 ? nullptr : make_own();
  if (mine == nullptr) {
    WEIR_ASSERT(stranger_sections() == 0, "online() of a quiescent-state domain by a thread that is online");
    enter_as_stranger();
    return;
  }
  const bool opened = detail::try_enter(*mine, periods_.newest(), [] { barrier::light(); });
  WEIR_ASSERT(opened && (mine->inner.load(std::memory_order_relaxed) & ~detail::somebody_waits) == 0,  // our own
              "online() of a quiescent-state domain by a thread that is online");
  static_cast<void>(opened);
}

void qsbr_domain::offline() noexcept {
  record* const mine = find_own();
  if (mine == nullptr || mine->entered.load(std::memory_order_relaxed) == outside) {  // our own
    leave_as_stranger();
  } else if (!detail::try_leave(*mine) && detail::leave_slowly(*mine)) {
    wake_who_waits();
  }
}

void qsbr_domain::quiescent_slowly() noexcept {
  WEIR_ASSERT(is_online(), "quiescent() of a quiescent-state domain by a thread that is not online");
  offline();
  online();
}

// The caller is offline while this lives.
struct qsbr_domain::away {
  explicit away(qsbr_domain& q) noexcept : d(q), was_online(q.is_online()) {
    if (was_online) d.offline();
  }
  ~away() {
    if (was_online) d.online();
  }
  away(const away&) = delete;
  away& operator=(const away&) = delete;

  qsbr_domain& d;
  const bool was_online;
};

void qsbr_domain::synchronize() noexcept {
  const away meanwhile(*this);
  domain_base::synchronize();
}

void qsbr_domain::synchronize(grace_period p) noexcept {
  const away meanwhile(*this);
  domain_base::synchronize(p);
}

void qsbr_domain::barrier() noexcept {
  const away meanwhile(*this);
  domain_base::barrier();
}

}  // namespace weir::rcu
