#include "weir/barrier/registers_apple.h"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <mach/mach.h>
#include <mach/mach_error.h>
#include <mutex>
#include <sys/sysctl.h>

// This header forgets extern "C": in C++ its call would be looked for under a mangled name.
extern "C" {
#include <mach/thread_state.h>
}

#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/patience.h"
#include "weir/barrier/thread.h"

namespace weir::barrier::detail {
namespace {

// Held over a walk, so that fork() does not come in the middle of one: the child would miss the rights that were held,
// and find `room` and `values` half changed. Callers of heavy() come one at a time anyway.
constinit weir::detail::forever<std::mutex> walking;
constinit thread::room walk_room{
    .level = -1,
    .before_fork = []() noexcept { walking.value.lock(); },
    .in_parent = []() noexcept { walking.value.unlock(); },
    .in_child = [](thread::index) noexcept { walking.value.unlock(); },
};

// What is read of a thread, and never looked at. An arm64 thread has 32 pointers; no size may be relied on.
std::uintptr_t first_values[256];
std::uintptr_t* values = first_values;
std::size_t room = std::size(first_values);

bool make_room(std::size_t wanted) noexcept {
  if (wanted <= room) wanted = 2 * room;  // the kernel has said that this was not enough
  void* const more = std::malloc(wanted * sizeof *values);
  if (more == nullptr) return false;
  if (values != first_values) std::free(values);
  values = static_cast<std::uintptr_t*>(more);
  room = wanted;
  return true;
}

// Stops the thread for a moment.
kern_return_t stop(thread_act_t other) noexcept {
  for (;;) {
    std::uintptr_t stack_pointer = 0;
    std::size_t count = room;
    const kern_return_t r = ::thread_get_register_pointer_values(other, &stack_pointer, &count, values);
    if (r != KERN_INSUFFICIENT_BUFFER_SIZE) return r;
    if (!make_room(count)) return KERN_RESOURCE_SHORTAGE;
  }
}

// The thread has ended since it was listed: it went through the kernel and will not read again.
bool has_ended(kern_return_t r) noexcept {
  return r == KERN_TERMINATED || r == KERN_INVALID_ARGUMENT || r == MACH_SEND_INVALID_DEST;
}

// Repeats a call for as long as memory is short; and at once if it was the caller whose wait was broken off, which says
// nothing about the other thread.
template <class Call>
kern_return_t persist(Call call) noexcept {
  kern_return_t r = call();
  for (int i = 0; i < patience; ++i) {
    if (r == KERN_RESOURCE_SHORTAGE || r == KERN_NO_SPACE) {
      pause_for_memory();
    } else if (r != KERN_ABORTED) {
      break;
    }
    r = call();
  }
  return r;
}

// The call that the kernel refused; null: none.
struct refusal {
  const char* call = nullptr;
  kern_return_t code = KERN_SUCCESS;
};

// Stops every thread but the caller. A thread that is not in the list was made after it and begins with all that was
// written before: the list is read and a thread is entered under the same lock of the kernel.
refusal walk() noexcept {
  const std::lock_guard hold(walking.value);
  thread_act_array_t list = nullptr;
  mach_msg_type_number_t count = 0;
  const kern_return_t listed = persist([&] { return ::task_threads(mach_task_self(), &list, &count); });
  if (listed != KERN_SUCCESS) return {"task_threads", listed};
  const mach_port_t self = ::mach_thread_self();
  refusal first;
  for (mach_msg_type_number_t i = 0; i < count; ++i) {
    if (list[i] != self && first.call == nullptr) {
      const kern_return_t r = persist([&] { return stop(list[i]); });
      if (r != KERN_SUCCESS && !has_ended(r)) first = {"thread_get_register_pointer_values", r};
    }
    ::mach_port_deallocate(mach_task_self(), list[i]);
  }
  ::mach_port_deallocate(mach_task_self(), self);
  ::vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(list), count * sizeof *list);
  return first;
}

// The call of the walk, for the caller itself: there may be no other thread yet, and every answer but success must be
// known before readers go without fences. (That of a thread which has ended would be passed over.)
refusal try_on_oneself() noexcept {
  const std::lock_guard hold(walking.value);
  const mach_port_t self = ::mach_thread_self();
  const kern_return_t r = persist([&] { return stop(self); });
  ::mach_port_deallocate(mach_task_self(), self);
  return r == KERN_SUCCESS ? refusal{} : refusal{"thread_get_register_pointer_values", r};
}

}  // namespace

verdict registers::available(wish) noexcept {
  int translated = 0;
  std::size_t size = sizeof translated;
  if (::sysctlbyname("sysctl.proc_translated", &translated, &size, nullptr, 0) != 0) {
    // A system that has no translator does not know the name.
    if (errno != ENOENT)
      return verdict::no("it cannot be told whether this program is translated (%s)", weir::detail::words(errno));
    translated = 0;
  }
  if (translated != 0) {
    return verdict::no("this is an x86 program under Rosetta 2, where reading other threads' registers may hang");
  }
  return verdict::yes("offered by the system");
}

// Makes one walk, and one call, to see that they are let through.
verdict registers::install() noexcept {
  thread::enter_once(walk_room);
  refusal r = try_on_oneself();
  if (r.call == nullptr) r = walk();
  if (r.call != nullptr) return verdict::no("%s failed (%s)", r.call, ::mach_error_string(r.code));
  return verdict::yes("thread_get_register_pointer_values stops each thread for a moment");
}

void registers::heavy() noexcept {
  if (mutation::removed<"heavy-call">()) return;
  const refusal r = walk();
  if (r.call == nullptr) return;
  weir::detail::die("%s failed (%s, %d); readers without fences rely on it", r.call, ::mach_error_string(r.code),
                    static_cast<int>(r.code));
}

}  // namespace weir::barrier::detail
