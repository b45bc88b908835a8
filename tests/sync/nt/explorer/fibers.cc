#include "tests/sync/nt/explorer/fibers.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tests/sync/nt/explorer/machine.h"
#include "weir/sync/nt/query.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::explorer {

const program* now;
monitor the_monitor;

monitor::places places() {
  monitor::places at{};
  for (unsigned t = 0; t < most_threads; ++t) at[t] = the_machine.all.threads[t].does;
  return at;
}

namespace {

using namespace weir::nt::detail;

void drop(cell& c) {
  const word::bits w = lock(the_segment, c);
  c.references = 0;
  let_go(the_segment, c, w | word::orphan);
}

// With frames of its own, in which nothing of the monitor's lies: liveness.h tries what lies in them.
__attribute__((noinline)) told perform(record& me, const operation& o) {
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
void clean(record& r, thread& t) {
  t.late = false;
  t.woken = false;
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

__attribute__((noinline)) void note_call(unsigned t) { note(the_monitor.called(the_machine.all.monitor, t), "a call"); }
__attribute__((noinline)) void note_return(unsigned t, told what) {
  note(the_monitor.returned(the_machine.all.monitor, t, what, places()), "an answer that no order explains");
}

// With frames of their own, too: with another value in its place, a trial would write where a pointer to the program
// was.
__attribute__((noinline)) std::uint8_t alternatives(unsigned t) {
  return static_cast<std::uint8_t>(now->threads[t].size());
}
__attribute__((noinline)) std::size_t how_many(unsigned t) { return now->any != 0 ? now->any : alternatives(t); }
__attribute__((noinline)) operation what_it_does(unsigned t, unsigned which) { return now->threads[t][which]; }

// What other calls have left below on the stack says nothing either.
__attribute__((noinline)) void forget_dead_frames() {
  char below[8192];
  std::memset(below, 0, sizeof below);
  asm volatile("" : : "r"(below) : "memory");
}

}  // namespace

void run_program() {
  const auto t = static_cast<unsigned>(the_machine.running);
  thread& me = the_machine.all.threads[t];
  while (me.at < how_many(t)) {
    me.does = now->any != 0 ? 0 : me.at;
    if (now->any != 0) the_machine.stop(needs::choice);
    const operation o = what_it_does(t, me.does);
    if (o.does == verb::see) {
      me.other = o.objects[0];
      the_machine.stop(needs::blocked);
      note(the_monitor.seen_blocked(the_machine.all.monitor, me.other, places()), "a thread sleeps that cannot wait");
    } else {
      if (now->any == 0) the_machine.step();
      me.late = false;
      me.inside = true;
      note_call(t);
      forget_dead_frames();
      note_return(t, perform(the_segment.records[t], o));
      clean(the_segment.records[t], me);
      me.inside = false;
    }
    if (now->any != any_number) ++me.at;
  }
  me.does = alternatives(t);
  for (;;) the_machine.stop(needs::never);
}

}  // namespace weir::nt::explorer
