// membarrier(2) as a script: what each call answers, and how often it was made. One at a time.
#pragma once

#include <cerrno>
#include <functional>

#include "weir/barrier/membarrier.h"

namespace luck {

// n counts from 1. A call returns what the kernel would, or -errno.
struct script {
  std::function<long(int n)> query = [](int) { return 0x18L; };
  std::function<long(int n)> enlist = [](int) { return 0L; };
  std::function<long(int n)> expedited = [](int) { return 0L; };
  int queries = 0;
  int enlistments = 0;
  int calls = 0;
  int pauses = 0;
};
inline script* playing = nullptr;

struct scripted_membarrier {
  static constexpr long needed = 0x18;
  static constexpr const char* command = "PRIVATE_EXPEDITED";
  static constexpr const char* since = "a kernel of our dreams";

  static long query() noexcept { return playing->query(++playing->queries); }
  static long enlist() noexcept { return playing->enlist(++playing->enlistments); }
  static long expedited() noexcept { return playing->expedited(++playing->calls); }
  static void pause() noexcept { ++playing->pauses; }
};

using fake = weir::barrier::detail::membarrier_on<scripted_membarrier>;
static_assert(weir::barrier::detail::strategy_file<fake>);

// The scripts whose end is death, by name: the probe plays them, in a process of its own.
inline script deadly(std::string_view name) {
  script s;
  if (name == "no-memory-for-ever") s.expedited = [](int) { return -long{ENOMEM}; };
  if (name == "no-memory-once-too-often") s.expedited = [](int n) { return n < 1 + 10'002 ? -long{ENOMEM} : 0L; };
  if (name == "not-registered-for-ever") s.expedited = [](int) { return -long{EPERM}; };
  if (name == "cannot-register-again") {
    s.expedited = [](int) { return -long{EPERM}; };
    s.enlist = [](int) { return -long{EACCES}; };
  }
  if (name == "gone") s.expedited = [](int) { return -long{ENOSYS}; };
  if (name == "invalid") s.expedited = [](int) { return -long{EINVAL}; };
  if (name == "gone-after-memory") s.expedited = [](int n) { return n < 5 ? -long{ENOMEM} : -long{EINVAL}; };
  return s;
}

}  // namespace luck
