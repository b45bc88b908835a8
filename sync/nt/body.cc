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

void body::close_handle() noexcept {
  if (counts_.close_handle()) forget_name(*this);
}

void body::drop_handle() noexcept {
  if (functions_.closed != nullptr && handles() == 0) functions_.closed(*this);
  drop();
}

void body::drop() noexcept {
  if (!counts_.drop()) return;
  native_cell& c = cell_;
  functions_.destroy(this);
  own_segment().drop(c);
}

}  // namespace weir::nt::detail
