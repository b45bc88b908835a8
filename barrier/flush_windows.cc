#include "weir/barrier/flush_windows.h"

#include <windows.h>

namespace weir::barrier::detail {
namespace {

// Set by find(), before heavy() is called for the first time, to the same value each time: under the lock of the
// choice.
VOID(WINAPI* call)() = nullptr;

// A function of a library that every process has, or null. Not linked to: where it is missing the program starts.
template <class Function>
Function look_up(const char* library, const char* name) noexcept {
  const HMODULE module = ::GetModuleHandleA(library);
  if (module == nullptr) return nullptr;
  // Through a pointer to nothing in particular: GCC warns of casts between functions of different types.
  return reinterpret_cast<Function>(reinterpret_cast<void*>(::GetProcAddress(module, name)));
}

}  // namespace

// Wine says so itself, for programs that must know.
const char* windows_flush::wine() noexcept {
  using version = const char*(__cdecl*)();
  const auto ask = look_up<version>("ntdll.dll", "wine_get_version");
  return ask != nullptr ? ask() : nullptr;
}

bool windows_flush::find() noexcept {
  call = look_up<decltype(call)>("kernel32.dll", "FlushProcessWriteBuffers");
  return call != nullptr;
}

void windows_flush::flush() noexcept { call(); }

}  // namespace weir::barrier::detail
