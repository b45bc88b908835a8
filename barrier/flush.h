// The strategy FlushProcessWriteBuffers of Windows, apart from the system: when to trust it.
//
// Internal. `System` asks and calls; flush_windows.cc has the real one, tests have others:
//
//     wine()     what Wine says of its version if this is Wine, else null
//     find()     looks the function up; whether it is there
//     flush()    calls it. It returns nothing and cannot fail
#pragma once

#include "weir/barrier/mutation.h"
#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

template <class System>
struct flush_on {
  static constexpr strategy id = strategy::flush;

  // Whoever asks: under Wine 8.0 the other threads pass no barrier, and store buffering shows it. (10.2 has announced
  // one.)
  static verdict available(wish) noexcept {
    if (const char* const version = System::wine(); version != nullptr) {
      return verdict::no(
          "this is Wine %s: before 10.2 its FlushProcessWriteBuffers does nothing, later ones are untried", version);
    }
    if (!System::find()) return verdict::no("no FlushProcessWriteBuffers here: needs Windows 7");
    return verdict::yes("offered by the system");
  }

  // There is no registration.
  static verdict install() noexcept {
    const verdict v = available(wish::named);
    return v ? verdict::yes("FlushProcessWriteBuffers") : v;
  }

  static void heavy() noexcept {
    if (!mutation::removed<"heavy-call">()) System::flush();
  }
};

}  // namespace weir::barrier::detail
