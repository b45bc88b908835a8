// Threads of which one runs at a time, each on a stack of its own that can be copied away and back. x86-64 only.
#pragma once

#include <cstddef>

namespace weir::nt::explorer {

class fiber {
 public:
  // Calls body(argument) at the first resume(); it must not return.
  void start(char* stack, std::size_t bytes, void (*body)()) noexcept;

  // By the scheduler: runs the fiber until it stops.
  void resume() noexcept;
  // By the fiber.
  void stop() noexcept;

  // Where stop() keeps the caller's frame pointer, and the address to return to: words from top() on.
  static constexpr unsigned saved_frame = 5;
  static constexpr unsigned saved_return = 6;

  // What of its stack is in use, while it is stopped: from here to the stack's end.
  [[nodiscard]] char* top() const noexcept { return static_cast<char*>(sp_); }

 private:
  void* sp_ = nullptr;
};

}  // namespace weir::nt::explorer
