/* One call as text: read word by word, and answered. What is not as it should be ends the program. */
#ifndef TESTS_SYNC_NT_TRACES_TEXT_H
#define TESTS_SYNC_NT_TRACES_TEXT_H

#include <stddef.h>

#include "tests/sync/nt/api/ntdll.h"
#include "tests/sync/nt/traces/script.h"

struct text {
  char line[script_line];
  const char* from; /* what is left of it */
  char to[script_line];
  size_t length;
};

extern HANDLE slots[script_slots];

void text_die(const struct text* t, const char* why);

/* Empty: there is none. */
const char* read_word(struct text* t, size_t* length);
int word_is(const char* at, size_t length, const char* what);
long long read_number(struct text* t);
BOOLEAN read_flag(struct text* t);
unsigned read_slot(struct text* t);
/* Of a slot, with bits to be ignored ("3+1"); or what is none. */
HANDLE read_handle(struct text* t);
/* "never" is null. */
const LARGE_INTEGER* read_time(struct text* t, LARGE_INTEGER* is_at);

/* A name in the directory for all, with %E9 for a character; "=" and a path as it is; "-": none. Then the attributes.
 */
struct name {
  WCHAR characters[80];
  UNICODE_STRING string;
  OBJECT_ATTRIBUTES attributes;
};
OBJECT_ATTRIBUTES* read_attributes(struct text* t, struct name* n);

void tell(struct text* t, const char* format, ...) __attribute__((format(printf, 2, 3)));
void tell_status(struct text* t, NTSTATUS s);
/* "-": it was not written, and is what it was before the call. */
enum { unwritten = 0x5eed, unwritten_state = 77 };
void tell_previous(struct text* t, NTSTATUS s, LONG previous);
void tell_state(struct text* t, NTSTATUS s, BOOLEAN state);
/* Into a slot, which stays as it is if nothing was made. */
void tell_made(struct text* t, unsigned at, NTSTATUS s, const HANDLE* made);

#endif
