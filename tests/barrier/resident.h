// A thread that takes its number and stays until it is told to leave.
#pragma once

#include <thread>

#include "tests/support/gate.h"
#include "weir/barrier/thread.h"

namespace weir::test {

class resident {
 public:
  resident()
      : thread_([this] {
          number_ = barrier::thread::self();
          stay_.pass();
        }) {}
  ~resident() { leave(); }
  resident(const resident&) = delete;
  resident& operator=(const resident&) = delete;

  // Its number, once it has it. none: it has not within the deadline, or there was none.
  [[nodiscard]] barrier::thread::index number() { return stay_.await(1) ? number_ : barrier::thread::none; }

  // Lets it go and waits until it has ended.
  void leave() {
    stay_.open();
    if (thread_.joinable()) thread_.join();
  }

 private:
  gate stay_;
  barrier::thread::index number_ = barrier::thread::none;  // ordered by stay_
  std::thread thread_;
};

}  // namespace weir::test
