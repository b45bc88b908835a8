// ELF: every copy carries a note named "weir"; the copies are the loaded images that have one.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <link.h>

#include "weir/barrier/fail.h"
#include "weir/barrier/image.h"

// namesz, descsz, type; the name; the version of this layout. A linker keeps notes and puts them into a PT_NOTE
// segment, which is in memory.
asm(".pushsection .note.weir, \"a\", %note\n"
    ".balign 4\n"
    ".long 5, 4, 1\n"
    ".asciz \"weir\"\n"
    ".balign 4\n"
    ".long 1\n"
    ".popsection\n");

namespace weir::barrier::detail {
namespace {

// The same in files of either width. (ElfW(Nhdr) is not everywhere.)
struct note_header {
  std::uint32_t name_size, description_size, type;
};

struct copies {
  int count = 0;
  const char* names[2] = {};
};

constexpr std::size_t padded(std::size_t bytes, std::size_t to) noexcept { return (bytes + to - 1) & ~(to - 1); }

// `to`: what names and descriptions are padded to; 4, or 8 in a segment that a linker has aligned so.
bool has_our_note(const char* at, std::size_t left, std::size_t to) noexcept {
  while (left >= sizeof(note_header)) {
    note_header note;
    std::memcpy(&note, at, sizeof note);
    const std::size_t size = padded(sizeof note + note.name_size, to) + padded(note.description_size, to);
    if (size > left) return false;
    if (note.name_size == 5 && std::memcmp(at + sizeof note, "weir", 5) == 0) return true;
    at += size;
    left -= size;
  }
  return false;
}

bool has_our_note(const dl_phdr_info& image) noexcept {
  for (int i = 0; i < image.dlpi_phnum; ++i) {
    const auto& segment = image.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers
    const auto* at = reinterpret_cast<const char*>(image.dlpi_addr + segment.p_vaddr);
    // A linker may put notes of either padding into one segment: look in both ways.
    if (has_our_note(at, segment.p_memsz, 4) || has_our_note(at, segment.p_memsz, 8)) return true;
  }
  return false;
}

int look(dl_phdr_info* image, std::size_t, void* result) noexcept {
  if (!has_our_note(*image)) return 0;
  auto* found = static_cast<copies*>(result);
  if (found->count < 2) found->names[found->count] = image->dlpi_name;
  return ++found->count == 2 ? 1 : 0;
}

const char* readable(const char* name) noexcept { return name == nullptr || *name == 0 ? "the program itself" : name; }

}  // namespace

void refuse_second_copy() noexcept {
  copies found;
  ::dl_iterate_phdr(&look, &found);
  if (found.count > 1) {
    weir::detail::die(
        "this process has two copies of Weir, in %s and in %s; the readers of one would be unknown to the other. Link "
        "both against Weir as a shared library",
        readable(found.names[0]), readable(found.names[1]));
  }
}

void keep_loaded() noexcept {}  // by its linker's flags: -z nodelete, which the targets and weir.pc bring

}  // namespace weir::barrier::detail
