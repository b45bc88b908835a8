// Rooms that write down what they are told, for tests of the registry of threads.
//
// A room cannot leave the registry, so each test enters its rooms in a process of its own (tests/support/forked.h).
#pragma once

#include <cstdio>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "weir/barrier/thread.h"

namespace weir::test {

// What has happened, in order. One per process; any thread may write.
class event_log {
 public:
  void note(std::string what) {
    const std::lock_guard hold(lock_);
    events_.push_back(std::move(what));
  }
  [[nodiscard]] std::vector<std::string> take() {
    const std::lock_guard hold(lock_);
    return std::exchange(events_, {});
  }

 private:
  std::mutex lock_;
  std::vector<std::string> events_;
};
inline event_log events;

// What a test wants done inside a room's function, beside writing it down. Set while nobody can call it.
inline void (*in_left)(int level, barrier::thread::index) = nullptr;
inline void (*in_before_fork)(int level) = nullptr;

// A room of this level that writes down everything as "<what> <level> <number>".
template <int Level>
inline constinit barrier::thread::room told{
    .level = Level,
    .left =
        [](barrier::thread::index i) noexcept {
          events.note("left " + std::to_string(Level) + " " + std::to_string(i));
          if (in_left != nullptr) in_left(Level, i);
        },
    .before_fork =
        []() noexcept {
          events.note("before " + std::to_string(Level));
          if (in_before_fork != nullptr) in_before_fork(Level);
        },
    .in_parent = []() noexcept { events.note("parent " + std::to_string(Level)); },
    .in_child =
        [](barrier::thread::index i) noexcept {
          events.note("child " + std::to_string(Level) + " " +
                      (i == barrier::thread::none ? std::string("none") : std::to_string(i)));
        },
    .lost_in_child =
        [](barrier::thread::index i) noexcept {
          events.note("lost " + std::to_string(Level) + " " + std::to_string(i));
        },
};

using happened = std::vector<std::string>;

// For bodies of forked(): 0 if `seen` is what was expected, else both on stderr and 1.
inline int unlike(const happened& seen, const happened& expected, const char* where) {
  if (seen == expected) return 0;
  std::fprintf(stderr, "%s: expected", where);
  for (const std::string& e : expected) std::fprintf(stderr, " [%s]", e.c_str());
  std::fprintf(stderr, ", seen");
  for (const std::string& e : seen) std::fprintf(stderr, " [%s]", e.c_str());
  std::fprintf(stderr, "\n");
  return 1;
}

}  // namespace weir::test
