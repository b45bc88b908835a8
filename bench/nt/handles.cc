// The same through handles, by NT's own calls.
#include <cstdint>

#include "bench/nt/rounds.h"
#include "bench/support/places.h"
#include "weir/sync/nt/ntapi.h"

namespace {

thread_local constinit volatile std::uint64_t sink = 0;  // keeps the sum, and with it the results, alive

HANDLE an_event = nullptr;

HANDLE make_event() {
  HANDLE made = nullptr;
  bench::require(NtCreateEvent(&made, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, FALSE) == STATUS_SUCCESS,
                 "NtCreateEvent()");
  return made;
}

const char* prepare() {
  an_event = make_event();
  return nullptr;
}

BENCH_LOOP(set_wait, sink, {
  sum += static_cast<std::uint64_t>(NtSetEvent(an_event, nullptr));
  sum += static_cast<std::uint64_t>(NtWaitForSingleObject(an_event, FALSE, nullptr));
})

BENCH_LOOP(create_close, sink, sum += static_cast<std::uint64_t>(NtClose(make_event())))

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"set_wait_uncontended", duet_alone, &set_wait, nullptr},
      {"create_close", duet_alone, &create_close, nullptr},
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
