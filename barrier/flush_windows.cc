#include "weir/barrier/flush_windows.h"

#include <cstring>
#include <windows.h>

namespace weir::barrier::detail {
namespace {

// Set by find(), before heavy() is called for the first time, to the same value each time: under the lock of the
// choice.
VOID(WINAPI* call)() = nullptr;

// A function of a library that every process has, or null.
template <class Function>
Function look_up(const char* library, const char* name) noexcept {
  const HMODULE module = ::GetModuleHandleA(library);
  if (module == nullptr) return nullptr;
  // Through a pointer to nothing in particular: GCC warns of casts between functions of different types.
  return reinterpret_cast<Function>(reinterpret_cast<void*>(::GetProcAddress(module, name)));
}

}  // namespace

// Wine says so itself, for programs that must know. Where that is hidden from them (a setting of wine-staging's, for
// games that refuse to run), what its own ntdll is made of still shows it: a call of its, and the words that its loader
// knows its own libraries by, behind the first header.
const char* windows_flush::wine() noexcept {
  using version = const char*(__cdecl*)();
  if (const auto ask = look_up<version>("ntdll.dll", "wine_get_version"); ask != nullptr) return ask();
  const char* const hidden = "(its version is hidden)";
  if (look_up<void (*)()>("ntdll.dll", "wine_server_call") != nullptr) return hidden;
  const auto* const ntdll = reinterpret_cast<const char*>(::GetModuleHandleA("ntdll.dll"));
  constexpr char words[] = "Wine builtin DLL";
  if (ntdll != nullptr && std::memcmp(ntdll + sizeof(IMAGE_DOS_HEADER), words, sizeof words - 1) == 0) return hidden;
  return nullptr;
}

bool windows_flush::find() noexcept {
  call = look_up<decltype(call)>("kernel32.dll", "FlushProcessWriteBuffers");
  return call != nullptr;
}

void windows_flush::flush() noexcept { call(); }

}  // namespace weir::barrier::detail
