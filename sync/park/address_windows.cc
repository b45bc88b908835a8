// The calls are looked up in kernelbase.dll, which every process has: the import library (synchronization) would have
// to be named by whoever links Weir.
#include <algorithm>
#include <windows.h>

#include "weir/barrier/fail.h"
#include "weir/sync/park/address.h"

namespace weir::park {
namespace {

static_assert(sizeof(weir::atomic<std::uint32_t>) == 4 && weir::atomic<std::uint32_t>::is_always_lock_free);

struct calls {
  using wait_on_address = BOOL(WINAPI*)(volatile VOID*, PVOID, SIZE_T, DWORD);
  using wake_by_address = VOID(WINAPI*)(PVOID);

  wait_on_address wait = nullptr;
  wake_by_address wake = nullptr;

  calls() noexcept {
    const HMODULE base = ::GetModuleHandleW(L"kernelbase.dll");
    if (base == nullptr) return;
    wait = reinterpret_cast<wait_on_address>(reinterpret_cast<void*>(::GetProcAddress(base, "WaitOnAddress")));
    wake = reinterpret_cast<wake_by_address>(reinterpret_cast<void*>(::GetProcAddress(base, "WakeByAddressSingle")));
  }
  [[nodiscard]] bool are_there() const noexcept { return wait != nullptr && wake != nullptr; }
};

const calls& system_calls() noexcept {
  static const calls found;
  return found;
}

}  // namespace

bool address::prepare() noexcept { return system_calls().are_there(); }

std::error_code address::failure() const noexcept {
  return system_calls().are_there() ? std::error_code() : std::make_error_code(std::errc::function_not_supported);
}

// The thread is in the list of the address before the word is compared, and whoever changes the word wakes who is in
// the list afterwards (the documentation of WaitOnAddress promises that no wake is lost so, and allows wakes for
// nothing).
bool address::park(weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept {
  DWORD milliseconds = INFINITE;
  if (until.what() != deadline::kind::never) {
    constexpr std::chrono::nanoseconds most = std::chrono::hours(24);  // far below INFINITE
    const std::chrono::nanoseconds nap = std::min(until.nap(), most);
    milliseconds = static_cast<DWORD>(std::chrono::ceil<std::chrono::milliseconds>(nap).count());
  }
  if (system_calls().wait(&word, &expected, sizeof expected, milliseconds) != FALSE) return true;
  const DWORD error = ::GetLastError();
  if (error != ERROR_TIMEOUT) weir::detail::die("WaitOnAddress refuses (error %lu)", error);
  return !until.passed();
}

void address::unpark(weir::atomic<std::uint32_t>& word) noexcept { system_calls().wake(&word); }

}  // namespace weir::park
