// Windows threads.
#include <new>
#include <windows.h>

#include "weir/rcu/own_thread.h"

namespace weir::rcu::detail {
namespace {

struct start_of_thread {
  void (*run)(void*);
  void* argument;
};

DWORD WINAPI weir_rcu_thread(void* p) {
  auto* const given = static_cast<start_of_thread*>(p);
  const start_of_thread start = *given;
  delete given;
  start.run(start.argument);
  return 0;
}

HANDLE as_handle(std::uintptr_t handle) noexcept { return reinterpret_cast<HANDLE>(handle); }

}  // namespace

bool own_thread::start(void (*run)(void*), void* argument) noexcept {
  auto* const given = new (std::nothrow) start_of_thread{run, argument};
  if (given == nullptr) return false;
  const HANDLE made = ::CreateThread(nullptr, 0, &weir_rcu_thread, given, 0, nullptr);
  if (made == nullptr) {
    delete given;
    return false;
  }
  handle_ = reinterpret_cast<std::uintptr_t>(made);
  return true;
}

void own_thread::join() noexcept {
  ::WaitForSingleObject(as_handle(handle_), INFINITE);
  ::CloseHandle(as_handle(handle_));
}

bool own_thread::is_this_one() const noexcept { return ::GetThreadId(as_handle(handle_)) == ::GetCurrentThreadId(); }

}  // namespace weir::rcu::detail
