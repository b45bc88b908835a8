#include <fstream>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "tests/litmus/machine.h"
#include "tests/litmus/machine_system.h"

namespace litmus {
namespace {

// "0-1,8" has 8. Whether `cpu` is one of the hardware threads of `of`'s core.
bool same_core(int of, int cpu) {
  std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(of) + "/topology/thread_siblings_list");
  int from = 0;
  while (file >> from) {
    int to = from;
    if (file.peek() == '-') file.get() && file >> to;
    if (from <= cpu && cpu <= to) return true;
    if (file.peek() == ',') file.get();
  }
  return false;
}

}  // namespace

std::optional<std::pair<int, int>> two_cpus() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return std::nullopt;
  std::vector<int> allowed;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) allowed.push_back(i);
  }
  if (allowed.size() < 2) return std::nullopt;
  for (const int other : allowed) {
    if (other != allowed[0] && !same_core(allowed[0], other)) return std::pair(allowed[0], other);
  }
  return std::pair(allowed[0], allowed[1]);
}

bool pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

std::string this_program() {
  std::array<char, 4096> path{};
  const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size());
  return n > 0 ? std::string(path.data(), static_cast<std::size_t>(n)) : std::string();
}

std::size_t free_memory() {
  return static_cast<std::size_t>(::sysconf(_SC_AVPHYS_PAGES)) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void use_small_pages(void* begin, std::size_t bytes) { static_cast<void>(::madvise(begin, bytes, MADV_NOHUGEPAGE)); }

void end_with_parent() { ::prctl(PR_SET_PDEATHSIG, SIGKILL); }

std::string processor_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos) {
      return line.substr(line.find(": ") + 2);
    }
  }
  return "unknown processor";
}

}  // namespace litmus
