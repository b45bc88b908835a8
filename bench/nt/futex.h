// futex(2), with nothing around it.
#pragma once

#include <atomic>
#include <cstdint>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace bench {

using futex_word = std::atomic<std::uint32_t>;

enum class futex_kind { process = FUTEX_PRIVATE_FLAG, shared = 0 };

// Returns at once if the word is another, and now and then for no reason.
template <futex_kind Kind>
inline void futex_wait(futex_word& word, std::uint32_t expected) {
  ::syscall(SYS_futex, &word, FUTEX_WAIT | static_cast<int>(Kind), expected, nullptr, nullptr, 0);
}

template <futex_kind Kind>
inline void futex_wake(futex_word& word, int most) {
  ::syscall(SYS_futex, &word, FUTEX_WAKE | static_cast<int>(Kind), most, nullptr, nullptr, 0);
}

// Waits for any of them, for ever. False: see errno. Linux 5.16.
inline bool futex_waitv(struct futex_waitv* words, unsigned count) {
  return ::syscall(SYS_futex_waitv, words, count, 0, nullptr, 0) >= 0;
}

}  // namespace bench
