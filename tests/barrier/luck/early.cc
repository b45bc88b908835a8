// A program that uses the barrier before the library's own constructor has run, as the variable EARLY says: light,
// heavy, or crowd (many threads at once).
#include <array>
#include <atomic>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/barrier/luck/probe.h"
#include "weir/barrier/barrier.h"

namespace {

namespace barrier = weir::barrier;
using barrier::per_form::the_light;
using probe::print;

constexpr std::size_t crowd_size = 16;

// What was found before main(): no constructor of this program may undo it, so everything here is constinit.
constinit unsigned long weak_first = 9;  // light()'s byte when the first function of the program ran
constinit unsigned long weak_then = 9;   // after that function's light(), or heavy()
constinit unsigned long barriers = 0;
constinit std::array<int, crowd_size> found{};

constinit char** environment = nullptr;  // libc does not know it yet when .preinit_array runs

std::string_view wanted() {
  constexpr std::string_view name = "EARLY=";
  for (char** e = environment; e != nullptr && *e != nullptr; ++e) {
    if (const std::string_view entry = *e; entry.starts_with(name)) return entry.substr(name.size());
  }
  return {};
}

// Relaxed: one thread at that time.
unsigned long weak() { return the_light.weak.load(std::memory_order_relaxed); }

// The arguments of main(): glibc gives them to every function that runs before it.
void before_everything(int, char**, char** envp) {
  environment = envp;
  weak_first = weak();
  barrier::light();
  if (wanted() == "heavy") {
    barrier::heavy();
    barriers = barrier::system_barriers();
  }
  weak_then = weak();
}

// All make their first use at once: each waits for the last one, then calls.
void first_use_of_many() {
  std::atomic<std::size_t> waiting{0};
  std::vector<std::thread> crowd;
  for (std::size_t i = 0; i < crowd_size; ++i) {
    crowd.emplace_back([&waiting, i] {
      // [gate] Acquire and release for form's sake; nothing but the count is read. Pairs with itself.
      waiting.fetch_add(1, std::memory_order_acq_rel);
      while (waiting.load(std::memory_order_acquire) < crowd_size) std::this_thread::yield();
      if (i % 2 == 0) barrier::heavy();
      found[i] = static_cast<int>(barrier::active());
      barrier::light();
      if (i % 2 != 0) barrier::heavy();
    });
  }
  for (std::thread& t : crowd) t.join();
}

// After .preinit_array, before the library's constructor (priority 150).
__attribute__((constructor(101))) void before_the_library() {
  if (wanted() == "crowd") first_use_of_many();
}

// The first code of the program's own: even shared libraries' constructors come later.
__attribute__((section(".preinit_array"), used)) void (*const first_of_all)(int, char**, char**) = &before_everything;

}  // namespace

int main() {
  print("weak-first", weak_first);
  print("weak-then", weak_then);
  print("weak-now", weak());
  print("early-barriers", barriers);
  if (wanted() == "crowd") {
    const int active = static_cast<int>(barrier::active());
    unsigned long agree = 0;
    for (const int f : found) agree += f == active;
    print("agree", agree);
    print("crowd-barriers", barrier::system_barriers());
  }
  probe::print_state();
}
