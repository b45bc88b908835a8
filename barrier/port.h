// Compilers, processors and sanitizers: the one file that tests for them in the preprocessor.
//
// Internal. Everything else asks for what it needs by the names below; what differs between operating systems is in
// files of its own (name_linux.cc), chosen by the build.
#pragma once

#include <atomic>
#include <climits>  // of any C library: it says which one this is
#include <cstddef>

#if defined(_MSC_VER) && !defined(__clang__)
#error "Weir is written for GCC and clang: on Windows MinGW-w64 or clang-cl"
#endif

#if !(defined(_MSVC_LANG) && _MSVC_LANG >= 202002L) && __cplusplus < 202002L
#error "Weir needs C++20: compile with -std=c++20 or newer"
#endif

// Always inlined, also without optimisation: a fast path must not turn into a call in a debug build.
#define WEIR_INLINE inline __attribute__((always_inline))
// Of a lambda, after its parameters.
#define WEIR_IN_PLACE __attribute__((always_inline))
#define WEIR_COLD __attribute__((cold, noinline))
// The longer way, which is taken often: a call, but fast code.
#define WEIR_APART __attribute__((noinline))

// State that exists once in a process, also when the user compiles with hidden visibility.
#if defined(_WIN32)
#define WEIR_ONCE_PER_PROCESS
#else
#define WEIR_ONCE_PER_PROCESS __attribute__((visibility("default")))
#endif

// Kept in the object file and by a linker that collects unreferenced sections.
#if defined(__ELF__) && defined(__has_attribute) && __has_attribute(retain)
#define WEIR_KEEP __attribute__((used, retain))
#else
#define WEIR_KEEP __attribute__((used))
#endif

// Runs when the image is loaded, before the constructors of ordinary static objects: threads do not exist yet, which
// makes registering with the kernel cheap (0.2 us; 7 to 19 ms with a second thread running).
#if defined(__ELF__)
#define WEIR_AT_LOAD __attribute__((constructor(150)))
#else
#define WEIR_AT_LOAD __attribute__((constructor))
#endif

// A thread_local reached without a call: one instruction relative to the thread pointer. It takes a few bytes of the
// static TLS block, also in an image that is loaded by dlopen, for which glibc and FreeBSD keep some room there. bionic
// and musl would refuse to load the image.
#if defined(__GLIBC__) || defined(__FreeBSD__)
#define WEIR_TLS_FAST __attribute__((tls_model("initial-exec")))
#else
#define WEIR_TLS_FAST
#endif

// Whether std::mutex has a constexpr constructor: not with GCC for Windows, whose mutexes are made at run time.
#if defined(_WIN32)
#define WEIR_MUTEX_IS_CONSTANT 0
#else
#define WEIR_MUTEX_IS_CONSTANT 1
#endif

// Whether std::atomic's wait() loses no wake: see atomic_windows.h.
#if defined(_WIN32)
#define WEIR_ATOMIC_WAIT_IS_SOUND 0
#else
#define WEIR_ATOMIC_WAIT_IS_SOUND 1
#endif

#if defined(__SANITIZE_THREAD__)
#define WEIR_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WEIR_UNDER_TSAN 1
#endif
#endif
#ifndef WEIR_UNDER_TSAN
#define WEIR_UNDER_TSAN 0
#endif

// A function that a sanitizer leaves alone, its entry too: for where the sanitizer has forgotten the thread already.
#if defined(__clang__)
#if __has_attribute(disable_sanitizer_instrumentation)
#define WEIR_UNINSTRUMENTED __attribute__((disable_sanitizer_instrumentation))
#endif
#elif defined(__GNUC__)
#define WEIR_UNINSTRUMENTED __attribute__((no_sanitize_thread))
#endif
#ifndef WEIR_UNINSTRUMENTED
#define WEIR_UNINSTRUMENTED
#endif

#if defined(__x86_64__) || defined(__i386__) || defined(_M_X64) || defined(_M_IX86)
#include <immintrin.h>
#define WEIR_ON_X86 1
#else
#define WEIR_ON_X86 0
#endif

namespace weir::port {

// Two lines, because Intel's spatial prefetcher and Apple's 128-byte lines pull neighbours in.
inline constexpr std::size_t line = 128;

// On x86 an atomic read-modify-write is a full barrier by itself (Intel SDM vol. 3, 8.2.3.9: loads and stores are not
// reordered with locked instructions; AMD APM vol. 2, 7.2). Not under TSan, which reads the source's orders.
inline constexpr bool rmw_is_full_fence = WEIR_ON_X86 && !WEIR_UNDER_TSAN;

inline constexpr bool is_x86 = WEIR_ON_X86;

// The system whose files are built in. Tests build those of another one on Linux (tests/support/shim), and name it.
enum class os : unsigned char { other, linux_kernel, apple, freebsd, windows };
#if defined(WEIR_SYSTEM)
inline constexpr os system = os::WEIR_SYSTEM;
#elif defined(__linux__)
inline constexpr os system = os::linux_kernel;
#elif defined(__APPLE__)
inline constexpr os system = os::apple;
#elif defined(__FreeBSD__)
inline constexpr os system = os::freebsd;
#elif defined(_WIN32)
inline constexpr os system = os::windows;
#else
inline constexpr os system = os::other;
#endif

inline constexpr bool under_tsan = WEIR_UNDER_TSAN;

// Tells the processor that this is a spin loop. No ordering.
WEIR_INLINE void relax() noexcept {
#if WEIR_ON_X86
  _mm_pause();
#elif (defined(__aarch64__) || defined(__arm__)) && (defined(__GNUC__) || defined(__clang__))
  asm volatile("yield");
#elif defined(__riscv)
  asm volatile(".insn i 0x0F, 0, x0, x0, 0x010");  // pause (Zihintpause); a no-op fence elsewhere
#else
  std::atomic_signal_fence(std::memory_order_seq_cst);
#endif
}

}  // namespace weir::port
