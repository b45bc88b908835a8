#include "weir/rcu/urcu/threads.h"

#include <array>
#include <cstddef>
#include <type_traits>
#include <urcu/urcu-bp.h>
#include <urcu/urcu-mb.h>
#include <urcu/urcu-memb.h>
#include <urcu/urcu-qsbr.h>

#include "weir/barrier/barrier.h"
#include "weir/barrier/thread.h"

extern "C" {
WEIR_URCU_TLS_FAST __thread weir_urcu_record* weir_urcu_memb_own = &weir::rcu::urcu::absent;
WEIR_URCU_TLS_FAST __thread weir_urcu_record* weir_urcu_mb_own = &weir::rcu::urcu::absent;
WEIR_URCU_TLS_FAST __thread weir_urcu_record* weir_urcu_qsbr_own = &weir::rcu::urcu::absent;
WEIR_URCU_TLS_FAST __thread weir_urcu_record* weir_urcu_bp_own = &weir::rcu::urcu::absent;
}

namespace weir::rcu::urcu {

// The record as C sees it.
static_assert(std::is_standard_layout_v<detail::record>);
static_assert(offsetof(detail::record, entered) == offsetof(weir_urcu_record, entered));
static_assert(offsetof(detail::record, inner) == offsetof(weir_urcu_record, inner));
static_assert(sizeof(weir::atomic<detail::period>) == sizeof(std::uint64_t));
static_assert(weir::atomic<detail::period>::is_always_lock_free);
static_assert(detail::outside == 0);

weir_urcu_record absent = {~std::uint64_t{0}, ~std::uint64_t{0}};

namespace {

constinit thread_local std::array<in_flavour, flavours> owns WEIR_TLS_FAST{};

// Told before the domains, whose records these are.
constinit barrier::thread::room room{
    .level = 2,
    .left =
        [](barrier::thread::index) noexcept {
          for (unsigned f = 0; f < flavours; ++f) own_record(static_cast<which>(f)) = &absent;
        },
};

}  // namespace

in_flavour& own(which f) noexcept { return owns[static_cast<unsigned>(f)]; }

weir_urcu_record*& own_record(which f) noexcept {
  switch (f) {
    case which::memb: return weir_urcu_memb_own;
    case which::mb: return weir_urcu_mb_own;
    case which::qsbr: return weir_urcu_qsbr_own;
    case which::bp: break;
  }
  return weir_urcu_bp_own;
}

void adopt(which f, detail::record* r) noexcept {
  // As domain_base::make_own(): for threads whose light() is a compiler's barrier, and that are not about to be
  // another.
  const barrier::strategy s = barrier::active();
  if (r == nullptr || s == barrier::strategy::fence || s == barrier::strategy::edges) return;
  barrier::thread::enter_once(room);
  if (!barrier::thread::is_leaving()) own_record(f) = reinterpret_cast<weir_urcu_record*>(r);
}

}  // namespace weir::rcu::urcu
