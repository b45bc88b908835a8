// Windows. The end of a thread is the callback of an FLS slot (FlsAlloc, since Vista): the system calls it before it
// takes the loader's lock, so the rooms may block in it; but Wine calls one at a time, and a thread that takes its very
// first number waits for it there, so what a room waits for must not be that, or another thread's end. A callback of
// the image's TLS directory would come last of all, but under that lock, where a room that waits for a thread that
// starts or ends waits for ever.
//
// It comes after the destructors of thread_local objects where the C++ runtime calls these before it leaves the thread:
// in the threads of std::thread with GCC (winpthreads). In a thread made by CreateThread, and with Microsoft's runtime,
// they come later, in the TLS directory's callbacks; a thread is past its end there, and has no number. So is one that
// has deleted the fiber in which it took its number, for the rest of its life. A thread ended by TerminateThread calls
// nobody, and its number is lost.
#include <new>
#include <windows.h>

#include "weir/barrier/thread_own.h"
#include "weir/barrier/thread_system.h"

namespace weir::barrier::detail {
namespace {

// What a thread finds that is past its end: no number, and no further round to give one back in. Never written.
own_state past_its_end{.rounds = 1};

void WINAPI on_thread_end(void* armed) noexcept;

// Made once, never given back: the image stays loaded (image_windows.cc).
struct slots {
  DWORD own = ::TlsAlloc();  // the thread's own_state
  DWORD end = ::FlsAlloc(&on_thread_end);
  BOOLEAN(NTAPI* shutting_down)() = nullptr;

  slots() noexcept {
    void* const found =
        reinterpret_cast<void*>(::GetProcAddress(::GetModuleHandleA("ntdll.dll"), "RtlDllShutdownInProgress"));
    shutting_down = reinterpret_cast<decltype(shutting_down)>(found);
  }
  [[nodiscard]] bool are_there() const noexcept { return own != TLS_OUT_OF_INDEXES && end != FLS_OUT_OF_INDEXES; }
};

const slots& the_slots() noexcept {
  static const slots result;
  return result;
}

void WINAPI on_thread_end(void* armed) noexcept {
  const slots& s = the_slots();
  // The process ends: the other threads are gone, with whatever locks they held.
  if (s.shutting_down != nullptr && s.shutting_down() != 0) return;
  // A fiber's end is told to whoever deletes it, which may be another thread.
  if (armed != own()) return;
  this_thread_ends();
  ::TlsSetValue(s.own, &past_its_end);
  delete static_cast<own_state*>(armed);
}

}  // namespace

const int thread_end_rounds = 1;

own_state* own() noexcept {
  const slots& s = the_slots();
  if (!s.are_there()) return nullptr;
  // TlsGetValue() clears the thread's last error, which belongs to whoever called us.
  const DWORD error = ::GetLastError();
  void* const value = ::TlsGetValue(s.own);
  ::SetLastError(error);
  return static_cast<own_state*>(value);
}

bool arm_thread_end() noexcept {
  const slots& s = the_slots();
  if (!s.are_there()) return false;
  if (own() != nullptr) return true;
  auto* const made = new (std::nothrow) own_state;
  if (made == nullptr) return false;
  if (::TlsSetValue(s.own, made) != 0 && ::FlsSetValue(s.end, made) != 0) return true;
  ::TlsSetValue(s.own, nullptr);
  delete made;
  return false;
}

// There is no fork() to be told of. But this comes when the image is loaded: the slots are made now, while no other
// thread can be in the middle of it and wait for the loader's lock, which one that waits for it may hold.
bool arm_fork() noexcept {
  static_cast<void>(the_slots());
  return true;
}

}  // namespace weir::barrier::detail
