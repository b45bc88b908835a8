// What a thread shows of its read-side sections in one domain, and how it enters and leaves them.
//
// Internal; apart from the domain, so that the model checker runs it (tests/model/grace_model.cc). README.md has the
// proof.
//
//     entered   0: outside. Else the number of the grace period that was newest when the thread came in: it is waited
//               for by every period with a larger number. ~0: no record (absent_record). Written by the owner.
//     inner     bits 0 to 31: sections that are open beyond the first, in whatever order they end. Written by the
//               owner, with plain stores. Bit 32: somebody sleeps until this reader leaves. Set by who waits; the owner
//               may overwrite it, which costs the sleeper its time-out.
//     domain    the number of the domain it is in use for. Written by the owner.
//     open      the segment that the owner collects retired objects in, or null. Written by the owner.
//     closing   the segment that the owner is handing over, or null: who finds `open` empty looks here, too. Written by
//               the owner.
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"

namespace weir::rcu::detail {

class segment;

using period = std::uint64_t;  // the number of a grace period; from 1

inline constexpr period outside = 0;
inline constexpr std::uint64_t somebody_waits = std::uint64_t{1} << 32;

struct alignas(64) record {
  weir::atomic<period> entered{outside};
  weir::atomic<std::uint64_t> inner{0};
  weir::atomic<std::uint64_t> domain{0};
  weir::atomic<segment*> open{nullptr};
  weir::atomic<segment*> closing{nullptr};
  std::uint32_t reserved = 0;  // room that the owner has set aside and not opened yet: of a retire() that helps
  weir::atomic<std::uint64_t> os_thread{0};  // as the system calls the owner, for people; 0: unknown

  // Whether period `n` must wait for this reader. What the reader has done in sections that ended before is known to
  // the caller then, if not.
  [[nodiscard]] bool holds_up(period n) const noexcept {
    // [gp-scan] Acquire: whichever store of the owner's is read, the sections that it ended before happen before what
    // the period allows. Pairs with [reader-leave], and with [reader-enter] of a later section.
    const period e = entered.load(mutation::order<"gp-scan">(std::memory_order_acquire));
    return e - 1 < n - 1;  // e != outside && e < n, by one comparison
  }
};
static_assert(sizeof(record) == 64 || sizeof(weir::atomic<period>) != 8);  // a model checker's are larger

// Opens a section, on the caller's own record. False: not here; see the domain's slow way. `now` is the newest period's
// number; `light` the fast side of the barrier.
template <class Light>
[[nodiscard]] WEIR_INLINE bool try_enter(record& mine, const weir::atomic<period>& now, Light light) noexcept {
  if (mine.entered.load(std::memory_order_relaxed) == outside) [[likely]] {  // our own
    // [reader-epoch] Acquire of the number: who has it sees what was unlinked before that period. Pairs with
    // [gp-newest].
    // [reader-enter] Release of the entry:
    // see [gp-scan]; a scan may read this one instead of the end of the section before. Then light(), before the loads
    // of the section: pairs with the heavy() of [gp-begin]. If ours is first, the scan sees the entry and waits; if
    // heavy() is first, the section sees what was unlinked before it. No third case.
    mine.entered.store(now.load(mutation::order<"reader-epoch">(std::memory_order_acquire)),
                       mutation::order<"reader-enter">(std::memory_order_release));
    light();
    return true;
  }
  // Constants behind a predicted branch, and no arithmetic: a chain through memory would cost twice as much.
  if (mine.inner.load(std::memory_order_relaxed) != 0) [[unlikely]] {  // our own
    return false;
  }
  mine.inner.store(1, std::memory_order_relaxed);  // read by ourselves only
  // Of a signal handler's section, whose thread was interrupted between its entry and its own light().
  light();
  return true;
}

// Of a reader that is always inside: it holds nothing at this moment. False: not here; somebody waits, or there is no
// record.
template <class Light>
[[nodiscard]] WEIR_INLINE bool try_refresh(record& mine, const weir::atomic<period>& now, Light light) noexcept {
  if (mine.inner.load(std::memory_order_relaxed) != 0) [[unlikely]] {  // our own; the bit is a hint
    return false;
  }
  const period n = now.load(mutation::order<"reader-epoch">(std::memory_order_acquire));  // [reader-epoch]
  if (mine.entered.load(std::memory_order_relaxed) == n) return true;  // our own: no period has begun since
  // [reader-leave], of all that it has read, and [reader-enter] at once.
  mine.entered.store(n, mutation::order<"reader-leave">(std::memory_order_release));
  light();
  return true;
}

// Closes one. False: not here; see leave_slowly().
[[nodiscard]] WEIR_INLINE bool try_leave(record& mine) noexcept {
  const std::uint64_t rest = mine.inner.load(std::memory_order_relaxed);  // our own; the bit is a hint
  if (rest == 0) [[likely]] {
    // [reader-leave] Release: the section comes before. Pairs with [gp-scan].
    mine.entered.store(outside, mutation::order<"reader-leave">(std::memory_order_release));
    return true;
  }
  if (rest != 1) [[unlikely]] {
    return false;
  }
  mine.inner.store(0, std::memory_order_relaxed);  // read by ourselves only
  return true;
}

// Where try_leave() has said no. True: somebody sleeps until now, and is to be woken.
WEIR_COLD inline bool leave_slowly(record& mine) noexcept {
  const std::uint64_t rest = mine.inner.load(std::memory_order_relaxed);  // our own; the bit is a hint
  if ((rest & ~somebody_waits) != 0) {
    mine.inner.fetch_sub(1, std::memory_order_relaxed);  // read by ourselves only; keeps the bit
    return false;
  }
  mine.entered.store(outside, mutation::order<"reader-leave">(std::memory_order_release));  // [reader-leave]
  mine.inner.fetch_and(~somebody_waits, std::memory_order_relaxed);                         // a hint
  return true;
}

}  // namespace weir::rcu::detail
