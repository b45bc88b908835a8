// Windows threads.
#include <new>
#include <windows.h>

#include "weir/sync/nt/start_thread.h"

namespace weir::nt::detail {
namespace {

struct start_of_thread {
  void (*run)(void*) noexcept;
  void* argument;
};

DWORD WINAPI weir_nt_thread(void* p) {
  auto* const given = static_cast<start_of_thread*>(p);
  const start_of_thread start = *given;
  delete given;
  start.run(start.argument);
  return 0;
}

}  // namespace

bool start_thread(void (*run)(void*) noexcept, void* argument, std::size_t stack, signals) noexcept {
  auto* const given = new (std::nothrow) start_of_thread{run, argument};
  if (given == nullptr) return false;
  const HANDLE made =
      ::CreateThread(nullptr, stack, &weir_nt_thread, given, STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (made == nullptr) {
    delete given;
    return false;
  }
  ::CloseHandle(made);
  return true;
}

std::uint32_t own_process_id() noexcept { return ::GetCurrentProcessId(); }

}  // namespace weir::nt::detail
