// A hazard pointer: what it protects is not reclaimed.
//
// Example (tests/hazard/example_test.cc compiles it):
//
//     weir::hazard::pointer h = weir::hazard::make_pointer();
//     if (node* n = h.protect(head)) use(*n);   // as long as h protects n, or lives
//
// When not to use it: for a scope that protects once, local.h is cheaper.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

#include "weir/barrier/barrier.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/out_of_memory.h"
#include "weir/hazard/slots.h"

namespace weir::hazard {

template <std::size_t N>
class array;

// Either empty, or the owner of one hazard pointer, which protects one object or none. Used by one thread at a time;
// may be moved to another thread, and dropped there, also after the thread has ended that made it. Thread-safe: no.
// Signal-safe: all but what makes one, see make_pointer(). Blocks, fails: never. Source: [saferecl.hp.holder].
class [[nodiscard]] pointer {
 public:
  constexpr pointer() noexcept = default;
  WEIR_INLINE pointer(pointer&& other) noexcept : slot_(std::exchange(other.slot_, {})) {}
  WEIR_INLINE pointer& operator=(pointer&& other) noexcept {
    pointer(std::move(other)).swap(*this);
    return *this;
  }
  WEIR_INLINE ~pointer() {
    if (!slot_.empty()) slot_->drop();
  }

  [[nodiscard]] bool empty() const noexcept { return slot_.empty(); }

  // Protects what `source` points to, and returns it; a null pointer protects nothing. If it is retired later than it
  // was unlinked from `source`, it is not reclaimed until this pointer protects something else, or is gone.
  template <class T>
  [[nodiscard]] WEIR_INLINE T* protect(const std::atomic<T*>& source) noexcept {
    return protect(source, [](T* p) noexcept { return p; });
  }

  // The same for a source whose values are no plain pointers: of(value) is what is to be protected.
  template <class Value, class Of>
  [[nodiscard]] WEIR_INLINE Value protect(const std::atomic<Value>& source, Of of) noexcept {
    const auto address = [&](const Value& v) { return detail::address_of(of(v)); };
    return detail::protect<Value>(owned(), source, address);
  }

  // True: `source` still pointed to *p, which is protected. False: nothing is, and p is what it points to now.
  template <class T>
  [[nodiscard]] WEIR_INLINE bool try_protect(T*& p, const std::atomic<T*>& source) noexcept {
    return try_protect(p, source, [](T* q) noexcept { return q; });
  }
  template <class Value, class Of>
  [[nodiscard]] WEIR_INLINE bool try_protect(Value& v, const std::atomic<Value>& source, Of of) noexcept {
    const Value wanted = v;
    owned()->set(detail::address_of(of(wanted)));
    owned().light();                             // [protect]
    v = source.load(std::memory_order_acquire);  // [validate]
    if (v == wanted) [[likely]] {
      return true;
    }
    owned()->set(detail::nothing);
    return false;
  }

  // Protects *p from now on: against who retires it later than this. An object that another pointer protects is not
  // handed on by it: move or swap the pointers instead.
  template <class T>
  WEIR_INLINE void reset_protection(const T* p) noexcept {
    owned()->set(detail::address_of(p));
    owned().light();  // [protect]
  }
  WEIR_INLINE void reset_protection(std::nullptr_t = nullptr) noexcept { owned()->set(detail::nothing); }

  WEIR_INLINE void swap(pointer& other) noexcept { std::swap(slot_, other.slot_); }
  friend WEIR_INLINE void swap(pointer& a, pointer& b) noexcept { a.swap(b); }

 private:
  friend pointer make_pointer();
  friend pointer try_make_pointer() noexcept;
  template <std::size_t N>
  friend class array;

  WEIR_INLINE explicit pointer(detail::owned s) noexcept : slot_(s) {}
  template <class Slowly>
  [[nodiscard]] WEIR_INLINE static pointer make(Slowly slowly) {
    detail::line* const mine = detail::line_of_own();
    if (!mine->slots[0].is_free()) [[unlikely]] {
      return pointer(slowly());
    }
    mine->slots[0].take();
    return pointer(detail::owned(&mine->slots[0]));
  }
  [[nodiscard]] WEIR_INLINE detail::owned owned() const noexcept {
    WEIR_ASSERT(!slot_.empty(), "an empty hazard pointer is to protect something");
    if (slot_.empty()) __builtin_unreachable();  // the destructor need not ask again
    return slot_;
  }

  detail::owned slot_;
};

// One that protects nothing yet; empty if memory has run out.
// Thread-safe: yes. Signal-safe: in a thread that has made one before, but not at its end, and while at most seven are
// in use that were made in it; what a handler makes it drops before it returns. Blocks: the first one of a thread takes
// a lock. Cost: a load, a predicted branch and a store; out of line for each beyond the first that a thread has at
// once.
[[nodiscard]] pointer try_make_pointer() noexcept;

// The same, but throws std::bad_alloc if memory has run out. Source: [saferecl.hp.holder.nonmem].
[[nodiscard]] WEIR_INLINE pointer make_pointer() {
  return pointer::make([]() -> detail::owned {
    const detail::owned s = detail::take_slowly();
    if (s.empty()) weir::detail::out_of_memory("there is no memory for a hazard pointer");
    return s;
  });
}

[[nodiscard]] WEIR_INLINE pointer try_make_pointer() noexcept {
  return pointer::make([]() noexcept { return detail::take_slowly(); });
}

}  // namespace weir::hazard
