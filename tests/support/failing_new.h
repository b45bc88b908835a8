// Allocations that fail on demand. Defines the global operators: included by one source file of a program, and not
// under sanitizers, which have operators of their own.
#pragma once

#include <atomic>
#include <cstdlib>
#include <new>

namespace weir::test {

// How many more allocations succeed of those that may fail: the nothrow ones, by which alone the library allocates.
inline std::atomic<int> left{1 << 30};

inline bool may() { return left.fetch_sub(1, std::memory_order_relaxed) > 0; }

}  // namespace weir::test

// NOLINTBEGIN
void* operator new(std::size_t n, const std::nothrow_t&) noexcept {
  return weir::test::may() ? std::malloc(n) : nullptr;
}
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept {
  return weir::test::may() ? std::malloc(n) : nullptr;
}
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept {
  return weir::test::may() ? std::aligned_alloc(static_cast<std::size_t>(a), (n + 127) / 128 * 128) : nullptr;
}
void* operator new[](std::size_t n, std::align_val_t a, const std::nothrow_t& t) noexcept {
  return operator new(n, a, t);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void* operator new(std::size_t n) {
  if (void* p = std::malloc(n)) return p;
  throw std::bad_alloc();
}
void* operator new[](std::size_t n) { return operator new(n); }
void* operator new(std::size_t n, std::align_val_t a) {
  if (void* p = std::aligned_alloc(static_cast<std::size_t>(a), (n + 127) / 128 * 128)) return p;
  throw std::bad_alloc();
}
void* operator new[](std::size_t n, std::align_val_t a) { return operator new(n, a); }
// NOLINTEND
