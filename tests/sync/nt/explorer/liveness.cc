#include "tests/sync/nt/explorer/liveness.h"

#include <array>
#include <bit>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <span>
#include <sys/time.h>

namespace weir::nt::explorer {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGVTALRM};
std::array<struct sigaction, signals.size()> others;
std::array<char, 65536> signal_stack;
stack_t other_stack;
sigjmp_buf back;
volatile bool tries = false;
volatile unsigned trial = 0;  // how many there were

// A trial that the clock finds twice has no end. What comes of no trial is for who was there before.
void on_fault(int signal) {
  static volatile unsigned last = 0;
  const bool is_long = last == trial;
  if (signal == SIGVTALRM) last = trial;
  if (tries && (signal != SIGVTALRM || is_long)) siglongjmp(back, 1);
  if (signal == SIGVTALRM) return;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signals[i] == signal) ::sigaction(signal, &others[i], nullptr);
  }
}

}  // namespace

faults::faults() {
  struct sigaction ours {};
  ours.sa_handler = &on_fault;
  // siglongjmp() need not put a mask back. What the kernel writes for a signal is not to be found on a thread's stack.
  ours.sa_flags = SA_NODEFER | SA_ONSTACK;
  const stack_t stack{signal_stack.data(), 0, signal_stack.size()};
  ::sigaltstack(&stack, &other_stack);
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &ours, &others[i]);
  constexpr itimerval each_second{{1, 0}, {1, 0}};  // of the processor's time
  ::setitimer(ITIMER_VIRTUAL, &each_second, nullptr);
}
faults::~faults() {
  constexpr itimerval none{};
  ::setitimer(ITIMER_VIRTUAL, &none, nullptr);
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &others[i], nullptr);
  ::sigaltstack(&other_stack, nullptr);
}

std::uint64_t liveness::hash_of_now(stacks_by by) {
  hash h = hash_of_memory(the_machine.all.monitor);
  for (unsigned t = 0; t < the_machine.threads; ++t) {
    if (!the_machine.all.threads[t].inside) continue;
    const std::span<const char> stack = stack_of(t);
    switch (by) {
      case stacks_by::liveness: add_alive(h, t, places_.at(t)); break;
      case stacks_by::bytes: h.add(stack.data(), stack.size()); break;
      case stacks_by::place: h.add(reinterpret_cast<std::uintptr_t>(&places_.at(t))); break;
    }
  }
  return h.value();
}

void liveness::is_to_step(unsigned t) { from_ = the_machine.all.threads[t].inside ? &places_.at(t) : nullptr; }

void liveness::note(unsigned t) {
  const std::span<const char> stack = stack_of(t);
  hash h;
  h.add(reinterpret_cast<std::uintptr_t>(to_));
  h.add(stack.data(), stack.size());
  if (!stacks_.insert(h.value())) return;
  if (places_.at(t).note(reinterpret_cast<const piece*>(stack.data()))) learned_ = true;
}

void liveness::check(const step& s) {
  to_ = nullptr;
  if (the_machine.all.threads[s.t].inside) {
    to_ = &places_.at(s.t);
    note(s.t);
  }
  if (from_ == nullptr || from_->doubtful().empty() || !is_tried_again()) return;
  after_.take();
  for (unsigned n = 0; n < trials_ && !from_->doubtful().empty(); ++n) try_others(s);
  after_.put_back();
}

// Each time, until it was often in vain; then now and then.
bool liveness::is_tried_again() {
  std::uint32_t& tried = from_->tried(to_, since_);
  return tried < often ? ++tried != 0 : engine_() % seldom == 0;
}

void liveness::try_others(const step& s) {
  draw(s);
  if (!differs(s, drawn_)) return;
  learned_ = true;
  others drawn = drawn_;
  // Without those that it does not take.
  for (std::size_t i = drawn.size(); i-- != 0;) {
    others fewer = drawn;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (differs(s, fewer)) drawn = std::move(fewer);
  }
  // Where it takes several, each alone makes none: as long as one of them is the same, the others may differ.
  if (drawn.empty()) {
    unsteady_ = true;
  } else {
    from_->keep_alive(drawn.front().first);
  }
}

// In every other one: of two, one may hide what the other one does.
void liveness::draw(const step& s) {
  const place::numbers& all = from_->doubtful();
  drawn_.clear();
  std::uint64_t bits = 0;
  for (unsigned used = 0; drawn_.empty();) {
    for (std::size_t first = 0; first < all.size(); first += 64) {
      std::uint64_t which = engine_();
      if (all.size() - first < 64) which &= (std::uint64_t{1} << (all.size() - first)) - 1;
      for (; which != 0; which &= which - 1, ++used) {
        bits = used % 4 == 0 ? engine_() : bits >> 16;
        const std::uint16_t i = all[first + static_cast<std::size_t>(std::countr_zero(which))];
        drawn_.emplace_back(i, from_->other(i, s.before.stack_at(s.t, i), bits & 0xffff));
      }
    }
  }
}

bool liveness::differs(const step& s, const others& o) {
  s.before.put_back();
  auto* const stack = reinterpret_cast<piece*>(stack_of(s.t).data());
  for (const auto& [i, value] : o) stack[i] = value;
  if (sigsetjmp(back, 0) != 0) {
    tries = false;
    return true;
  }
  trial = trial + 1;
  tries = true;
  s.again(s.choice);
  tries = false;
  return !is_as_after(s.t);
}

bool liveness::is_as_after(unsigned t) {
  if (!after_.is_now()) return false;
  if (to_ == nullptr) return true;
  if (&places_.at(t) != to_) return false;
  const auto* const stack = reinterpret_cast<const piece*>(stack_of(t).data());
  for (const std::uint16_t i : to_->alive()) {
    if (stack[i] != after_.stack_at(t, i)) return false;
  }
  return true;
}

}  // namespace weir::nt::explorer
