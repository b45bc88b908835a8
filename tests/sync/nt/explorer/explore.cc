#include "tests/sync/nt/explorer/explore.h"

#include <cstddef>
#include <cstring>
#include <vector>

#include "tests/sync/nt/explorer/machine.h"
#include "tests/sync/nt/explorer/monitor.h"
#include "tests/sync/nt/explorer/states.h"
#include "tests/sync/nt/explorer/visited.h"
#include "weir/sync/nt/query.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::explorer {
namespace {

using namespace weir::nt::detail;

const program* now;
monitor the_monitor;

monitor::places places() {
  monitor::places at{};
  for (unsigned t = 0; t < the_machine.threads; ++t) at[t] = the_machine.all.threads[t].at;
  return at;
}

// --- In the fibers ---------------------------------------------------------------------------------------------------

kind kind_for(what k) {
  switch (k) {
    case what::auto_event: return kind::auto_event;
    case what::manual_event: return kind::manual_event;
    case what::semaphore: return kind::semaphore;
    case what::mutant: break;
  }
  return kind::mutant;
}

void drop(cell& c) {
  const word::bits w = lock(the_segment, c);
  c.references = 0;
  let_go(the_segment, c, w | word::orphan);
}

told perform(record& me, const operation& o) {
  segment& seg = the_segment;
  cell& x = seg.cells[o.objects[0]];
  const auto nothing = [] {};
  switch (o.does) {
    case verb::set: return told_by(status::success, set_event(seg, x));
    case verb::reset: return told_by(status::success, reset_event(seg, x));
    case verb::pulse: return told_by(status::success, pulse_event(seg, x));
    case verb::release: {
      const answer a = release_semaphore(seg, x, o.many);
      return told_by(a.result, a.previous);
    }
    case verb::release_mutant: {
      const answer a = release_mutant(seg, me, x);
      return told_by(a.result, a.previous);
    }
    case verb::query: {
      if (now->kinds[o.objects[0]] != what::mutant) return told_by(status::success, query_value<segment>(x));
      const mutant_state m = query_mutant(seg, &me, x);
      return told_by(static_cast<status>(m.owned ? 1 : m.abandoned ? 2 : 0), m.count);
    }
    case verb::end: abandon_all(seg, me); return 0;
    case verb::drop: drop(x); return 0;
    case verb::see: return 0;
    case verb::wait_any:
    case verb::wait_all: break;
  }
  cell* cells[most_objects + 1];
  std::uint32_t size = 0;
  for (; size < o.count; ++size) cells[size] = &seg.cells[o.objects[size]];
  if (o.alert != test::no_alert) cells[size++] = &seg.cells[o.alert];
  const wanted<segment> what{cells, o.count, size, o.does == verb::wait_all};
  const timeout time{o.time};
  return told_by(what.all ? wait_all(seg, me, what, time, nothing) : wait_any(seg, me, what, time, nothing));
}

// What an operation leaves in a record says nothing to the next one: states are the same that differ in it only.
void clean(record& r) {
  bool linked = false;
  for (const auto& n : r.nodes) linked = linked || n.linked != 0;
  if (!linked) {
    std::memset(static_cast<void*>(r.nodes), 0, sizeof r.nodes);
    r.count = 0;
  }
  r.result = 0;
  r.wake_next = 0;
  r.state.value = 0;
}

void note(monitor::number n, const char* wrong) {
  if (n == monitor::none) {
    if (the_machine.all.wrong == nullptr) the_machine.all.wrong = wrong;
  } else {
    the_machine.all.monitor = n;
  }
}

// What other calls have left below on the stack says nothing either.
__attribute__((noinline)) void forget_dead_frames() {
  char below[8192];
  std::memset(below, 0, sizeof below);
  asm volatile("" : : "r"(below) : "memory");
}

void run_program() {
  const auto t = static_cast<unsigned>(the_machine.running);
  thread& me = the_machine.all.threads[t];
  while (me.at < now->threads[t].size()) {
    const operation& o = now->threads[t][me.at];
    if (o.does == verb::see) {
      me.other = o.objects[0];
      the_machine.stop(needs::blocked);
      note(the_monitor.seen_blocked(the_machine.all.monitor, me.other, places()), "a thread sleeps that cannot wait");
    } else {
      the_machine.step();
      me.late = false;
      me.inside = true;
      note(the_monitor.called(the_machine.all.monitor, t), "a call");
      forget_dead_frames();
      const told what = perform(the_segment.records[t], o);
      note(the_monitor.returned(the_machine.all.monitor, t, what, places()), "an answer that no order explains");
      clean(the_segment.records[t]);
      me.inside = false;
      me.late = false;
    }
    ++me.at;
  }
  for (;;) the_machine.stop(needs::never);
}

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
    c.word.value = word::of(kind_for(p.kinds[i]));
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

// A thread's number; with `expires`, its deadline comes.
constexpr int expires = 8;

struct choices {
  std::array<std::uint8_t, std::size_t{2} * most_threads> each;
  std::uint8_t count = 0;
  void add(unsigned c) { each[count++] = static_cast<std::uint8_t>(c); }
};

bool is_blocked(unsigned t) {
  const thread& x = the_machine.all.threads[t];
  return x.need == needs::wake && x.asleep && phase::of(the_segment.records[t].state.value) == phase::pending;
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
      case needs::never: break;
    }
  }
  return c;
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

// --- Depth first -----------------------------------------------------------------------------------------------------

struct level {
  snapshot here;
  choices all;
  std::uint8_t next = 0;
};

std::string text_of_path(const std::vector<int>& path) {
  std::string s = "\n  schedule:";
  for (const int c : path) s += " " + std::to_string(c & 7) + ((c & expires) != 0 ? "'" : "");
  return s;
}

}  // namespace

verdict explore(const program& p, const bounds& b) {
  static visited seen;
  static std::vector<level> levels;
  seen.clear();
  the_machine.fine = b.fine;
  the_machine.tokens = b.tokens;
  the_machine.pauses = b.pauses;
  begin(p);
  verdict v;
  std::vector<int> path;
  std::size_t depth = 0;
  const auto descend = [&] {
    if (!seen.insert(hash::of_now())) return false;
    if (depth == levels.size()) levels.emplace_back();
    level& l = levels[depth++];
    l.here.take();
    l.all = possible();
    l.next = 0;
    return true;
  };
  descend();
  while (depth != 0) {
    level& l = levels[depth - 1];
    if (l.next == l.all.count) {
      --depth;
      if (!path.empty()) path.pop_back();
      continue;
    }
    const int choice = l.all.each[l.next++];
    l.here.put_back();
    thread& t = the_machine.all.threads[choice & 7];
    if ((choice & expires) != 0) {
      t.late = true;
      t.asleep = false;
    }
    path.push_back(choice);
    the_machine.running = choice & 7;
    t.context.resume();
    const char* wrong = the_machine.all.wrong;
    if (wrong == nullptr) wrong = broken_invariant();
    if (wrong == nullptr && possible().count == 0) wrong = wrong_end();
    if (wrong != nullptr) {
      v.wrong = std::string(wrong) + "\n  " + text_of(p) + text_of_path(path);
      break;
    }
    if (seen.size() >= b.most) {
      v.complete = false;
      break;
    }
    if (!descend()) path.pop_back();
  }
  v.states = seen.size();
  return v;
}

}  // namespace weir::nt::explorer
