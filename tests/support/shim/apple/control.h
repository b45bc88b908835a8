// The kernel that is played for the files of Apple's systems: what a test may ask it, and ask of it.
#pragma once

#include <cstddef>

#include "tests/support/shim/refusals.h"

namespace weir::shim::apple {

// Calls by kind, and their refusals. In a program that is run anew, WEIR_SHIM_TASK_THREADS=<code> and
// WEIR_SHIM_REGISTERS=<code> have every call of that kind fail.
refusals& task_threads();
refusals& registers();  // thread_get_register_pointer_values
refusals& sysctl();     // sysctlbyname; the code is an errno
refusals& semaphore_create();
refusals& semaphore_signal();
refusals& semaphore_wait();  // and semaphore_timedwait

// How many values a thread has: less room is refused, with the number. 34 at first.
void values(std::size_t count) noexcept;

// sysctl.proc_translated: 1 under Rosetta, 0 beside it, -1 where the name is unknown. In a program that is run anew,
// WEIR_SHIM_TRANSLATED in its environment. -1 at first.
void translated(int value) noexcept;

struct held {
  unsigned rights;  // port rights of this process that were not given back
  unsigned arrays;  // arrays of threads
};
[[nodiscard]] held outstanding() noexcept;

// Semaphores of this process that exist; a child of fork() begins with none. How many there may be: from then on
// semaphore_create says KERN_RESOURCE_SHORTAGE.
[[nodiscard]] unsigned semaphores() noexcept;
void semaphores_at_most(unsigned count) noexcept;
// Somebody destroys them all, under whoever waits.
void destroy_semaphores() noexcept;
// The same, of signals: one to each.
void signal_semaphores() noexcept;

// Calls that a kernel would have punished: a right that was not held, a wrong size, a semaphore that is none any more
// or never was, or a task that is not this one.
[[nodiscard]] unsigned misuse() noexcept;

// How often a thread asked for registers while another did: those are to come one at a time.
[[nodiscard]] unsigned overlaps() noexcept;

// Threads that were stopped and went on: all that were asked for but the caller itself.
[[nodiscard]] unsigned stopped() noexcept;

}  // namespace weir::shim::apple
