// A thread that a domain starts for itself, and what the system calls a thread. Internal. One file per system:
// own_thread_<system>.cc.
//
// No std::thread: its constructor throws where there is no thread to be had, which this library is compiled without.
#pragma once

#include <cstdint>

namespace weir::rcu::detail {

class own_thread {
 public:
  // Runs run(argument) on a new thread, on which no signal is handled. False: the system has none.
  [[nodiscard]] bool start(void (*run)(void*), void* argument) noexcept;
  // Waits for its end. Once, after start().
  void join() noexcept;
  [[nodiscard]] bool is_this_one() const noexcept;

 private:
  std::uintptr_t handle_ = 0;
};

// The calling thread's number, as statistics::reader has it.
[[nodiscard]] std::uint64_t system_thread_id() noexcept;

}  // namespace weir::rcu::detail
