#include "tests/sync/nt/explorer/monitor.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>

namespace weir::nt::explorer {

void monitor::clear() {
  sets_.clear();
  hashes_.clear();
  numbers_.clear();
  memory_.clear();
}

monitor::number monitor::begin(const program& p) {
  program_ = &p;
  threads_ = static_cast<unsigned>(p.threads.size());
  state s{};
  for (unsigned i = 0; i < p.objects; ++i) {
    auto& o = s.world.objects[i];
    o.kind = p.kinds[i];
    o.limit = semaphore_limit;
    o.value = p.first[i];
    if (p.kinds[i] != what::mutant || p.first[i] == 0) continue;
    o.value = 1;
    o.owner = p.first[i];
    o.taken_turn = ++s.world.owned[p.first[i] - 1u];
  }
  return intern({s});
}

monitor::number monitor::intern(states s) {
  std::sort(s.begin(), s.end());
  s.erase(std::unique(s.begin(), s.end()), s.end());
  if (s.empty()) return none;
  const auto found = numbers_.find(s);
  if (found != numbers_.end()) return found->second;
  const auto n = static_cast<number>(sets_.size());
  sets_.push_back(s);
  std::uint64_t h = 0;
  for (const state& one : s) {
    const auto bytes = std::as_bytes(std::span(&one, 1));
    for (const std::byte b : bytes) h = (h ^ static_cast<std::uint64_t>(b)) * 0x100000001b3;
  }
  hashes_.push_back(h);
  numbers_.emplace(std::move(s), n);
  return n;
}

// Those whose waits the model has ended, by whatever happened.
void monitor::collect(state& s) const {
  for (unsigned t = 0; t < threads_; ++t) {
    if (!s.world.is_over(t)) continue;
    s.where[t] = in::done;
    s.results[t] = told_by(s.world.collect(t));
  }
}

void monitor::happen(state& s, unsigned thread, const operation& o) const {
  world& w = s.world;
  const unsigned x = o.objects[0];
  told result = 0;
  switch (o.does) {
    case verb::set: result = told_by(status::success, w.set(x)); break;
    case verb::reset: result = told_by(status::success, w.reset(x)); break;
    case verb::pulse: result = told_by(status::success, w.pulse(x)); break;
    case verb::release: {
      const test::answered a = w.release(x, o.many);
      result = told_by(a.result, a.previous);
      break;
    }
    case verb::release_mutant: {
      const test::answered a = w.release_mutant(thread, x);
      result = told_by(a.result, a.previous);
      break;
    }
    case verb::query: {
      const bool ours = w.objects[x].kind == what::mutant && w.is_owned_by(x, thread);
      result = told_by(static_cast<status>(ours ? 1 : w.is_abandoned(x) ? 2 : 0), w.query(x));
      break;
    }
    case verb::end:
      // Each of its mutants by itself: others may come in between.
      if (w.end_one(thread) && w.owned[thread] != 0) return collect(s);
      break;
    case verb::drop:
    case verb::see: break;
    case verb::wait_any:
    case verb::wait_all: {
      world::wait its{};
      for (unsigned i = 0; i < o.count; ++i) its.objects[i] = o.objects[i];
      its.count = o.count;
      its.all = o.does == verb::wait_all ? 1 : 0;
      its.alert = o.alert;
      if (!w.begin(thread, its, o.time == timeout::kind::polls)) s.where[thread] = in::waits;
      return collect(s);
    }
  }
  s.where[thread] = in::done;
  s.results[thread] = result;
  collect(s);
}

monitor::states monitor::closure(const states& from, const places& at) const {
  std::set<state> seen(from.begin(), from.end());
  states left = from;
  while (!left.empty()) {
    const state s = left.back();
    left.pop_back();
    for (unsigned t = 0; t < threads_; ++t) {
      const auto& its = program_->threads[t];
      if (at[t] >= its.size()) continue;
      state next = s;
      if (s.where[t] == in::called) {
        happen(next, t, its[at[t]]);
      } else if (s.where[t] == in::waits && its[at[t]].time == timeout::kind::some_time) {
        next.world.time_out(t);
        collect(next);
      } else {
        continue;
      }
      if (seen.insert(next).second) left.push_back(next);
    }
  }
  return {seen.begin(), seen.end()};
}

namespace {

std::uint64_t key_of(const monitor::places& at) {
  std::uint64_t k = 0;
  for (const std::uint8_t p : at) k = k * 256 + p;
  return k;
}

}  // namespace

monitor::number monitor::called(number n, unsigned thread) {
  number& known = memory_.try_emplace({std::uint64_t{1} << 60 | thread, n}, none).first->second;
  if (known == none) {
    states s = sets_[n];
    for (state& one : s) one.where[thread] = in::called;
    known = intern(std::move(s));
  }
  return known;
}

monitor::number monitor::returned(number n, unsigned thread, told what, const places& at) {
  const std::pair key{key_of(at) ^ what * 0x9e3779b97f4a7c15u ^ std::uint64_t{2} << 60,
                      std::uint64_t{thread} << 32 | n};
  const auto found = memory_.find(key);
  if (found != memory_.end()) return found->second;
  states left;
  for (state& s : closure(sets_[n], at)) {
    if (s.where[thread] != in::done || s.results[thread] != what) continue;
    s.where[thread] = in::nothing;
    s.results[thread] = 0;
    left.push_back(s);
  }
  return memory_[key] = intern(std::move(left));
}

monitor::number monitor::seen_blocked(number n, unsigned thread, const places& at) {
  states left;
  for (const state& s : closure(sets_[n], at)) {
    if (s.where[thread] == in::waits) left.push_back(s);
  }
  return intern(std::move(left));
}

}  // namespace weir::nt::explorer
