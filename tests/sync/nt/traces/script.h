/* NT's calls as lines of text: a line is read, the call made, and what it answered is text again. The same source is
 * compiled for the system's own ntdll, on which a program of such lines is recorded once (record.c), and for Weir, on
 * which it is replayed (replay_test.cc). README.md has the language.
 *
 * Not thread-safe: one thread steps. The calls of "@1" to "@3" are made by threads that are started for that.
 */
#ifndef TESTS_SYNC_NT_TRACES_SCRIPT_H
#define TESTS_SYNC_NT_TRACES_SCRIPT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { script_slots = 24, script_threads = 3, script_line = 400 };

/* Makes the call, or gives it to the thread that it is for, which has none to do. */
void script_begin(const char* line);
/* What is known so far of this step: the answer, or "blocked"; of the threads that were blocked before, the answers of
 * those that have come back; and which APCs have run. May be asked again. */
void script_answer(char* to, size_t size);
/* Ends the step: what was answered is forgotten. */
void script_collect(void);

/* Whether the thread (1 to script_threads) is in a call. */
int script_is_busy(unsigned thread);
/* Threads call it first, with their number. May be null. */
extern void (*script_thread_begins)(unsigned thread);

/* Ends the threads, whatever they wait for, and closes all slots. */
void script_close(void);

/* Whether both slots have handles of one object. */
int script_is_same(unsigned one_slot, unsigned other_slot);

#ifdef __cplusplus
}
#endif

#endif
