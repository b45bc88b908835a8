#include "tests/sync/nt/explorer/liveness.h"

#include <array>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <span>

namespace weir::nt::explorer {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS};
std::array<struct sigaction, signals.size()> others;
sigjmp_buf back;
volatile bool tries = false;

// What comes of no trial is for who was there before.
void on_fault(int signal) {
  if (tries) siglongjmp(back, 1);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signals[i] == signal) ::sigaction(signal, &others[i], nullptr);
  }
}

}  // namespace

faults::faults() {
  struct sigaction ours {};
  ours.sa_handler = &on_fault;
  ours.sa_flags = SA_NODEFER;  // siglongjmp() need not put a mask back
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &ours, &others[i]);
}
faults::~faults() {
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &others[i], nullptr);
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

void liveness::note(unsigned t) {
  const std::span<const char> stack = stack_of(t);
  hash h;
  h.add(reinterpret_cast<std::uintptr_t>(to_));
  h.add(stack.data(), stack.size());
  if (stacks_.insert(h.value())) places_.at(t).note(reinterpret_cast<const piece*>(stack.data()));
}

void liveness::check(const step& s) {
  to_ = nullptr;
  if (the_machine.all.threads[s.t].inside) {
    to_ = &places_.at(s.t);
    note(s.t);
  }
  after_.take();
  s.before.put_back();
  if (the_machine.all.threads[s.t].inside) {
    place& from = places_.at(s.t);
    for (unsigned n = 0; n < trials_ && !from.doubtful().empty(); ++n) {
      draw(from.doubtful());
      if (differs(s, from, drawn_)) learn(s, from);
    }
  }
  after_.put_back();
}

// Every other one: of two, one may hide what the other one does.
void liveness::draw(const place::numbers& from) {
  drawn_.clear();
  while (drawn_.empty()) {
    for (const std::uint16_t i : from) {
      if ((random() & 1) != 0) drawn_.push_back(i);
    }
  }
}

// Which of those that were drawn it was.
void liveness::learn(const step& s, place& from) {
  learned_ = true;
  place::numbers alive;
  for (const std::uint16_t i : drawn_) {
    if (differs(s, from, {i})) alive.push_back(i);
  }
  if (alive.empty()) alive = drawn_;  // together only
  for (const std::uint16_t i : alive) from.keep_alive(i);
}

bool liveness::differs(const step& s, const place& from, const place::numbers& which) {
  s.before.put_back();
  auto* const stack = reinterpret_cast<piece*>(stack_of(s.t).data());
  for (const std::uint16_t i : which) stack[i] = from.other(i, stack[i], random());
  if (sigsetjmp(back, 0) != 0) {
    tries = false;
    return true;
  }
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
