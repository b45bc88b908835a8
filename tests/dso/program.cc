// Two shared objects use Weir in one program: program LIBREAD LIBWRITE, each loaded by dlopen; or, without arguments,
// both are linked to it. Prints "cases: N passed, N failed".
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <thread>

#include "tests/dso/dso.h"

namespace {

int passed = 0;
int failed = 0;

void check(bool good, const char* sentence) {
  ++(good ? passed : failed);
  if (!good) std::printf("failed: %s\n", sentence);
}

template <class Function>
Function* find(void* object, const char* name) {
  void* const address = ::dlsym(object, name);
  Function* f = nullptr;
  std::memcpy(&f, &address, sizeof f);
  return f;
}

// What the two objects have of one way to reclaim.
struct way {
  dso::read_function* read;
  dso::replace_function* replace;
  dso::settle_function* settle;
};

struct objects {
  dso::view_function* reader;
  dso::view_function* writer;
  dso::look_function* look;
  dso::turn_function* turn;
  way rcu;
  way hazard;
  void* writers;  // as dlclose() wants it
};

bool all_there(const way& w) { return w.read != nullptr && w.replace != nullptr && w.settle != nullptr; }
bool all_there(const objects& o) {
  return o.reader != nullptr && o.writer != nullptr && o.look != nullptr && o.turn != nullptr && all_there(o.rcu) &&
         all_there(o.hazard);
}

objects open(const char* read, const char* write) {
  void* const r = read != nullptr ? ::dlopen(read, RTLD_NOW | RTLD_LOCAL) : RTLD_DEFAULT;
  void* const w = write != nullptr ? ::dlopen(write, RTLD_NOW | RTLD_LOCAL) : RTLD_DEFAULT;
  return {
      .reader = find<dso::view_function>(r, "view_of_reader"),
      .writer = find<dso::view_function>(w, "view_of_writer"),
      .look = find<dso::look_function>(r, "look"),
      .turn = find<dso::turn_function>(w, "turn"),
      .rcu = {find<dso::read_function>(r, "read_in_section"), find<dso::replace_function>(w, "replace"),
              find<dso::settle_function>(w, "settle")},
      .hazard = {find<dso::read_function>(r, "read_protected"), find<dso::replace_function>(w, "replace_protected"),
                 find<dso::settle_function>(w, "settle_protected")},
      .writers = w,
  };
}

void check_views(const objects& o) {
  const dso::view mine = o.reader();
  const dso::view same = o.writer();
  dso::view other{};
  std::thread([&] { other = o.writer(); }).join();
  check(mine.copy == same.copy, "both see one copy");
  check(mine.strategy == same.strategy, "both see one strategy");
  check(mine.thread == same.thread, "both know a thread by one number");
  check(mine.thread != other.thread, "another thread has another number, whichever object it asks");
}

void check_barrier(const objects& o) {
  dso::board b;
  std::atomic<bool> over{false};
  std::atomic<long> looks{0};
  long bad = 0;
  std::thread reader([&] {
    while (!over.load(std::memory_order_relaxed)) {  // only ends the loop
      if (!o.look(b)) ++bad;
      looks.fetch_add(1, std::memory_order_relaxed);  // a count
    }
  });
  for (int i = 0; i < 1000 || looks.load(std::memory_order_relaxed) < 1000; ++i) o.turn(b);
  over.store(true, std::memory_order_relaxed);
  reader.join();
  check(bad == 0, "one object's heavy() pairs with the other's light()");
}

// Reads, while the other object replaces and, when all is settled, goes on with what is to be done `after`.
template <class After>
void check_way(const way& w, const char* sentence, After after) {
  dso::shelf s;
  std::atomic<bool> over{false};
  std::atomic<long> reads{0};
  long bad = 0;
  std::thread reader([&] {
    while (!over.load(std::memory_order_relaxed)) {  // only ends the loop
      if (!w.read(s)) ++bad;
      reads.fetch_add(1, std::memory_order_relaxed);  // a count
    }
  });
  for (int i = 0; i < 10'000 || reads.load(std::memory_order_relaxed) < 1000; ++i) w.replace(s);
  w.settle();
  after();
  const long until = reads.load(std::memory_order_relaxed) + 1000;
  while (reads.load(std::memory_order_relaxed) < until) std::this_thread::yield();
  over.store(true, std::memory_order_relaxed);
  reader.join();
  check(bad == 0, sentence);
  delete s.current.load(std::memory_order_relaxed);
}

}  // namespace

int main(int argc, char** argv) {
  const objects o = argc == 3 ? open(argv[1], argv[2]) : open(nullptr, nullptr);
  if (!all_there(o)) {
    std::printf("failed: %s\n", ::dlerror());
    return 1;
  }
  check_views(o);
  check_barrier(o);
  check_way(o.hazard, "one object's hazard pointers protect from the other's deleters", [] {});
  check_way(o.rcu, "one object's sections protect from the other's deleters", [&] {
    if (argc == 3) check(::dlclose(o.writers) == 0, "the writer's object is closed when all is reclaimed");
  });
  std::printf("cases: %d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
