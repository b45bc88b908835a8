#include <urcu/urcu-qsbr.h>

#include "weir/rcu/urcu/define.h"

extern "C" constinit weir::detail::forever<weir::rcu::urcu::open_domain<weir::rcu::qsbr_domain>> weir_urcu_qsbr_domain;
constinit weir::detail::forever<weir::rcu::urcu::open_domain<weir::rcu::qsbr_domain>> weir_urcu_qsbr_domain;
static_assert(weir_urcu_qsbr_domain.value.begins_with_newest());

namespace {
using ways = weir::rcu::urcu::states<weir_urcu_qsbr_domain>;
using calls = weir::rcu::urcu::callbacks_of<weir::rcu::urcu::which::qsbr, ways>;
}  // namespace

extern "C" {
void weir_urcu_qsbr_refresh_slowly(void) { ways::refresh_slowly(); }
void urcu_qsbr_read_lock(void) { _urcu_qsbr_read_lock(); }
void urcu_qsbr_read_unlock(void) { _urcu_qsbr_read_unlock(); }
void urcu_qsbr_quiescent_state(void) { _urcu_qsbr_quiescent_state(); }
void urcu_qsbr_thread_offline(void) { static_cast<void>(ways::go_offline()); }
void urcu_qsbr_thread_online(void) { ways::go_online(); }
}

WEIR_URCU_DEFINE_FLAVOUR(qsbr, weir_urcu_qsbr_domain, ways, calls)
