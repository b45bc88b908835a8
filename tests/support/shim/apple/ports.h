// The port rights and the arrays that a process holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include <mach/mach.h>

#include "tests/support/shim/apple/control.h"

namespace weir::shim::apple {

// Counts one for misuse().
void note_misuse() noexcept;

// Thread-safe: yes. A child of fork() begins with an empty table, as a new task does.
class ports {
 public:
  // The process's own; never destroyed.
  static ports& mine();

  // Of the thread with this number in the system.
  static mach_port_t name_of(int tid) noexcept { return static_cast<mach_port_t>(tid) * 4 + 3; }
  static int tid_of(mach_port_t name) noexcept { return static_cast<int>(name / 4); }

  mach_port_t take(int tid) noexcept;
  bool give_back(mach_port_t name) noexcept;  // false: it was not held
  [[nodiscard]] bool holds(mach_port_t name) noexcept;

  // Memory of the kernel's for so many names, as a mapping of its own. Null: there is none.
  mach_port_t* new_array(std::size_t count) noexcept;
  bool delete_array(std::uintptr_t address, std::size_t bytes) noexcept;

  [[nodiscard]] held outstanding() noexcept;

 private:
  ports();

  std::mutex lock_;
  std::map<mach_port_t, unsigned> rights_;
  std::map<std::uintptr_t, std::size_t> arrays_;
};

}  // namespace weir::shim::apple
