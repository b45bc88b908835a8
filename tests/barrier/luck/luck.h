// What the tests of this directory share: how to run the probes, and what to expect on the machine at hand.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <linux/membarrier.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/syscall.h>
#include <utility>
#include <vector>

#include "tests/support/child.h"
#include "weir/barrier/mprotect_x86.h"

namespace luck {

using weir::test::ended;
using weir::test::run;
namespace seccomp = weir::test::seccomp;

inline std::string program(const std::string& name) { return weir::test::data("tests/barrier/luck/" + name); }

inline weir::test::child probe(std::vector<std::string> arguments, const std::string& name = "probe") {
  weir::test::child c;
  c.command.push_back(program(name));
  for (std::string& a : arguments) c.command.push_back(std::move(a));
  return c;
}

inline weir::test::child under(const seccomp::filter& f, weir::test::child c) {
  c.filter = f;
  return c;
}

inline weir::test::child with(const char* barrier, weir::test::child c) {
  c.environment["WEIR_BARRIER"] = barrier;
  return c;
}

// An option for a program built with a sanitizer; no matter to others. `whose`: ASAN_OPTIONS or TSAN_OPTIONS.
inline weir::test::child sanitized(const char* whose, const std::string& option, weir::test::child c) {
  const char* outer = std::getenv(whose);
  c.environment[whose] = (outer != nullptr ? std::string(outer) + ":" : "") + option;
  return c;
}

inline std::string text_of(const ended& e) {
  std::ostringstream text;
  text << e;
  return text.str();
}

// membarrier(2) refused, whatever the command; or only one command of it.
inline seccomp::filter refuse(seccomp::answer how) { return std::move(seccomp::filter().on(SYS_membarrier, how)); }
inline seccomp::filter refuse(int command, seccomp::answer how) {
  return std::move(seccomp::filter().on(SYS_membarrier, {0, static_cast<std::uint32_t>(command)}, how));
}

// The strategy of a process that cannot have membarrier: mprotect or fence, by the kernel and the processor.
inline std::string without_membarrier() {
  namespace detail = weir::barrier::detail;
  return detail::mprotect::available(detail::wish::automatic) ? "mprotect" : "fence";
}

// Whether the kernel itself, asked without the library, gives a process membarrier(2). In a child: a filter may answer
// with SIGSYS.
inline bool kernel_gives_membarrier() {
  const ended e = run(with("fence", probe({"membarrier"})));
  if (!e.well() && e.signal != SIGSYS) throw std::runtime_error("probe membarrier: " + text_of(e));
  return e.value("membarrier") == "answered";
}

// The strategy of an undisturbed process here. Where the surroundings themselves refuse membarrier (a container's
// filter, an old kernel), that is the other one, the tests of its refusal still hold, and those that need it say so and
// end. A library that passes it over where the kernel has it is not excused by that.
inline const std::string& undisturbed() {
  static const std::string active = [] {
    const ended e = run(probe({"state"}));
    if (!e.well()) throw std::runtime_error("probe state: " + text_of(e));
    std::printf("here: %s\n", e.value("describe").c_str());
    if (e.value("active") != (kernel_gives_membarrier() ? "membarrier" : without_membarrier())) {
      throw std::runtime_error("not the strategy that the kernel's own answer allows: " + text_of(e));
    }
    return e.value("active");
  }();
  return active;
}

inline bool membarrier_is_here() {
  if (undisturbed() == "membarrier") return true;
  std::printf("left out: this machine refuses membarrier(2) to everybody\n");
  return false;
}

// mprotect by name: refused on some processors and under some hypervisors.
inline bool mprotect_is_here() {
  namespace detail = weir::barrier::detail;
  const detail::verdict v = detail::mprotect::available(detail::wish::named);
  if (!v) std::printf("left out: no sound mprotect here: %s\n", v.why());
  return static_cast<bool>(v);
}

// The tests that install filters need a kernel with filters; those that count calls need a kernel that asks.
inline bool can_filter() {
  if (seccomp::works()) return true;
  std::printf("left out: no filters of system calls here (seccomp)\n");
  return false;
}

inline bool can_count() {
  if (seccomp::can_ask()) return membarrier_is_here();
  std::printf("left out: system calls cannot be handed to another process here (SECCOMP_RET_USER_NOTIF)\n");
  return false;
}

// Whether an errno of our own filters gets through: not where the surroundings answer with SIGSYS, which is harsher.
inline bool can_deny() {
  if (!can_filter()) return false;
  const ended e = run(with("fence", under(refuse(seccomp::fail(EXDEV)), probe({"query"}))));
  if (e.value("query") == std::strerror(EXDEV)) return true;
  std::printf("left out: something harsher than a denial stands before membarrier(2) here\n");
  return false;
}

}  // namespace luck
