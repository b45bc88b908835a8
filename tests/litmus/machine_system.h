// What machine_posix.cc asks of the system. One file per system: machine_linux.cc, machine_apple.cc.
#pragma once

#include <cstddef>
#include <string>

namespace litmus {

// Of the whole machine, in bytes; about.
[[nodiscard]] std::size_t free_memory();

// Advice: no matter if refused.
void use_small_pages(void* begin, std::size_t bytes);

// Has the calling process, a child, be killed when its parent ends, where the system can.
void end_with_parent();

[[nodiscard]] std::string processor_model();

}  // namespace litmus
