// Threads that block. All handles have all rights, and no object two of them.
#include <stdio.h>
#include <string.h>

#include "tests/sync/nt/traces/record.h"

static int has_mutants[script_threads + 1];  // it may own some, and so waits for none: nobody waits in a circle
static int wants_mutants[script_threads + 1];

// Whoever came back from a wait, by the answer of the step.
static void note_owners(void) {
  for (const char* at = answer; (at = strchr(at, '@')) != NULL; ++at) {
    const int n = at[1] - '0';
    if (wants_mutants[n]) has_mutants[n] = 1;
  }
}

static void step(unsigned n, const char* call) {
  if (n == 0) {
    say("%s", call);
  } else {
    say("@%u %s", n, call);
    if (strncmp(answer, "blocked", 7) != 0 && wants_mutants[n]) has_mutants[n] = 1;
  }
  note_owners();
}

static void release_all(unsigned n) {
  char line[script_line];
  for (unsigned s = 0; s < most_slots; ++s) {
    snprintf(line, sizeof line, "release_mutant %u", s);
    do {
      if (have[s] == mutant) step(n, line);
    } while (have[s] == mutant && answer[0] == '0');
  }
  has_mutants[n] = 0;
}

static void begin_wait(unsigned n) {
  char line[script_line];
  int picked[script_slots] = {0};
  const unsigned count = 1 + draw(3);
  const char* const when = n == 0 ? "now" : "never";
  wants_mutants[n] = 0;
  int length = 0;
  for (unsigned i = 0; i < count; ++i) {
    const unsigned s = draw(most_slots);
    if (picked[s] || (have[s] == mutant && n != 0 && has_mutants[n])) continue;
    picked[s] = 1;
    wants_mutants[n] |= have[s] == mutant;
    if (length == 0) length = snprintf(line, sizeof line, "wait_many %d 0 %s", draw(2) == 0, when);
    length += snprintf(line + length, sizeof line - (size_t)length, " %u", s);
  }
  if (length != 0) step(n, line);
}

static void signal_one(unsigned n) {
  static const char* const verbs[kinds][4] = {
      {0},
      {"set %u", "set %u", "pulse %u", "reset %u"},
      {"release %u 1", "release %u 2", "release %u 3", "query_semaphore %u 0 0"},
      {"release_mutant %u", "query_mutant %u 0 0", "end_with %u", "wait %u 0 now"}};
  char line[script_line];
  const unsigned s = draw(most_slots);
  // Whoever polls a mutant may own it.
  const unsigned verb = have[s] == mutant && n != 0 ? draw(2) : draw(4);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  snprintf(line, sizeof line, verbs[have[s]][verb], s);
#pragma GCC diagnostic pop
  step(n, line);
}

void run_threads(long calls) {
  most_slots = 8;
  for (unsigned s = 0; s < most_slots; ++s) {
    have[s] = s < 4 ? event : s < 6 ? semaphore : mutant;
    if (s < 4) say("event %u 0x10000000 - 0 %d 0", s, s < 3);
    if (s == 4 || s == 5) say("semaphore %u 0x10000000 - 0 0 4", s);
    if (s > 5) say("mutant %u 0x10000000 - 0 %d", s, s == 7);
  }
  for (long i = 0; i < calls; ++i) {
    const unsigned n = draw(script_threads + 2);
    if (n <= script_threads && n != 0 && script_is_busy(n)) continue;
    if (n > script_threads) {
      signal_one(0);
    } else if (n != 0 && draw(3) != 0) {
      begin_wait(n);
    } else if (n == 0 ? draw(8) == 0 : has_mutants[n] && draw(2) == 0) {
      release_all(n);
    } else if (draw(6) == 0) {
      begin_wait(n);
    } else {
      signal_one(n);
    }
  }
  // Everybody comes back: what they wait for is signaled until none is blocked.
  for (int busy = 1; busy;) {
    char line[script_line];
    busy = 0;
    for (unsigned n = 0; n <= script_threads; ++n) {
      if (n == 0 || !script_is_busy(n)) release_all(n);
    }
    for (unsigned s = 0; s < most_slots; ++s) {
      snprintf(line, sizeof line, have[s] == event ? "set %u" : "release %u 1", s);
      if (have[s] != mutant) step(0, line);
    }
    for (unsigned n = 1; n <= script_threads; ++n) busy |= script_is_busy(n);
  }
}
