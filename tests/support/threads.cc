#include "tests/support/threads.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

namespace weir::test {
namespace {

thread_local crew* mine = nullptr;

}  // namespace

void fail(const std::string& what) {
  if (mine == nullptr) {
    std::fprintf(stderr, "fail() outside a crew: %s\n", what.c_str());
    std::abort();
  }
  mine->note(what);
}

crew::~crew() {
  if (threads_.empty()) return;
  for (const auto& release : releases_) release();
  const std::string failures = join();  // a REQUIRE has thrown; what the threads had to say must not get lost
  if (!failures.empty()) std::fprintf(stderr, "%s", failures.c_str());
}

void crew::add(std::function<void()> body) {
  threads_.emplace_back([this, body = std::move(body)] { run(body); });
}

void crew::if_abandoned(std::function<void()> release) { releases_.push_back(std::move(release)); }

void crew::run(const std::function<void()>& body) {
  mine = this;
  try {
    body();
  } catch (const std::exception& e) {
    note(std::string("exception: ") + e.what());
  }
  mine = nullptr;
}

std::string crew::join() {
  for (std::thread& t : threads_) t.join();
  threads_.clear();
  noted_ = 0;
  return std::exchange(failures_, {});
}

void crew::note(const std::string& what) {
  constexpr int enough = 10;
  const std::lock_guard hold(lock_);
  if (noted_++ < enough) failures_ += what + "\n";
}

}  // namespace weir::test
