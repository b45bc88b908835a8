// The strategy membarrier(2), apart from the system calls: what to ask for, what to make of each answer.
//
// Internal. `System` makes the calls; membarrier_linux.cc has the real one, tests have others. Each function of it
// returns what the call returned, or -errno:
//
//     query()      QUERY: the commands that the kernel offers, as bits
//     enlist()     REGISTER_<command>
//     expedited()  <command>
//     pause()      lets some time pass between two attempts
//     needed       the two commands' bits
//     command      the command's name; since: the first kernel that has it
#pragma once

#include <cerrno>

#include "weir/barrier/fail.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

template <class System>
struct membarrier_on {
  static constexpr strategy id = strategy::membarrier;

  // One call in a thousand that fails for lack of memory is bad luck; this many in a row, with a pause after each, is a
  // system that will not recover (about ten seconds with the pause of membarrier_linux.cc).
  static constexpr int patience = 10'000;

  static verdict available(wish) noexcept {
    const long commands = System::query();
    if (commands == -ENOSYS) return verdict::no("no such call here (ENOSYS): needs %s, and no filter", System::since);
    if (commands < 0) return refused("asking for its commands", commands);
    if ((commands & System::needed) != System::needed) {
      return verdict::no("the kernel does not offer %s (its commands: 0x%lx): needs %s", System::command,
                         static_cast<unsigned long>(commands), System::since);
    }
    return verdict::yes("offered by the kernel");
  }

  // Registers, and makes one call to see that it is let through: a filter may allow the one and not the other.
  static verdict install() noexcept {
    if (!mutation::removed<"register">()) {
      if (const long r = persist(&System::enlist); r < 0) return refused("registering", r);
    }
    if (const long r = persist(&System::expedited); r < 0) return refused("the first call", r);
    return verdict::yes("%s, registered", System::command);
  }

  static void heavy() noexcept {
    if (mutation::removed<"heavy-call">()) return;
    if (System::expedited() != 0) [[unlikely]] {
      again();
    }
  }

 private:
  static verdict refused(const char* what, long error) noexcept {
    const char* guess = error == -EPERM || error == -EACCES ? ": a filter of system calls, probably" : "";
    return verdict::no("%s failed (%s)%s", what, weir::detail::words(static_cast<int>(-error)), guess);
  }

  // Repeats a call for as long as memory is short.
  static long persist(long (*call)() noexcept) noexcept {
    long r = call();
    for (int i = 0; r == -ENOMEM && i < patience; ++i) {
      System::pause();
      r = call();
    }
    return r;
  }

  // The call was refused after the process had been registered, and readers rely on it. EPERM: the registration is gone
  // (a system that does not keep it over fork), so register and try again. Nothing else can be made good.
  WEIR_COLD static void again() noexcept {
    long r = persist(&System::expedited);
    if (r == -EPERM) {
      r = persist(&System::enlist);
      if (r == 0) r = persist(&System::expedited);
    }
    if (r < 0) {
      weir::detail::die(
          "membarrier(2) worked when the process started and is refused now (%s). Readers without fences rely on it, "
          "so there is no way to go on. Let the call through in the filter of system calls, or start with "
          "WEIR_BARRIER=fence",
          weir::detail::words(static_cast<int>(-r)));
    }
  }
};

}  // namespace weir::barrier::detail
