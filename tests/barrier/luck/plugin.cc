// A user of Weir in a shared object, or in a program: PLUGIN is its function's name.
#include "weir/barrier/barrier.h"
#include "weir/barrier/thread.h"

// What a user of Weir knows of it: the copy, by an address in it; this thread's number; the strategy's name.
struct view {
  const void* copy;
  unsigned thread;
  const char* active;
};

extern "C" view PLUGIN();
extern "C" view PLUGIN() {
  weir::barrier::light();
  weir::barrier::heavy();
  return {&weir::barrier::per_form::form_tag, weir::barrier::thread::self(),
          weir::barrier::name(weir::barrier::active()).data()};
}
