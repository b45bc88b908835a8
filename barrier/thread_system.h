// What the registry of threads asks of the system. Internal. One file per system family: thread_<family>.cc.
#pragma once

namespace weir::barrier::detail {

// The registry's functions (thread.cc) that the system's file calls.
void this_thread_ends() noexcept;
void before_fork() noexcept;
void after_fork_in_parent() noexcept;
void after_fork_in_child() noexcept;

// Has this_thread_ends() called when the calling thread ends, after the destructors of its thread_local objects; once
// for each call of this, up to `thread_end_rounds` times. False: out of memory.
[[nodiscard]] bool arm_thread_end() noexcept;
extern const int thread_end_rounds;

// Has the three functions called around fork(), each once, however often this is called. False: out of memory.
[[nodiscard]] bool arm_fork() noexcept;

}  // namespace weir::barrier::detail
