// The threads of a test, joined in one place, where the main thread learns what they have found.
//
// Catch2's macros belong to the main thread. Another thread calls fail(), and the main thread ends with
//
//     crew threads;
//     for (int i = 0; i < 16; ++i) threads.add([&, i] { if (!property(i)) fail("thread " + std::to_string(i)); });
//     CHECK(threads.join() == "");
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir::test {

// Records a failure for the join() of the crew that the calling thread belongs to. Only the first few are kept.
void fail(const std::string& what);

class crew {
 public:
  crew() = default;
  ~crew();
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;

  // Starts a thread. An exception that leaves `body` is a failure too.
  void add(std::function<void()> body);

  // What makes the threads end, should the crew be destroyed without a join(), by a REQUIRE that throws: opening the
  // gate they stand at, say. Called before the destructor joins them.
  void if_abandoned(std::function<void()> release);

  // Joins all; the failures, one per line. The crew can be used again.
  [[nodiscard]] std::string join();

 private:
  friend void fail(const std::string& what);
  void note(const std::string& what);
  void run(const std::function<void()>& body);

  std::mutex lock_;
  std::string failures_;
  int noted_ = 0;
  std::vector<std::thread> threads_;
  std::vector<std::function<void()>> releases_;
};

}  // namespace weir::test
