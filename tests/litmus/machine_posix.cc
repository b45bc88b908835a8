#include "tests/litmus/machine.h"

#include <cstdio>
#include <cstdlib>
#include <signal.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "tests/litmus/machine_system.h"

namespace litmus {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(3);
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

void* shared_memory(std::size_t bytes) {
  void* p = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) give_up("litmus: mapping shared memory");
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < bytes; i += page) static_cast<volatile char*>(p)[i] = 0;  // present from now on
  return p;
}

memory cold_memory(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t free = free_memory();
  if (bytes > free / 4) bytes = free / 4 / page * page;
  void* p = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) give_up("litmus: mapping cold memory");
  // A page walk for each store holds the stores behind it back longer.
  use_small_pages(p, bytes);
  auto* const begin = static_cast<char*>(p);
  for (std::size_t i = 0; i < bytes; i += page) begin[i] = 1;
  return {begin, bytes};
}

child::child(const std::function<void()>& body) : pid_(::fork()) {
  if (pid_ < 0) give_up("litmus: fork");
  if (pid_ == 0) {
    end_with_parent();
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
    end_with_parent();
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

std::string describe_machine() {
  utsname names{};
  ::uname(&names);
  return processor_model() + ", " + std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + " CPUs, " + names.sysname + " " +
         names.release + " " + names.machine;
}

}  // namespace litmus
