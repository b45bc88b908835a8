#include "weir/barrier/barrier.h"

#include <cstdlib>
#include <string>
#include <thread>

#include "weir/barrier/choose.h"
#include "weir/barrier/combine.h"
#include "weir/barrier/environment.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/image.h"
#include "weir/barrier/ladder.h"
#include "weir/barrier/library.h"
#include "weir/barrier/once.h"
#include "weir/barrier/thread.h"
#include "weir/barrier/ticket.h"

extern "C" const char weir_barrier_is_built_in_two_forms = 0;

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

// Beside the name above, and beside the constructor below: an object that only calls light() brings all three into a
// program, from a static library too.
extern const char form_tag = 0;

}  // namespace per_form

namespace {

using detail::candidate;
using detail::combiner;
using detail::decision;

constinit detail::once<decision> the_choice;
constinit combiner the_combiner;

void finish_choice() noexcept;
void forget_other_threads(thread::index) noexcept;

// A child must not find the choice half made by a thread that it does not have.
constinit thread::room the_room{.level = 0, .before_fork = &finish_choice, .in_child = &forget_other_threads};

WEIR_COLD void make_choice(decision& d) noexcept {
  d = detail::choose(detail::ladder(), detail::environment("WEIR_BARRIER"), per_form::pin());
  if (d.chosen == nullptr) weir::detail::die("%s", d.text);
  if (d.chosen->id != strategy::fence) per_form::weaken();
}

// By the first call; later ones find it made.
const decision& decided() noexcept {
  return the_choice.get([]() noexcept { thread::enter_once(the_room); }, make_choice);
}

// A caller that must wait: it spins for about a microsecond, then yields for as long as a system call may take, then
// sleeps.
struct waiting {
  static bool busy(unsigned round) noexcept {
    if (round < 30) {
      port::relax();
    } else if (round < 130) {
      std::this_thread::yield();
    } else {
      return false;
    }
    return true;
  }
  static void give_way() noexcept { std::this_thread::yield(); }
};

// Before fork(): another thread may be making the choice.
void finish_choice() noexcept { static_cast<void>(decided()); }

// In the child after fork(): of all threads only the caller's is left.
void forget_other_threads(thread::index) noexcept { the_combiner.forget_other_threads(); }

// A first use in .preinit_array comes before libc knows the environment, so the choice was made without it.
void refuse_late_wish(const decision& d) noexcept {
  const std::string_view wanted = detail::environment("WEIR_BARRIER");
  if (wanted.empty() || wanted == name(d.chosen->id)) return;
  weir::detail::die(
      "WEIR_BARRIER asks for the barrier \"%.*s\", but heavy() was used before the environment could be read, "
      "and the choice is final: %s",
      static_cast<int>(wanted.size()), wanted.data(), d.text);
}

WEIR_AT_LOAD void at_load() noexcept {
  detail::refuse_second_copy();
  detail::keep_loaded();
  refuse_late_wish(decided());
}

class require_category final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "weir.barrier"; }
  [[nodiscard]] std::string message(int value) const override {
    if (value < 1 || value > static_cast<int>(strategy::edges) + 1) return "not an error of require()";
    const auto wanted = static_cast<strategy>(value - 1);
    return std::string("the barrier \"") + std::string(barrier::name(wanted)) +
           "\" is required, but this process has: " + describe();
  }
};

// Threads may ask while the process exits. No local static object: a fork() in the middle of its construction would
// leave a child in which it is never over.
constinit const weir::detail::forever<require_category> the_category;

}  // namespace

void heavy() noexcept {
  const decision& d = decided();
  if (d.chosen->id == strategy::fence) {
    if (!mutation::removed<"heavy-fence">()) full();
    return;
  }
  the_combiner.run(d.chosen->heavy, waiting{});
}

strategy active() noexcept { return decided().chosen->id; }

const char* describe() noexcept { return decided().text; }

std::error_code require(strategy wanted) noexcept {
  if (active() == wanted) return {};
  return {static_cast<int>(wanted) + 1, category()};
}

const std::error_category& category() noexcept { return the_category.value; }

std::uint64_t system_barriers() noexcept { return the_combiner.ended(); }

// Nobody counts fences.
std::uint64_t per_form::heavy_ticket() noexcept {
  return active() == strategy::fence ? ~std::uint64_t{0} : the_combiner.ticket();
}

bool per_form::heavy_served(std::uint64_t ticket) noexcept { return the_combiner.served(ticket); }

bool per_form::heavy_in_progress() noexcept { return the_combiner.in_progress(); }

std::uint32_t per_form::heavy_callers_waiting() noexcept { return the_combiner.waiting(); }

}  // namespace WEIR_FORM
}  // namespace weir::barrier
