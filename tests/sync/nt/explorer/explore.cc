#include "tests/sync/nt/explorer/explore.h"

#include <cstddef>
#include <cstring>
#include <vector>

#include "tests/sync/nt/explorer/fibers.h"
#include "tests/sync/nt/explorer/liveness.h"
#include "tests/sync/nt/explorer/machine.h"
#include "tests/sync/nt/explorer/monitor.h"
#include "tests/sync/nt/explorer/states.h"
#include "tests/sync/nt/explorer/visited.h"
#include "tests/sync/nt/kinds.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::explorer {
namespace {

using namespace weir::nt::detail;

// --- In the scheduler ------------------------------------------------------------------------------------------------

void begin(const program& p) {
  now = &p;
  the_machine.threads = static_cast<unsigned>(p.threads.size());
  the_machine.objects = p.objects;
  std::memset(static_cast<void*>(&the_machine.all), 0, sizeof the_machine.all);
  std::memset(static_cast<void*>(&the_segment), 0, sizeof the_segment);
  for (unsigned t = 0; t < most_threads; ++t) {
    the_segment.records[t].self = t + 1;
    the_segment.records[t].parker.whose = static_cast<std::uint8_t>(t);
  }
  for (unsigned i = 0; i < p.objects; ++i) {
    cell& c = the_segment.cells[i];
    c.self = i + 1;
    c.references = 1;
    c.limit = semaphore_limit;
    c.recursion.value = 1;
    c.word.value = word::of(test::kind_for(p.kinds[i]));
    if (p.kinds[i] != what::mutant) {
      c.word.value |= word::of_value(p.first[i]);
    } else if (p.first[i] != 0) {
      c.word.value |= word::of_owner(p.first[i]);
      link_owned(the_segment, the_segment.records[p.first[i] - 1], c);
    }
  }
  for (unsigned t = 0; t < the_machine.threads; ++t) {
    the_machine.all.threads[t].context.start(stacks[t], stack_bytes, &run_program);
  }
  the_machine.all.monitor = the_monitor.begin(p);
}

// A thread's number; with `expires`, its deadline comes. With `chooses`, from
// `operation_shift` on: the operation that it does next.
constexpr unsigned number_mask = 7;
constexpr unsigned expires = 8;
constexpr unsigned chooses = 16;
constexpr unsigned operation_shift = 5;

struct choices {
  static constexpr std::size_t most = 128;
  std::array<std::uint16_t, most> each;
  std::uint8_t count = 0;
  void add(unsigned c) { each[count++] = static_cast<std::uint16_t>(c); }
};

bool is_blocked(unsigned t) {
  const thread& x = the_machine.all.threads[t];
  return x.need == needs::wake && x.asleep && phase::of(the_segment.records[t].state.value) == phase::pending;
}

// Which thread is which need not be tried: those that choose have the same choice, and nothing in the engine depends on
// which of two numbers of threads is the greater one. So each program is another one with its threads' numbers
// exchanged, and one of these has the threads' first operations in order; these are enough. Not where programs have no
// end, since nobody counts operations there.
bool is_free(const thread& x) { return x.has_begun() || now->any == any_number; }

bool may_begin_with(unsigned o, unsigned t) {
  for (unsigned u = 0; u < the_machine.threads; ++u) {
    const thread& x = the_machine.all.threads[u];
    if (u != t && x.has_begun() && (u < t ? o < x.first : o > x.first)) return false;
  }
  return true;
}

// A choice is remembered for those that have not begun, and no longer: states are the same that differ in it only.
void begin_with(unsigned o, unsigned t) {
  bool all = true;
  the_machine.all.threads[t].first = static_cast<std::uint8_t>(o);
  for (unsigned u = 0; u < the_machine.threads; ++u) all = all && (u == t || the_machine.all.threads[u].has_begun());
  for (unsigned u = 0; all && u < the_machine.threads; ++u) the_machine.all.threads[u].first = 0;
}

choices possible() {
  choices c;
  for (unsigned t = 0; t < the_machine.threads; ++t) {
    const thread& x = the_machine.all.threads[t];
    switch (x.need) {
      case needs::nothing: c.add(t); break;
      case needs::lock:
        if ((*x.lock & 1) == 0) c.add(t);
        break;
      case needs::wake:
        if (!x.asleep) {
          c.add(t);
        } else if (x.timed && !x.late) {
          c.add(t | expires);
        }
        break;
      case needs::blocked:
        if (is_blocked(x.other)) c.add(t);
        break;
      case needs::choice:
        for (unsigned o = 0; o < now->threads[t].size(); ++o) {
          if (is_free(x) || may_begin_with(o, t)) c.add(t | chooses | o << operation_shift);
        }
        break;
      case needs::never: break;
    }
  }
  return c;
}

// Whether nothing happens any more, if no thread begins another operation: shorter programs end here.
bool is_an_end(const choices& c) {
  for (unsigned i = 0; i < c.count; ++i) {
    if (the_machine.all.threads[c.each[i] & number_mask].need != needs::choice) return false;
  }
  return true;
}

// The invariants of README.md, wherever nobody is in between.
const char* broken_invariant() {
  for (unsigned i = 0; i < the_machine.objects; ++i) {
    const cell& c = the_segment.cells[i];
    if ((c.word.value & word::locked) != 0 || !word::gives(c.word.value)) continue;
    int steps = 0;
    for (std::uint32_t n = c.head; n != 0; n = node_at(the_segment, n).next) {
      if (++steps > 20) return "a queue that has no end";
      const bool waits = phase::of(the_segment.record_at(record_of(n)).state.value) == phase::pending;
      if (node_at(the_segment, n).all == 0 && waits)
        return "an object is left signaled with a waiter that could have it";
    }
  }
  for (unsigned t = 0; t < the_machine.threads; ++t) {
    const record& r = the_segment.records[t];
    if (phase::of(r.state.value) != phase::pending || r.count == 0 || r.nodes[0].all == 0) continue;
    bool satisfiable = true;
    for (unsigned i = 0; i < r.count; ++i) {
      if (r.nodes[i].all == 0) continue;
      if (r.nodes[i].linked == 0) satisfiable = false;
      const word::bits w = the_segment.cell_at(r.nodes[i].cell).word.value;
      satisfiable = satisfiable && (w & word::locked) == 0 && word::is_ready(w, r.self);
    }
    if (satisfiable) return "a wait for all goes on though all are ready";
  }
  return nullptr;
}

bool agrees(const world& w) {
  for (unsigned i = 0; i < the_machine.objects; ++i) {
    const word::bits bits = the_segment.cells[i].word.value;
    if (the_segment.ends[i] != 0) continue;
    const auto& o = w.objects[i];
    if ((bits & word::locked) != 0) return false;
    if (((bits & word::queued) != 0) != w.has_queue(i)) return false;
    if (o.kind != what::mutant) {
      if (word::value_of(bits) != o.value) return false;
      continue;
    }
    if (word::owner_of(bits) != o.owner || ((bits & word::abandoned) != 0) != (o.abandoned != 0)) return false;
    if (o.owner != 0 && the_segment.cells[i].recursion.value != o.value) return false;
  }
  return true;
}

const char* wrong_end() {
  std::array<bool, most_threads> blocked{};
  for (unsigned t = 0; t < the_machine.threads; ++t) {
    const needs n = the_machine.all.threads[t].need;
    if (n == needs::lock) return "threads wait for each other's locks";
    blocked[t] = n == needs::wake;
    if (n == needs::wake && phase::of(the_segment.records[t].state.value) != phase::pending) {
      return "a thread sleeps though its wait is over";
    }
    if (the_machine.all.threads[t].token) return "a wake is left over";
  }
  if (the_segment.group_lock.value != 0) return "the group's lock is left";
  for (unsigned i = 0; i < the_machine.objects; ++i) {
    const cell& c = the_segment.cells[i];
    if (the_segment.ends[i] > 1) return "an object ends twice";
    const bool orphan = (c.word.value & word::orphan) != 0;
    if (orphan && c.head == 0 && word::owner_of(c.word.value) == 0)
      return "an object that nothing refers to does not end";
  }
  if (!the_monitor.ends(the_machine.all.monitor, blocked, places(), agrees)) {
    return "the end is none of the model's: a wake is lost, or a value is wrong";
  }
  return nullptr;
}

// --- The search ------------------------------------------------------------------------------------------------------

std::string text_of_path(const std::vector<unsigned>& path) {
  std::string s = "\n  schedule:";
  for (const unsigned c : path) s += " " + std::to_string(c & number_mask) + ((c & expires) != 0 ? "'" : "");
  return s;
}

// The program that a path has chosen, if it was to choose.
program chosen(program p, const std::vector<unsigned>& path) {
  if (p.any == 0) return p;
  std::vector<std::vector<operation>> threads(p.threads.size());
  for (const unsigned c : path) {
    const unsigned t = c & number_mask;
    if ((c & chooses) != 0) threads[t].push_back(p.threads[t][c >> operation_shift]);
  }
  p.threads = std::move(threads);
  p.any = 0;
  return p;
}

// How many states are few; and how often each step is tried then, and else.
constexpr std::uint64_t few = 50'000;
constexpr unsigned many_trials = 12;

// Depth first; what it has seen once it passes by, also for another program of the same threads and objects.
class search {
 public:
  explicit search(const bounds& b) : bounds_(b) {
    seen_.clear();
    memories_.clear();
    the_monitor.clear();
    known_.begin(b.trials);
    the_machine.fine = b.fine;
    the_machine.tokens = b.tokens;
    the_machine.pauses = b.pauses;
  }

  // False: something is wrong, or there is too much.
  bool run(const program& p) {
    begin(p);
    path_.clear();
    depth_ = 0;
    descend(hash_of_now());
    while (depth_ != 0) {
      level& l = levels_[depth_ - 1];
      if (l.next == l.all.count) {
        --depth_;
        if (!path_.empty()) path_.pop_back();
        continue;
      }
      path_.push_back(l.all.each[l.next++]);
      const unsigned t = path_.back() & number_mask;
      const bool by_liveness = bounds_.by == stacks_by::liveness;
      l.here.put_back();
      if (by_liveness) known_.is_to_step(t);
      take(path_.back());
      const std::uint64_t led_to = hash_of_now();
      if (by_liveness) known_.check({l.here, t, &take, path_.back()});
      if (const char* const wrong = what_is_wrong(); wrong != nullptr) {
        found_.wrong = std::string(wrong) + "\n  " + text_of(chosen(p, path_)) + text_of_path(path_);
        return false;
      }
      if (seen_.size() >= bounds_.most) return found_.complete = false;
      if (!descend(led_to)) path_.pop_back();
    }
    return true;
  }

  [[nodiscard]] verdict found() const {
    verdict v = found_;
    v.states = seen_.size();
    v.memories = memories_.size();
    return v;
  }
  static void forget() { known_ = liveness(); }
  // What was taken for the same was not: what it has not found may be there.
  [[nodiscard]] bool is_void() const { return known_.has_learned() && found_.wrong.empty() && found_.complete; }

 private:
  struct level {
    snapshot here;
    choices all;
    std::uint8_t next = 0;
  };

  // Early: where it would lie comes from memory meanwhile. If what is alive becomes another, the search is void.
  std::uint64_t hash_of_now() {
    const std::uint64_t h = known_.hash_of_now(bounds_.by);
    seen_.prefetch(h);
    return h;
  }

  bool descend(std::uint64_t led_to) {
    if (!seen_.insert(led_to)) return false;
    if (bounds_.sum_up) sum_up();
    if (is_beyond()) return false;
    if (depth_ == levels_.size()) levels_.emplace_back();
    level& l = levels_[depth_++];
    l.here.take();
    l.all = possible();
    l.next = 0;
    return true;
  }

  // A program without end is left where its numbers would have none.
  static bool is_beyond() {
    if (now->any != any_number) return false;
    for (unsigned i = 0; i < the_machine.objects; ++i) {
      if (the_segment.cells[i].recursion.value > most_recursion) return true;
    }
    return false;
  }
  void sum_up() {
    const std::uint64_t h = hash_of_memory(the_monitor.hash_of(the_machine.all.monitor)).value();
    if (memories_.insert(h)) found_.sum += h;
  }

  static void take(unsigned choice) {
    thread& t = the_machine.all.threads[choice & number_mask];
    if ((choice & chooses) != 0) {
      t.does = static_cast<std::uint8_t>(choice >> operation_shift);
      if (!is_free(t)) begin_with(t.does, choice & number_mask);
    }
    if ((choice & expires) != 0) {
      t.late = true;
      t.asleep = false;
    }
    the_machine.running = static_cast<int>(choice & number_mask);
    // What other steps have left below, a call would take up: the same step would not be the same.
    constexpr std::size_t below = 4096;
    std::memset(t.context.top() - below, 0, below);
    t.context.resume();
    // What whoever locks a cell next writes anew: cell.h.
    for (cell& c : the_segment.cells) {
      if ((c.word.value & word::locked) != 0) continue;
      c.held_word = ~word::bits{0};
      c.held_next = ~number{0};
    }
  }

  static const char* what_is_wrong() {
    if (known_.is_unsteady()) return "a step that is done again is another one: of the explorer's own";
    if (the_machine.all.wrong != nullptr) return the_machine.all.wrong;
    if (const char* const broken = broken_invariant(); broken != nullptr) return broken;
    return is_an_end(possible()) ? wrong_end() : nullptr;
  }

  // Kept from one search to the next: what was learned; and what is large.
  inline static liveness known_;
  inline static visited seen_;
  inline static visited memories_;
  inline static std::vector<level> levels_;
  bounds bounds_;
  std::vector<unsigned> path_;
  std::size_t depth_ = 0;
  verdict found_;
};

}  // namespace

void forget_stacks() { search::forget(); }

verdict explore(const program& p, const bounds& b) { return explore(std::vector{p}, b); }

verdict explore(const std::vector<program>& each, const bounds& b) {
  for (const program& p : each) {
    for (const auto& its : p.threads) {
      if (p.any != 0 && its != p.threads.front()) return {.wrong = "threads that choose have different choices"};
    }
  }
  const faults expected;
  bounds with = b;
  for (;;) {
    search s(with);
    for (const program& p : each) {
      if (!s.run(p)) break;
    }
    if (s.is_void()) continue;
    verdict v = s.found();
    // Where there are few steps each is tried often, before what was found counts.
    const bool is_small = with.by == stacks_by::liveness && v.wrong.empty() && v.states < few;
    if (!is_small || with.trials >= many_trials) return v;
    with.trials = many_trials;
  }
}

}  // namespace weir::nt::explorer
