// A flavour of the interface: a domain, the calls of its threads, its callbacks. Internal; memb.cc and its like make
// one each.
#pragma once

#include <bit>
#include <csignal>
#include <cstdint>
#include <pthread.h>
#include <urcu/flavor.h>

#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/rcu/domain.h"
#include "weir/rcu/qsbr.h"
#include "weir/rcu/urcu/callbacks.h"
#include "weir/rcu/urcu/deferrals.h"
#include "weir/rcu/urcu/engine.h"
#include "weir/rcu/urcu/threads.h"

namespace weir::rcu::urcu {

// A domain that shows the records of its threads. Its first word is the number of its newest period, which the inlined
// ways load.
template <class Domain>
class open_domain : public Domain {
 public:
  using Domain::Domain;
  using Domain::find_own;
  using Domain::inside;
  using Domain::make_own;
  using Domain::stranger_sections;
  [[nodiscard]] constexpr bool begins_with_newest() const noexcept {
    return static_cast<const void*>(&this->periods_.newest()) == static_cast<const void*>(this);
  }
};

// The interface's handle of a period.
static_assert(sizeof(grace_period) == sizeof(urcu_gp_poll_state), "a 64-bit system is needed");

inline urcu_gp_poll_state to_state(grace_period p) noexcept { return std::bit_cast<urcu_gp_poll_state>(p); }
inline grace_period to_period(urcu_gp_poll_state s) noexcept { return std::bit_cast<grace_period>(s); }

// memb, mb and bp. `domain` has static storage, as the C names of its first word do.
template <which F, auto& domain>
struct sections {
  static constexpr bool registers_itself = F == which::bp;

  static void register_thread() noexcept {
    own(F).registered = true;
    adopt(F, domain.value.make_own());
  }

  // A first section may be anywhere, also where a signal handler with sections interrupts it: not half way.
  static void register_itself() noexcept {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    register_thread();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  static void unregister_thread() noexcept {
    WEIR_ASSERT(!domain.value.inside(), "rcu_unregister_thread() inside a section");
    if constexpr (registers_itself) return;  // it would have to be done again
    own(F).registered = false;
    own_record(F) = &absent;
  }

  static void lock_slowly() noexcept {
    if constexpr (registers_itself) {
      // Not inside of a section that had no record: which of the two ends could not be told.
      if (!own(F).registered && domain.value.stranger_sections() == 0) register_itself();
    }
    domain.value.lock();
  }

  static void enter_slowly() noexcept {
    WEIR_ASSERT(registers_itself || own(F).registered, "rcu_read_lock() by a thread without rcu_register_thread()");
    lock_slowly();
  }
  static void leave_slowly() noexcept { domain.value.unlock(); }
  static bool is_inside() noexcept { return domain.value.inside() || domain.value.stranger_sections() != 0; }

  static void synchronize() noexcept { domain.value.synchronize(); }

  static constexpr engine own_engine{
      .synchronize = &synchronize,
      .register_thread = &register_thread,
      .unregister_thread = &unregister_thread,
      .enter =
          []() noexcept {
            lock_slowly();
            return true;
          },
      .leave = &leave_slowly,
      .is_inside = &is_inside,
      .come_online = []() noexcept { return false; },
      .go_offline = []() noexcept { return false; },
      .go_online = []() noexcept {},
  };
};

template <auto& domain>
struct states {
  static constexpr which F = which::qsbr;

  static void register_thread() noexcept {
    WEIR_ASSERT(!own(F).registered, "rcu_register_thread() twice");
    own(F).registered = true;
    adopt(F, domain.value.make_own());
    domain.value.online();
  }

  static void unregister_thread() noexcept {
    WEIR_ASSERT(own(F).registered, "rcu_unregister_thread() without rcu_register_thread()");
    own(F).registered = false;
    own_record(F) = &absent;
    if (domain.value.is_online()) domain.value.offline();
  }

  static void refresh_slowly() noexcept {
    WEIR_ASSERT(own(F).registered, "rcu_quiescent_state() by a thread without rcu_register_thread()");
    if (domain.value.is_online()) domain.value.quiescent();
  }

  static bool is_inside() noexcept { return domain.value.is_online(); }

  static bool go_offline() noexcept {
    const bool was = domain.value.is_online();
    if (was) domain.value.offline();
    return was;
  }
  static bool come_online() noexcept {
    if (domain.value.is_online()) return false;
    domain.value.online();
    return true;
  }
  static void go_online() noexcept {
    WEIR_ASSERT(own(F).registered, "rcu_thread_online() by a thread without rcu_register_thread()");
    if (!domain.value.is_online()) domain.value.online();
  }

  static void synchronize() noexcept { domain.value.synchronize(); }

  static constexpr engine own_engine{
      .synchronize = &synchronize,
      .register_thread = &register_thread,
      .unregister_thread = &unregister_thread,
      .enter = &come_online,
      .leave = []() noexcept { domain.value.offline(); },
      .is_inside = []() noexcept { return false; },
      .come_online = &come_online,
      .go_offline = &go_offline,
      .go_online = &go_online,
  };
};

// Callbacks of a flavour. Live for ever: their threads run to the end of the process.
template <which F, class Ways>
struct callbacks_of {
  static call_rcu_data*& worker() noexcept { return own(F).worker; }
  static deferrals::of_thread& deferring() noexcept { return own(F).deferring; }
  static constinit inline weir::detail::forever<callbacks> calls{Ways::own_engine, &worker};
  static constinit inline weir::detail::forever<deferrals> deferred{Ways::own_engine, &deferring};
};

}  // namespace weir::rcu::urcu
