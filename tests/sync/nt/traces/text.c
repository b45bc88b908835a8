#include "tests/sync/nt/traces/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

HANDLE slots[script_slots];

void text_die(const struct text* t, const char* why) {
  fprintf(stderr, "script: %s: %s\n", why, t->line);
  abort();
}

// --- Reading

const char* read_word(struct text* t, size_t* length) {
  while (*t->from == ' ') ++t->from;
  const char* const at = t->from;
  while (*t->from > ' ') ++t->from;
  *length = (size_t)(t->from - at);
  return at;
}

int word_is(const char* at, size_t length, const char* what) {
  return strlen(what) == length && memcmp(at, what, length) == 0;
}

long long read_number(struct text* t) {
  size_t length;
  const char* const at = read_word(t, &length);
  char* end;
  const long long n = strtoll(at, &end, 0);
  if (length == 0 || end != t->from) text_die(t, "no number");
  return n;
}

BOOLEAN read_flag(struct text* t) { return (BOOLEAN)(read_number(t) != 0); }

unsigned read_slot(struct text* t) {
  const long long n = read_number(t);
  if (n < 0 || n >= script_slots) text_die(t, "no slot");
  return (unsigned)n;
}

HANDLE read_handle(struct text* t) {
  size_t length;
  const char* const at = read_word(t, &length);
  if (word_is(at, length, "null")) return NULL;
  if (word_is(at, length, "process")) return NtCurrentProcess();
  if (word_is(at, length, "thread")) return NtCurrentThread();
  if (word_is(at, length, "junk")) return (HANDLE)(ULONG_PTR)0x0deadbec;
  char* end;
  const long n = strtol(at, &end, 10);
  if (length == 0 || n < 0 || n >= script_slots) text_die(t, "no handle");
  const long tag = *end == '+' ? strtol(end + 1, &end, 10) : 0;
  return (HANDLE)((char*)slots[n] + tag);
}

const LARGE_INTEGER* read_time(struct text* t, LARGE_INTEGER* is_at) {
  size_t length;
  const char* const at = read_word(t, &length);
  is_at->QuadPart = 0;
  if (word_is(at, length, "never")) return NULL;
  if (word_is(at, length, "past")) is_at->QuadPart = 1;  // of 1601
  if (word_is(at, length, "soon")) is_at->QuadPart = -10000;
  if (word_is(at, length, "hour")) is_at->QuadPart = -36000000000LL;
  if (is_at->QuadPart == 0 && !word_is(at, length, "now")) text_die(t, "no time");
  return is_at;
}

static int digit(char c) { return c <= '9' ? c - '0' : c - 'A' + 10; }

OBJECT_ATTRIBUTES* read_attributes(struct text* t, struct name* n) {
  size_t length;
  const char* at = read_word(t, &length);
  const int is_none = word_is(at, length, "-");
  size_t size = 0;
  if (length != 0 && *at == '=') {
    ++at;
  } else {
    for (const char* root = "\\BaseNamedObjects\\weir trace "; *root != 0; ++root) n->characters[size++] = (WCHAR)*root;
  }
  for (; at != t->from && size < 79; ++at) {
    if (*at != '%') {
      n->characters[size++] = (WCHAR)*at;
    } else {
      n->characters[size++] = (WCHAR)(16 * digit(at[1]) + digit(at[2]));
      at += 2;
    }
  }
  n->string.Buffer = n->characters;
  n->string.Length = (USHORT)(size * sizeof(WCHAR));
  n->string.MaximumLength = n->string.Length;
  const ULONG flags = (ULONG)read_number(t);
  InitializeObjectAttributes(&n->attributes, is_none ? NULL : &n->string, flags, NULL, NULL);
  return is_none && flags == 0 ? NULL : &n->attributes;
}

// --- Answering

void tell(struct text* t, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int n = vsnprintf(t->to + t->length, sizeof t->to - t->length, format, arguments);
  va_end(arguments);
  if (n < 0 || (size_t)n >= sizeof t->to - t->length) text_die(t, "too long");
  t->length += (size_t)n;
}

void tell_status(struct text* t, NTSTATUS s) { tell(t, "%08lx", (unsigned long)(ULONG)s); }

void tell_previous(struct text* t, NTSTATUS s, LONG previous) {
  tell_status(t, s);
  if (previous == unwritten) {
    tell(t, " -");
  } else {
    tell(t, " %ld", (long)previous);
  }
}

void tell_state(struct text* t, NTSTATUS s, BOOLEAN state) {
  tell_status(t, s);
  tell(t, state == unwritten_state ? " -" : state ? " 1" : " 0");
}

void tell_made(struct text* t, unsigned at, NTSTATUS s, const HANDLE* made) {
  tell_status(t, s);
  if (s >= 0) slots[at] = *made;
}
