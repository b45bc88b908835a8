// How much a test repeats: less where every instruction costs more.
#pragma once

namespace weir::test {

// `normal` for a plain build on a machine with several processors; a part of it, but at least 1, under a sanitizer,
// valgrind or qemu, which cost a factor of ten to fifty.
[[nodiscard]] int scaled(int normal);

[[nodiscard]] bool under_valgrind();

// Whether the library is built with its assertions (WEIR_ASSERT), which death tests need.
[[nodiscard]] bool with_checks();

}  // namespace weir::test
