// Two threads hand a ball over by two auto events, through handles: NT's calls, without NT.
//
//     nt_pingpong [seconds]
//
// prints how many hand-overs there were in a second. The ball is plain memory, which the events alone put into order;
// that each player found it as the other one had left it, that no hand-over was lost and that no event is left signaled
// is checked, and anything else would be told.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "weir/sync/nt/ntapi.h"

namespace {

using stopwatch = std::chrono::steady_clock;

struct table {
  HANDLE turn[2] = {};  // auto events: the ball is this player's
  std::uint64_t handed_over = 0;
  bool over = false;
  stopwatch::time_point until;  // when the first player puts the ball down
};

struct player {
  table* at;
  unsigned side;
  std::uint64_t strokes = 0;
  bool right = true;
};

// Until the ball has been put down. False: something went wrong.
bool play(player& me) {
  table& t = *me.at;
  LARGE_INTEGER patience;
  patience.QuadPart = -600'000'000;  // a minute from now, in units of 100 ns: a wake that does not come is told
  for (;;) {
    if (NtWaitForSingleObject(t.turn[me.side], FALSE, &patience) != STATUS_WAIT_0) return false;
    if (t.over) return true;
    if (t.handed_over % 2 != me.side) return false;  // it is not our turn
    ++t.handed_over;
    ++me.strokes;
    // The clock is looked at only now and then, to measure the events and not the clock.
    t.over = me.side == 0 && me.strokes % 256 == 0 && stopwatch::now() >= t.until;
    const bool last = t.over;  // from the next line on the ball is the other's
    if (NtSetEvent(t.turn[1 - me.side], nullptr) != STATUS_SUCCESS) return false;
    if (last) return true;
  }
}

NTSTATUS NTAPI start(PVOID argument) {
  player& me = *static_cast<player*>(argument);
  me.right = play(me);
  return STATUS_SUCCESS;
}

bool is_unsignaled(HANDLE event) {
  EVENT_BASIC_INFORMATION now;
  return NtQueryEvent(event, EventBasicInformation, &now, sizeof now, nullptr) == STATUS_SUCCESS && now.EventState == 0;
}

// The first player is this thread; the other one is waited for by its handle.
bool match(table& t, player& first, player& second) {
  HANDLE thread = nullptr;
  if (NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, nullptr, NtCurrentProcess(), start, &second, 0, 0, 0, 0, nullptr) !=
      STATUS_SUCCESS) {
    return false;
  }
  first.right = play(first);
  const bool ended = NtWaitForSingleObject(thread, FALSE, nullptr) == STATUS_WAIT_0;
  return NtClose(thread) == STATUS_SUCCESS && ended && first.right && second.right &&
         first.strokes + second.strokes == t.handed_over && first.strokes == second.strokes + 1 &&
         is_unsignaled(t.turn[0]) && is_unsignaled(t.turn[1]);
}

}  // namespace

int main(int argc, char** argv) {
  const std::chrono::duration<double> seconds(argc > 1 ? std::atof(argv[1]) : 1);
  table t;
  for (HANDLE& event : t.turn) {
    const bool signaled = &event == &t.turn[0];  // who begins
    if (NtCreateEvent(&event, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, signaled) != STATUS_SUCCESS) return 1;
  }
  player first{.at = &t, .side = 0};
  player second{.at = &t, .side = 1};
  const stopwatch::time_point begin = stopwatch::now();
  t.until = begin + std::chrono::duration_cast<stopwatch::duration>(seconds);
  const bool right = match(t, first, second);
  const std::chrono::duration<double> lasted = stopwatch::now() - begin;
  for (const HANDLE event : t.turn) NtClose(event);

  std::printf("nt_pingpong: %.0f hand-overs a second, %.0f ns each; %s\n",
              static_cast<double>(t.handed_over) / lasted.count(),
              1e9 * lasted.count() / static_cast<double>(t.handed_over),
              right ? "none was lost" : "SOME WERE LOST, OR OUT OF TURN");
  std::printf("cases: %d passed, %d failed\n", right ? 1 : 0, right ? 0 : 1);
  return right ? 0 : 1;
}
