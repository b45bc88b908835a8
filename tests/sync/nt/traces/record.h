/* What the two kinds of traces are drawn with. */
#ifndef TESTS_SYNC_NT_TRACES_RECORD_H
#define TESTS_SYNC_NT_TRACES_RECORD_H

#include "tests/sync/nt/traces/script.h"

enum kind { none, event, semaphore, mutant, timer, keyed, thread, kinds };

/* What is in the slots, of which so many are used. */
extern enum kind have[script_slots];
extern unsigned most_slots;

/* From 0 to n - 1. */
unsigned draw(unsigned n);

/* Makes a step, and prints it. Whether its status was no error. */
int say(const char* format, ...) __attribute__((format(printf, 1, 2)));
/* Of the last step. */
extern char answer[script_line];

/* The two kinds: so many calls, or somewhat more. */
void run_one_thread(long calls);
void run_threads(long calls);

#endif
