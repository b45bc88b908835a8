// The strategy mprotect: taking access to a page away makes Linux on x86 interrupt every CPU that runs this process.
//
// Internal. A by-product of how TLBs are flushed, not a promise; so the conditions under which it holds are checked,
// and where they are not known to hold it is refused. README.md has the argument.
#pragma once

#include <string_view>

#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

// What decides whether a TLB flush on this machine is an interrupt.
struct flush_facts {
  int kernel_major = 0;
  int kernel_minor = 0;
  bool broadcasts = false;        // CPUID 8000_0008 EBX bit 3: the CPU has INVLPGB, a flush without interrupt
  bool translated = false;        // not an x86 processor at all: Rosetta, FEX, qemu's translator
  std::string_view hypervisor{};  // its CPUID signature; empty: none
  bool hypercalls = false;        // flushed by the hypervisor on request: Hyper-V's or Xen's signature at any leaf
};

// Judges by the facts alone. `w`: named allows what is not known to be unsound, automatic only what is known to be
// sound.
[[nodiscard]] verdict judge(const flush_facts& facts, wish w) noexcept;

[[nodiscard]] flush_facts look_at_this_machine() noexcept;

struct mprotect {
  static constexpr strategy id = strategy::mprotect;
  static verdict available(wish w) noexcept { return judge(look_at_this_machine(), w); }
  static verdict install() noexcept;
  static void heavy() noexcept;
};
static_assert(strategy_file<mprotect>);

}  // namespace weir::barrier::detail
