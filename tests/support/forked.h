// A part of a test in a process of its own: because it ends the process, or changes it for good.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace weir::test {

// What became of a process.
struct outcome {
  bool exited = false;  // by itself; else by a signal
  int status = 0;       // the exit status, or the signal's number
  std::string text;     // what it wrote to stdout and stderr

  // For CHECK(... == "exit 0"): shows the text where it differs.
  [[nodiscard]] std::string summary() const;
};

// Runs `body` in a child made by fork(), beside the parent, and ends it with its result, without destructors and exit
// handlers. A body that hangs is killed by SIGALRM. Catch2's macros have no business in it. Under ThreadSanitizer it
// may start threads only if the parent has none. POSIX.
class beside {
 public:
  explicit beside(const std::function<int()>& body);
  ~beside();  // kills it if nobody has waited for its end
  beside(const beside&) = delete;
  beside& operator=(const beside&) = delete;

  // Waits for its end. Once.
  [[nodiscard]] outcome end();

 private:
  int child_ = -1;
  int text_ = -1;
};

// The same, to its end. On Windows the program is run anew up to the same call (forked_windows.cc); cases about fork()
// itself have the tag [fork] and are left out there.
[[nodiscard]] outcome forked(const std::function<int()>& body);

// Runs this very program anew (fork and exec) with other arguments; a new process image in every respect.
[[nodiscard]] outcome rerun(const std::vector<std::string>& arguments,
                            const std::vector<std::string>& environment = {});

// For bodies: prints the sentence and yields 1 if `condition` does not hold, else 0.
[[nodiscard]] int unless(bool condition, const char* sentence);

}  // namespace weir::test
