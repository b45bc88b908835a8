// Filters of system calls, to see what a program does when the kernel refuses one. Linux; needs no rights.
//
// A filter stays for the rest of the process's life, over fork() and exec() too: install one only in a child, or
// through child.h, never in the test program itself.
//
//     seccomp::filter no_membarrier;
//     no_membarrier.on(SYS_membarrier, seccomp::fail(ENOSYS));
//     weir::test::run({.command = {"probe"}, .filter = no_membarrier});
#pragma once

#include <cstdint>
#include <functional>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <vector>

namespace weir::test::seccomp {

// What becomes of a call. Where several filters have an opinion, the kernel takes the harshest: kill, trap, fail, ask.
enum class answer : std::uint32_t {
  allow = SECCOMP_RET_ALLOW,
  ask = SECCOMP_RET_USER_NOTIF,     // the process that runs the child decides each time, see child.h
  trap = SECCOMP_RET_TRAP,          // SIGSYS
  kill = SECCOMP_RET_KILL_PROCESS,  // dead by SIGSYS, whatever handles it
};
[[nodiscard]] constexpr answer fail(int error) noexcept {
  return static_cast<answer>(SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error));
}

// The argument with this number, counted from 0, has this value in its lower 32 bits.
struct argument {
  unsigned number;
  std::uint32_t value;
};

// Rules for calls by number; the first that fits decides, and what none fits is allowed, unless otherwise() says what
// becomes of it. The processor's second set of calls (32-bit ones) is not told apart: programs under test make none.
class filter {
 public:
  filter& on(long call, answer what);
  // Only with these arguments.
  filter& on(long call, argument with, answer what);
  filter& on(long call, argument with, argument and_with, answer what);
  // Of what no rule fits.
  filter& otherwise(answer what);

  // For the calling process, all its threads. Returns 0 or -errno. Signal-safe: yes.
  [[nodiscard]] int install() const noexcept;
  // For the calling thread and what becomes of it. Returns a descriptor on which the calls with answer::ask arrive
  // (seccomp_unotify(2)), or -errno. Signal-safe: yes.
  [[nodiscard]] int install_to_listen() const noexcept;

 private:
  [[nodiscard]] int enter(unsigned flags) const noexcept;

  std::vector<sock_filter> rules_;
  answer otherwise_ = answer::allow;
};

// Decides about one call that was asked about: 0 lets it go on, anything else is the errno that it fails with.
using judge = std::function<int(const seccomp_data& call)>;

// Takes one call from `listener` and answers it. False: there was none to answer (its process is gone).
bool answer_one(int listener, const judge& decide);

// Whether filters can be installed here, and whether with answer::ask too (Linux 5.5; a container that listens itself
// makes it impossible). Looks once, in children.
[[nodiscard]] bool works();
[[nodiscard]] bool can_ask();

}  // namespace weir::test::seccomp
