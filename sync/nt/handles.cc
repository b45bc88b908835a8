#include "weir/sync/nt/handles.h"

#include "weir/barrier/mutation.h"
#include "weir/sync/nt/room.h"

namespace weir::nt::detail {

constinit weir::detail::forever<handle_table> handles_of_process;

namespace {

void drop_cell(void* cell) { own_segment().drop(*static_cast<native_cell*>(cell)); }
// In a child of fork(), also what its parent has retired: that stays as it is.
void drop_body(void* b) {
  auto* const of = static_cast<body*>(b);
  if (own_segment().is_own(of->cell())) of->drop_handle();
}

}  // namespace

handle_value reserve_handle() noexcept {
  enter_handles();
  return own_handles().reserve();
}

bool retire(entry e) noexcept {
  rcu::domain& d = rcu::default_domain();
  if (mutation::removed<"handle-grace">()) {  // wrong on purpose: whoever looks at it is not waited for
    if (e.has_body()) {
      drop_body(&body_of(e.number()));
    } else {
      drop_cell(&own_segment().cell_at(e.number()));
    }
    return true;
  }
  if (e.has_body()) return d.try_retire(&body_of(e.number()), &drop_body);
  return d.try_retire(&own_segment().cell_at(e.number()), &drop_cell);
}

status duplicate_handle(entry by, access_mask granted, std::uint32_t attributes, handle_value& made) noexcept {
  const handle_value h = reserve_handle();
  if (h == 0) return status::no_memory;
  if (!by.has_body()) {
    own_segment().refer(own_segment().cell_at(by.number()));
  } else if (!body_of(by.number()).add_handle()) {
    own_handles().give_back(h);
    return status::invalid_handle;
  }
  own_handles().show(h, by.with(granted, (attributes & obj_inherit) != 0, (attributes & obj_protect_close) != 0));
  made = h;
  return status::success;
}

status close_handle(handle_value h) noexcept {
  const handle_table::closing done = own_handles().close(h, [](entry e) noexcept {
    if (e.is_any() && e.has_body()) body_of(e.number()).close_handle();
    return retire(e);
  });
  switch (done) {
    case handle_table::closing::done: return status::success;
    case handle_table::closing::not_allowed: return status::handle_not_closable;
    default: return status::invalid_handle;
  }
}

}  // namespace weir::nt::detail
