// PE: every copy carries a section named ".weir"; the copies are the loaded modules that have one.
#include <cstdint>
#include <cstring>
#include <windows.h>
// Behind windows.h, which it needs.
#include <psapi.h>

#include "weir/barrier/fail.h"
#include "weir/barrier/image.h"
#include "weir/barrier/port.h"

namespace weir::barrier::detail {
namespace {

constexpr char our_section[IMAGE_SIZEOF_SHORT_NAME] = ".weir";

// The version of this layout.
WEIR_KEEP __attribute__((section(".weir"))) const std::uint32_t mark = 1;

// A module's address is that of its headers: winnt.h has their layout.
bool is_copy(HMODULE module) noexcept {
  const auto* const base = reinterpret_cast<const char*>(module);
  const auto* const dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(base);
  if (dos->e_magic != IMAGE_DOS_SIGNATURE) return false;
  const auto* const headers = reinterpret_cast<const IMAGE_NT_HEADERS*>(base + dos->e_lfanew);
  if (headers->Signature != IMAGE_NT_SIGNATURE) return false;
  const IMAGE_SECTION_HEADER* const sections = IMAGE_FIRST_SECTION(headers);
  for (unsigned i = 0; i < headers->FileHeader.NumberOfSections; ++i) {
    if (std::memcmp(sections[i].Name, our_section, sizeof our_section) == 0) return true;
  }
  return false;
}

struct path {
  char text[MAX_PATH];
};

path path_of(HMODULE module) noexcept {
  path p;
  const DWORD length = ::GetModuleFileNameA(module, p.text, sizeof p.text);
  if (length == 0) std::strcpy(p.text, "a module without a name");
  p.text[sizeof p.text - 1] = 0;
  return p;
}

// A module that cannot be unloaded while this is there. Of the program itself we are called without the loader's lock,
// and another thread may be giving modules back.
class held_module {
 public:
  explicit held_module(HMODULE module) noexcept {
    ::GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, reinterpret_cast<const char*>(module), &held_);
    there_ = held_ == module;  // else it has gone since it was listed, and perhaps another has taken its place
  }
  ~held_module() {
    if (held_ != nullptr) ::FreeLibrary(held_);
  }
  held_module(const held_module&) = delete;
  held_module& operator=(const held_module&) = delete;
  [[nodiscard]] bool is_there() const noexcept { return there_; }

 private:
  HMODULE held_ = nullptr;
  bool there_ = false;
};

}  // namespace

void keep_loaded() noexcept {
  constexpr DWORD for_ever = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
  HMODULE image = nullptr;
  ::GetModuleHandleExA(for_ever, reinterpret_cast<const char*>(&mark), &image);
}

void refuse_second_copy() noexcept {
  static HMODULE modules[1024];  // more than any process was seen to have; what lies beyond is not looked at
  DWORD bytes = 0;
  // Fails if the list changes under its hands.
  for (int i = 0; ::K32EnumProcessModules(::GetCurrentProcess(), modules, sizeof modules, &bytes) == 0; ++i) {
    if (i == 10) return;
  }
  const std::size_t count = (bytes < sizeof modules ? bytes : sizeof modules) / sizeof(void*);
  HMODULE first = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const held_module held(modules[i]);
    if (!held.is_there() || !is_copy(modules[i])) continue;
    if (first != nullptr) {
      weir::detail::die(
          "this process has two copies of Weir, in %s and in %s; the readers of one would be unknown to the other. "
          "Link both against Weir as a shared library",
          path_of(first).text, path_of(modules[i]).text);
    }
    first = modules[i];
  }
}

}  // namespace weir::barrier::detail
