#include "weir/sync/nt/body.h"

#include "weir/barrier/forever.h"
#include "weir/sync/nt/chunks.h"
#include "weir/sync/nt/names.h"

namespace weir::nt::detail {
namespace {

struct place {
  weir::atomic<body*> at{nullptr};
};
constinit weir::detail::forever<chunks<place, 256, number{1} << 25>> bodies;

}  // namespace

bool attach(body& b) noexcept {
  place* const p = bodies.value.make(b.cell().self);
  if (p == nullptr) return false;
  // Relaxed: found by who has a handle, which is shown later, [handle-shown].
  p->at.store(&b, std::memory_order_relaxed);
  return true;
}

body& body_of(number cell) noexcept { return *bodies.value.at(cell).at.load(std::memory_order_relaxed); }  // see above

bool body::add_handle() noexcept {
  refer();  // first: as soon as there is one handle more, the others may go, and their references with them
  std::uint32_t now = handles_.load(std::memory_order_relaxed);
  while (now != 0) {
    if (handles_.compare_exchange_weak(now, now + 1, std::memory_order_relaxed, std::memory_order_relaxed)) return true;
  }
  drop();  // not the last one: see body.h
  return false;
}

void body::close_handle() noexcept {
  // [body-closed] Release and acquire, each to each: what was done by other handles before they were closed is known to
  // who closes the last.
  if (handles_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  forget_name(*this);
}

void body::drop_handle() noexcept {
  if (functions_.closed != nullptr && handles() == 0) functions_.closed(*this);
  drop();
}

void body::drop() noexcept {
  // [body-dropped] Release and acquire, each to each: what all others did with it comes before its end.
  if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  native_cell& c = cell_;
  functions_.destroy(this);
  own_segment().drop(c);
}

}  // namespace weir::nt::detail
