// What the harness asks of the operating system: machine_posix.cc, and one file per system beside it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace litmus {

// Two CPUs that this process may use, of different cores where there are; nothing if it may use only one.
[[nodiscard]] std::optional<std::pair<int, int>> two_cpus();

// Binds the calling thread to a CPU, or does what comes next to that; false: refused.
[[nodiscard]] bool pin(int cpu);

// Zeroed memory that a forked child shares. Never given back. Ends the program if there is none.
[[nodiscard]] void* shared_memory(std::size_t bytes);

// Memory of this process alone, in small pages, each of them present; as much as asked for, or a quarter of what is
// free. Never given back: it is for the whole run of a side.
struct memory {
  char* begin;
  std::size_t bytes;
};
[[nodiscard]] memory cold_memory(std::size_t bytes);

// Runs `body` in a forked child, which ends with it, or when its parent does.
class child {
 public:
  explicit child(const std::function<void()>& body);
  ~child();  // waits for its end
  child(const child&) = delete;
  child& operator=(const child&) = delete;

 private:
  int pid_;
};

// Another program of the harness, run to its end.
struct run_result {
  int status = -1;       // its exit code; -1: killed
  bool aborted = false;  // it was killed by abort()
  std::string output;    // its stdout
  std::string errors;    // its stderr, where that was caught
};

// `strategy`: for WEIR_BARRIER; empty: unset. `catch_errors`: else its stderr is ours.
struct command {
  std::string program;
  std::string part;
  std::string strategy;
  double scale = 1;
  bool catch_errors = false;
};
[[nodiscard]] run_result run(const command& c);

// The path of this program.
[[nodiscard]] std::string this_program();

// Processor and kernel, in one line.
[[nodiscard]] std::string describe_machine();

}  // namespace litmus
