// The ways to make every other thread of a process pass a barrier, and the concept that each implements.
#pragma once

#include <concepts>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "weir/barrier/port.h"

namespace weir::barrier {

// The names are those of the environment variable WEIR_BARRIER and of the pin.
enum class strategy : std::uint8_t {
  fence,       // light() and heavy() are seq_cst fences: sound everywhere
  membarrier,  // membarrier(2), PRIVATE_EXPEDITED: Linux 4.14, FreeBSD 14.1
  mprotect,    // a TLB shootdown that interrupts every CPU: Linux on x86, where it is one
  flush,       // FlushProcessWriteBuffers: Windows
  registers,   // thread_get_register_pointer_values: Apple
  edges,       // read-modify-writes on a word of each thread: the form for ThreadSanitizer
};

[[nodiscard]] constexpr std::string_view name(strategy s) noexcept {
  constexpr std::string_view names[] = {"fence", "membarrier", "mprotect", "flush", "registers", "edges"};
  return names[static_cast<std::size_t>(s)];
}

namespace detail {

// Yes, or no with a reason in words. Text that does not fit is cut.
class verdict {
 public:
  [[nodiscard]] static verdict yes(const char* format, ...) noexcept __attribute__((format(printf, 1, 2))) {
    verdict v;
    v.yes_ = true;
    va_list args;
    va_start(args, format);
    std::vsnprintf(v.why_, sizeof v.why_, format, args);
    va_end(args);
    return v;
  }
  [[nodiscard]] static verdict no(const char* format, ...) noexcept __attribute__((format(printf, 1, 2))) {
    verdict v;
    va_list args;
    va_start(args, format);
    std::vsnprintf(v.why_, sizeof v.why_, format, args);
    va_end(args);
    return v;
  }
  explicit operator bool() const noexcept { return yes_; }
  [[nodiscard]] const char* why() const noexcept { return why_; }

 private:
  bool yes_ = false;
  char why_[240] = {};
};

// Why a strategy is being looked at: because it is next in the order of preference, or because somebody named it.
enum class wish : bool { automatic, named };

// One strategy. available() looks without changing anything that lasts; install() is called once, after it said yes,
// and leaves the process ready for heavy(); heavy() is the bare barrier: its callers are serialized and put their own
// fences around it. All are called on slow paths; none may throw.
// clang-format off
template <class S>
concept strategy_file = requires(wish w) {
  { S::id } -> std::convertible_to<strategy>;
  { S::available(w) } noexcept -> std::same_as<verdict>;
  { S::install() } noexcept -> std::same_as<verdict>;
  { S::heavy() } noexcept -> std::same_as<void>;
};
// clang-format on

// A strategy as a row of a table.
struct candidate {
  strategy id;
  verdict (*available)(wish) noexcept;
  verdict (*install)() noexcept;
  void (*heavy)() noexcept;
};

template <strategy_file S>
inline constexpr candidate row{S::id, &S::available, &S::install, &S::heavy};

}  // namespace detail
}  // namespace weir::barrier
