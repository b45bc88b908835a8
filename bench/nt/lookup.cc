// What it costs to come from a handle to its object, with type and rights checked: by the table of the library, by one
// of the same shape under hazard pointers, and by one under a std::shared_mutex.
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "bench/nt/rounds.h"
#include "bench/support/places.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/port.h"
#include "weir/hazard/local.h"
#include "weir/hazard/retire.h"
#include "weir/sync/nt/access.h"
#include "weir/sync/nt/growing.h"
#include "weir/sync/nt/handles.h"

namespace {

namespace detail = weir::nt::detail;
namespace access = weir::nt::detail::access;
using detail::access_mask;
using detail::handle_value;
using detail::native_cell;
using detail::type;

constexpr std::size_t count = 16;  // handles, which are looked up in turn
constexpr access_mask all_access = access::modify_state | access::query_state | access::synchronize;

thread_local constinit volatile std::uint64_t sink = 0;  // keeps the sum, and with it the loads, alive

std::array<native_cell*, count> objects;
std::array<handle_value, count> handles;

// A table that grows, the library's own; a place points to what the handle says, which whoever looks protects.
class hazard_table {
 public:
  struct entry : weir::hazard::obj_base<entry> {
    type what = type::none;
    access_mask rights = 0;
    native_cell* object = nullptr;
  };

  // [look] Release: what lies behind the pointer; acquire by who looks.
  void show(handle_value h, native_cell& object) {
    const auto i = static_cast<detail::number>(h >> 2);
    for (detail::number n = 0; n <= i; ++n) bench::require(places_.make(n), "making a place");
    entry& made = *entries_.emplace_back(std::make_unique<entry>());
    made.what = type::event;
    made.rights = all_access;
    made.object = &object;
    places_.at(i).store(&made, std::memory_order_release);  // [look]
  }

  // `use` is called with the object, which is there as long as that takes. False: there is no such event, or no right.
  template <class Use>
  WEIR_INLINE bool look(handle_value h, access_mask wanted, Use use) const {
    const handle_value i = h >> 2;
    if (!places_.has(i)) return false;
    const weir::hazard::local found(places_.at(static_cast<detail::number>(i)));  // [look]
    if (found.get() == nullptr || found->what != type::event || (wanted & ~found->rights) != 0) return false;
    use(*found->object);
    return true;
  }

 private:
  detail::growing<std::atomic<entry*>, detail::handle_table::limit> places_;
  std::vector<std::unique_ptr<entry>> entries_;  // for good
};

class locked_table {
 public:
  void show(handle_value h, native_cell& object) {
    const std::lock_guard hold(lock_);
    if (places_.size() <= h >> 2) places_.resize((h >> 2) + 1);
    places_[h >> 2] = {type::event, all_access, &object};
  }

  template <class Use>
  WEIR_INLINE bool look(handle_value h, access_mask wanted, Use use) const {
    const std::shared_lock hold(lock_);
    if (h >> 2 >= places_.size()) return false;
    const entry& e = places_[h >> 2];
    if (e.what != type::event || (wanted & ~e.rights) != 0) return false;
    use(*e.object);
    return true;
  }

 private:
  struct entry {
    type what;
    access_mask rights;
    native_cell* object;
  };

  alignas(weir::port::line) mutable std::shared_mutex lock_;
  alignas(weir::port::line) std::vector<entry> places_;
};

hazard_table by_hazard;
locked_table by_mutex;

const char* prepare() {
  for (std::size_t i = 0; i < count; ++i) {
    objects[i] = detail::own_segment().make(detail::kind::auto_event, 0, 0, 0);
    handles[i] = detail::own_handles().reserve();
    bench::require(objects[i] != nullptr && handles[i] != 0, "making a handle");
    const auto number = static_cast<std::uint32_t>(objects[i]->self);
    const auto generation = static_cast<std::uint32_t>(objects[i]->generation);
    detail::own_handles().show(handles[i], detail::entry::make(type::event, all_access, number, generation, false));
    by_hazard.show(handles[i], *objects[i]);
    by_mutex.show(handles[i], *objects[i]);
  }
  return nullptr;
}

BENCH_LOOP(own_table, sink, {
  const detail::section s;
  const auto f = s.find(handles[bench_i % count], type::event, access::modify_state);
  if (f.object != nullptr) sum += f.object->self;
})

BENCH_LOOP(hazard, sink, {
  by_hazard.look(handles[bench_i % count], access::modify_state, [&](const native_cell& c) { sum += c.self; });
})

BENCH_LOOP(shared_mutex, sink, {
  by_mutex.look(handles[bench_i % count], access::modify_state, [&](const native_cell& c) { sum += c.self; });
})

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"handle_lookup", duet_alone, &own_table, nullptr},
      {"handle_lookup_hazard", duet_alone, &hazard, nullptr},
      {"handle_lookup_shared_mutex", duet_alone, &shared_mutex, nullptr},
      {"handle_lookup_2t", duet_pair, &own_table, nullptr},
      {"handle_lookup_hazard_2t", duet_pair, &hazard, nullptr},
      {"handle_lookup_shared_mutex_2t", duet_pair, &shared_mutex, nullptr},
      {nullptr, duet_alone, nullptr, nullptr},
  };
  static constexpr duet_program program = {
      .rows = rows,
      .prepare = &prepare,
      .strategy = nullptr,
      .reason = nullptr,
  };
  return duet_main(&program, argc, argv);
}
