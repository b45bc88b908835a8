/* The verbs of a script: each is one of NT's calls. */
#ifndef TESTS_SYNC_NT_TRACES_CALLS_H
#define TESTS_SYNC_NT_TRACES_CALLS_H

#include "tests/sync/nt/traces/text.h"

/* Makes the call that is there to be read, and answers. */
void make_call(struct text* t);

/* Which APCs have run: their numbers, in their order. One thread at a time. */
struct ran {
  unsigned numbers[64];
  unsigned count;
};
extern struct ran ran;

#endif
