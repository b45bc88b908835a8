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
#include "weir/barrier/patience.h"
#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

// A real system's calls, but for one: Calls::call(n) is membarrier(2) with command n, and returns as above. FreeBSD has
// taken Linux's numbers: membarrier(2) of either.
template <class Calls, long Command>
struct membarrier_command {
  static constexpr long needed = Command | Command << 1;  // to register is the next bit
  static long query() noexcept { return Calls::call(0); }
  static long enlist() noexcept { return Calls::call(static_cast<int>(Command << 1)); }
  static long expedited() noexcept { return Calls::call(static_cast<int>(Command)); }
  static void pause() noexcept { pause_for_memory(); }
};

// In this process; and in every process of the machine that has registered.
template <class Calls>
struct private_expedited : membarrier_command<Calls, 1 << 3> {
  static constexpr const char* command = "PRIVATE_EXPEDITED";
  static constexpr const char* since = Calls::has_private;
};
template <class Calls>
struct global_expedited : membarrier_command<Calls, 1 << 1> {
  static constexpr const char* command = "GLOBAL_EXPEDITED";
  static constexpr const char* since = Calls::has_global;
};

template <class System>
struct membarrier_on {
  static constexpr strategy id = strategy::membarrier;

  static constexpr int patience = detail::patience;

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
