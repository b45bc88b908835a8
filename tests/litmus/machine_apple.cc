// Threads cannot be bound to a CPU there. They are asked to run at once, on the fast CPUs, and two that spin have one
// each as a rule: where they have not, the wrong pairs are not caught, and the run is inconclusive.
#include <array>
#include <cstdint>
#include <mach-o/dyld.h>
#include <pthread.h>
#include <sys/sysctl.h>

#include "tests/litmus/machine.h"
#include "tests/litmus/machine_system.h"

namespace litmus {
namespace {

template <class T>
T ask(const char* name, T otherwise) {
  T value{};
  std::size_t size = sizeof value;
  return ::sysctlbyname(name, &value, &size, nullptr, 0) == 0 && size == sizeof value ? value : otherwise;
}

}  // namespace

std::optional<std::pair<int, int>> two_cpus() {
  if (ask<std::int32_t>("hw.logicalcpu", 1) < 2) return std::nullopt;
  return std::pair(0, 1);
}

bool pin(int) { return ::pthread_set_qos_class_self_np(QOS_CLASS_USER_INTERACTIVE, 0) == 0; }

std::string this_program() {
  std::array<char, 4096> path{};
  auto size = static_cast<std::uint32_t>(path.size());
  return ::_NSGetExecutablePath(path.data(), &size) == 0 ? std::string(path.data()) : std::string();
}

// Half of all: what is free changes with what the system caches.
std::size_t free_memory() { return static_cast<std::size_t>(ask<std::uint64_t>("hw.memsize", 1u << 30) / 2); }

void use_small_pages(void*, std::size_t) {}

void end_with_parent() {}

std::string processor_model() {
  std::array<char, 256> text{};
  std::size_t size = text.size() - 1;
  return ::sysctlbyname("machdep.cpu.brand_string", text.data(), &size, nullptr, 0) == 0 ? std::string(text.data())
                                                                                         : "unknown processor";
}

}  // namespace litmus
