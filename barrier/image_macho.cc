// Mach-O: every copy carries a section of its own name; the copies are the loaded images that have one.
#include <cstdint>
#include <dlfcn.h>
#include <mach-o/dyld.h>
#include <mach-o/loader.h>

#include "weir/barrier/fail.h"
#include "weir/barrier/image.h"
#include "weir/barrier/port.h"

// As <mach-o/getsect.h> has it, which sets of headers for cross compilers leave out.
extern "C" std::uint8_t* getsectiondata(const struct mach_header_64* image, const char* segment, const char* section,
                                        unsigned long* size);

namespace weir::barrier::detail {
namespace {

// What stands there is the version of this layout.
WEIR_KEEP const std::uint32_t mark __attribute__((section("__DATA,__weir"))) = 1;

// Null: the image has been unloaded since they were counted.
bool is_copy(const mach_header* image) noexcept {
  unsigned long size = 0;
  return image != nullptr &&
         ::getsectiondata(reinterpret_cast<const mach_header_64*>(image), "__DATA", "__weir", &size) != nullptr;
}

const char* readable(const char* name) noexcept { return name != nullptr ? name : "an image that is gone"; }

}  // namespace

// dlopen(3): one more reference, never given back, and a mark beside it. dyld may be called by an initializer.
void keep_loaded() noexcept {
  Dl_info here{};
  if (::dladdr(&mark, &here) != 0) {
    static_cast<void>(::dlopen(here.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE));
  }
}

void refuse_second_copy() noexcept {
  const char* first = nullptr;
  for (std::uint32_t i = 0; i < ::_dyld_image_count(); ++i) {
    if (!is_copy(::_dyld_get_image_header(i))) continue;
    const char* const name = readable(::_dyld_get_image_name(i));
    if (first != nullptr) {
      weir::detail::die(
          "this process has two copies of Weir, in %s and in %s; the readers of one would be unknown to the other. "
          "Link both against Weir as a shared library",
          first, name);
    }
    first = name;
  }
}

}  // namespace weir::barrier::detail
