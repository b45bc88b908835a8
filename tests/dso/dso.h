// Two shared objects, one that reads and one that writes, and what they share with the program.
#pragma once

#include <atomic>

#include "weir/barrier/strategy.h"

namespace dso {

struct page {
  std::atomic<bool> retired{false};
};

struct board {
  page pages[2]{};
  std::atomic<page*> current{&pages[0]};
  std::atomic<unsigned> steps{0};  // odd: the reader is looking
};

// What is read in sections of RCU, or protected by hazard pointers. The writer's object makes books, and has the code
// that reclaims them.
struct book {
  int state = 1;  // -1: reclaimed
};
struct shelf {
  std::atomic<book*> current{nullptr};
};

// Weir, as a shared object sees it: the copy, by an address in it; the strategy; the number of the calling thread.
struct view {
  const void* copy;
  weir::barrier::strategy strategy;
  unsigned thread;
};

using view_function = view();
using look_function = bool(board&);
using turn_function = void(board&);
using read_function = bool(shelf&);
using replace_function = void(shelf&);
using settle_function = void();

}  // namespace dso

// Seen from outside, although everything here is compiled with hidden visibility.
#pragma GCC visibility push(default)
extern "C" {
dso::view view_of_reader();
dso::view view_of_writer();
bool look(dso::board&);  // whether the page was none that has been retired
void turn(dso::board&);  // makes the other page current and retires the old one; the proof is in examples/reader
// By RCU, and by hazard pointers.
bool read_in_section(dso::shelf&);  // whether the book was none that has been reclaimed
bool read_protected(dso::shelf&);
void replace(dso::shelf&);  // puts another book there, and retires the old one
void replace_protected(dso::shelf&);
void settle();  // returns when all that was retired is reclaimed
void settle_protected();
}
#pragma GCC visibility pop
