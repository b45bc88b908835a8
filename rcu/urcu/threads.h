// What each thread has in each flavour. Internal.
#pragma once

#include <urcu/weir/record.h>

#include "weir/barrier/port.h"
#include "weir/rcu/record.h"
#include "weir/rcu/urcu/deferrals.h"

struct call_rcu_data;

namespace weir::rcu::urcu {

// The record that refuses both ways in and out. Never written.
extern weir_urcu_record absent;

enum class which : unsigned char { memb, mb, qsbr, bp };
inline constexpr unsigned flavours = 4;

struct in_flavour {
  bool registered = false;
  call_rcu_data* worker = nullptr;
  deferrals::of_thread deferring;
};
[[nodiscard]] in_flavour& own(which f) noexcept;

// What the inlined ways use: see include/urcu/weir/sections.h.
[[nodiscard]] weir_urcu_record*& own_record(which f) noexcept;

// Lets them use `r`, which is this thread's in the flavour's domain, or null; if that is sound.
void adopt(which f, detail::record* r) noexcept;

}  // namespace weir::rcu::urcu
