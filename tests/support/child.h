// Runs a program to its end and tells how it ended and what it wrote: for tests of how programs start, and how they
// die.
//
//     const weir::test::ended e = weir::test::run({.command = {weir::test::data("tests/barrier/luck/probe"), "state"},
//                                                  .environment = {{"WEIR_BARRIER", "fence"}}});
//     INFO(e);
//     CHECK(e.well());
//
// No shell. The program has a process group of its own, which dies at the deadline, and dies with the test program
// too. It inherits the environment but for WEIR_BARRIER, reads nothing and leaves no core file.
#pragma once

#include <chrono>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/seccomp.h"

namespace weir::test {

struct ended {
  int status = -1;    // exit status, or -1
  int signal = 0;     // what killed it, or 0
  bool late = false;  // killed by us, at the deadline
  std::string out{};
  std::string err{};

  [[nodiscard]] bool well() const noexcept { return !late && signal == 0 && status == 0; }

  // Ended by abort(), after one line on stderr, which begins with "weir: " and contains `sentence`.
  [[nodiscard]] bool died_saying(std::string_view sentence) const;

  // What stands behind "<key>=" at the beginning of a line of `out`; empty: no such line.
  [[nodiscard]] std::string value(std::string_view key) const;

  friend std::ostream& operator<<(std::ostream& to, const ended& e);
};

struct child {
  std::vector<std::string> command{};                // the program's path, then its arguments
  std::map<std::string, std::string> environment{};  // added to what is inherited; empty value: as it stands
  std::optional<seccomp::filter> filter{};           // installed between fork() and exec()
  seccomp::judge decide{};                           // for the filter's answer::ask; called on the calling thread
  bool native = false;                               // never translated: a tool of the machine that runs the tests
  std::chrono::seconds deadline{30};                 // generous: the machine may be busy, sanitizers are slow
  std::string deadline_after{};                      // it counts from when this stands in stdout; 30 seconds for that
};

// Returns when the program and every process that inherited its output have ended. Throws std::runtime_error, with
// what failed, if the program could not be started. Blocks: until the deadline at most.
[[nodiscard]] ended run(const child& c);

// The path of a file that the test target names in `data`, from its path in the source tree.
[[nodiscard]] std::string data(std::string_view path);

}  // namespace weir::test
