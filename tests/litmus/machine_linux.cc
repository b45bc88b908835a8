#include "tests/litmus/machine.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <iterator>
#include <vector>

namespace litmus {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(3);
}

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

std::string read_all(int from) {
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t n = 0; (n = ::read(from, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

[[noreturn]] void become(const command& c) {
  if (c.strategy.empty()) {
    ::unsetenv("WEIR_BARRIER");
  } else {
    ::setenv("WEIR_BARRIER", c.strategy.c_str(), 1);
  }
  const std::string scale = std::to_string(c.scale);
  ::execl(c.program.c_str(), c.program.c_str(), "--part", c.part.c_str(), "--scale", scale.c_str(), nullptr);
  std::perror(c.program.c_str());
  ::_exit(127);
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

void* shared_memory(std::size_t bytes) {
  void* p = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (p == MAP_FAILED) give_up("litmus: mapping shared memory");
  return p;
}

memory cold_memory(std::size_t bytes) {
  const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t free = static_cast<std::size_t>(::sysconf(_SC_AVPHYS_PAGES)) * page;
  if (bytes > free / 4) bytes = free / 4 / page * page;
  void* p = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) give_up("litmus: mapping cold memory");
  // A page walk for each store holds the stores behind it back longer. Advice: no matter if refused.
  static_cast<void>(::madvise(p, bytes, MADV_NOHUGEPAGE));
  auto* const begin = static_cast<char*>(p);
  for (std::size_t i = 0; i < bytes; i += page) begin[i] = 1;
  return {begin, bytes};
}

child::child(const std::function<void()>& body) : pid_(::fork()) {
  if (pid_ < 0) give_up("litmus: fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    body();
    ::_exit(0);
  }
}

child::~child() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
}

run_result run(const command& c) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe(out.data()) != 0 || ::pipe(err.data()) != 0) give_up("litmus: pipe");
  const pid_t pid = ::fork();
  if (pid < 0) give_up("litmus: fork");
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(out[1], STDOUT_FILENO);
    if (c.catch_errors) ::dup2(err[1], STDERR_FILENO);
    for (const int fd : {out[0], out[1], err[0], err[1]}) ::close(fd);
    become(c);
  }
  ::close(out[1]);
  ::close(err[1]);
  run_result r;
  r.output = read_all(out[0]);  // a caught stderr is one line, which its pipe holds meanwhile
  r.errors = read_all(err[0]);
  ::close(out[0]);
  ::close(err[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (WIFEXITED(status)) r.status = WEXITSTATUS(status);
  r.aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
  return r;
}

std::string this_program() {
  std::array<char, 4096> path{};
  const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size());
  return n > 0 ? std::string(path.data(), static_cast<std::size_t>(n)) : std::string();
}

std::string describe_machine() {
  std::string model = "unknown processor";
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos) {
      model = line.substr(line.find(": ") + 2);
      break;
    }
  }
  utsname names{};
  ::uname(&names);
  return model + ", " + std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + " CPUs, " + names.sysname + " " +
         names.release + " " + names.machine;
}

}  // namespace litmus
