// A loop of a dozen instructions can cost a quarter more or less by where it lies in its line of the instruction cache,
// which says nothing of what is in the loop. So each loop is there four times, in four places 16 bytes apart, and a
// sample runs a quarter of its operations in each. BUILD sees to it that loops begin at a multiple of 16.
#pragma once

// At the beginning of a function that is aligned to 64 bytes: moves all that follows by 0, 16, 32 or 48 bytes more.
#define BENCH_PLACE_0 __asm__ volatile(".balign 64")
#define BENCH_PLACE_1 __asm__ volatile(".balign 64\n\tnop\n\t.balign 16")
#define BENCH_PLACE_2 __asm__ volatile(".balign 64\n\tnop\n\t.balign 16\n\tnop\n\t.balign 16")
#define BENCH_PLACE_3 __asm__ volatile(".balign 64\n\tnop\n\t.balign 16\n\tnop\n\t.balign 16\n\tnop\n\t.balign 16")

// NOLINTBEGIN(bugprone-macro-parentheses): statements
#define BENCH_IN_ONE_PLACE(NAME, N, SINK, BEFORE, STEP)                                      \
  __attribute__((noinline, aligned(64))) static void NAME##_##N(uint64_t bench_operations) { \
    BENCH_PLACE_##N;                                                                         \
    uint64_t sum = 0;                                                                        \
    BEFORE;                                                                                  \
    for (uint64_t bench_i = 0; bench_i < bench_operations; ++bench_i) {                      \
      STEP;                                                                                  \
    }                                                                                        \
    SINK = sum;                                                                              \
  }
// NOLINTEND(bugprone-macro-parentheses)

// Defines NAME_places: four functions that do BEFORE once, and STEP so often as they are told, NAME_0 to NAME_3 in a
// disassembly. STEP adds to `sum`, which ends up in SINK.
#define BENCH_PLACES_AFTER(NAME, SINK, BEFORE, STEP) \
  BENCH_IN_ONE_PLACE(NAME, 0, SINK, BEFORE, STEP)    \
  BENCH_IN_ONE_PLACE(NAME, 1, SINK, BEFORE, STEP)    \
  BENCH_IN_ONE_PLACE(NAME, 2, SINK, BEFORE, STEP)    \
  BENCH_IN_ONE_PLACE(NAME, 3, SINK, BEFORE, STEP)    \
  static void (*const NAME##_places[])(uint64_t) = {&NAME##_0, &NAME##_1, &NAME##_2, &NAME##_3};

// And NAME(operations), which does a quarter of them in each.
#define BENCH_LOOP_AFTER(NAME, SINK, BEFORE, STEP)                    \
  BENCH_PLACES_AFTER(NAME, SINK, BEFORE, STEP)                        \
  static void NAME(uint64_t operations) {                             \
    for (int i = 0; i < 4; ++i) NAME##_places[i](operations / 4 + 1); \
  }

// The same without anything before.
#define BENCH_PLACES(NAME, SINK, STEP) BENCH_PLACES_AFTER(NAME, SINK, , STEP)
#define BENCH_LOOP(NAME, SINK, STEP) BENCH_LOOP_AFTER(NAME, SINK, , STEP)
