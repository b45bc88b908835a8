#include "weir/barrier/light_edges.h"

#include <mutex>

#include "weir/barrier/forever.h"
#include "weir/barrier/ladder.h"
#include "weir/barrier/library.h"
#include "weir/barrier/per_thread.h"
#include "weir/barrier/static_mutex.h"
#include "weir/barrier/thread.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

void weaken() noexcept {}  // light() is the same from the start

std::string_view pin() noexcept { return {}; }

constinit thread_local weir::atomic<std::uint32_t>* own_word = nullptr;

namespace {

struct alignas(port::line) word {
  weir::atomic<std::uint32_t> value{0};
};

// A thread finds its word under this lock and heavy() walks the words under it: either the walk sees the word, or the
// thread, which locks later, has seen all that came before the walk.
constinit weir::detail::forever<weir::detail::static_mutex> walk;
constinit thread::per_thread<word> words;
// For threads that cannot have a word of their own.
constinit word common;

void enter_room() noexcept {
  static constinit thread::room room{
      .level = 0,
      .left = [](thread::index) noexcept { own_word = nullptr; },
      .before_fork = []() noexcept { walk.value.lock(); },
      .in_parent = []() noexcept { walk.value.unlock(); },
      .in_child = [](thread::index) noexcept { walk.value.unlock(); },
  };
  thread::enter_once(room);
}

}  // namespace

weir::atomic<std::uint32_t>& find_own_word() noexcept {
  enter_room();
  const thread::index self = thread::self();
  const std::lock_guard hold(walk.value);
  word* const made = words.make(self);
  if (made == nullptr) return common.value;
  own_word = &made->value;
  return made->value;
}

}  // namespace per_form
}  // namespace WEIR_FORM

namespace detail {

void edges::heavy() noexcept {
  using per_form::common, per_form::walk, per_form::words;
  const std::lock_guard hold(walk.value);
  // [heavy-edge] Acq_rel on every word, see [light-edge].
  weir::atomic_thread_fence(std::memory_order_seq_cst);
  constexpr std::memory_order acq_rel = mutation::order<"heavy-edge">(std::memory_order_acq_rel);
  common.value.fetch_add(1, acq_rel);
  const thread::index bound = thread::bound();
  for (thread::index i = 0; i < bound; ++i) {
    if (per_form::word* const w = words.find(i); w != nullptr) w->value.fetch_add(1, acq_rel);
  }
  weir::atomic_thread_fence(std::memory_order_seq_cst);
}

}  // namespace detail
}  // namespace weir::barrier
