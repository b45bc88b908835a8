// One thread: calls that do not block.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sync/nt/traces/record.h"

static int may_all[script_slots];  // its handle was made with GENERIC_ALL
static int is_for_all;             // what rights() has drawn
static int has_name[script_slots];
static int is_with_name;  // what name() has drawn
static int closed = -1;   // its handle was closed by the last call: nobody else has the number yet
static int is_alerted;    // by its number

// --- What calls are made of

static const char* rights(void) {
  static const char* const some[] = {"0x100000", "0x1",        "0x2",        "0x100001",   "0x100002",
                                     "0x100003", "0x80000000", "0x40000000", "0x20000000", "0x20000"};
  is_for_all = draw(3) != 0;
  return is_for_all ? "0x10000000" : some[draw(sizeof some / sizeof some[0])];
}
// Wine has waits for keyed events, which are always there.
static const char* keyed_rights(void) {
  static const char* const some[] = {"0x1", "0x2", "0x3", "0x80000000", "0x40000000", "0x10000000"};
  return some[draw(6)];
}

// Names come again, in another case; some are not allowed, or nowhere.
static const char* name(void) {
  static const char* const some[] = {"a", "A", "b", "%E9", "%C9", "=x", "=\\nowhere\\x", "=\\BaseNamedObjects\\no\\x"};
  is_with_name = draw(3) == 0;
  if (!is_with_name) return "-";
  return some[draw(5) != 0 ? draw(5) : draw(8)];
}
static const char* attributes(const char* of) {
  static const char* const some[] = {"0", "0x40", "0x80", "0xc0"};
  return strcmp(of, "-") == 0 ? "0" : some[draw(4)];
}

static unsigned find(enum kind what) {
  for (unsigned tries = 0; tries < 40; ++tries) {
    const unsigned s = draw(most_slots);
    if (have[s] == what) return s;
  }
  return draw(most_slots);
}

// As a rule one of the kind; else any, or none.
static const char* handle_of(enum kind what) {
  static char texts[8][16];
  static unsigned next;
  char* const text = texts[next++ % 8];
  const unsigned dice = draw(40);
  if (closed >= 0 && dice < 20) {
    snprintf(text, 16, "%d", closed);
  } else if (dice >= 4) {
    unsigned s = find(what);
    if (dice == 4) s = draw(most_slots);
    if (have[s] == none) return "null";
    snprintf(text, 16, dice == 5 ? "%u+%u" : "%u", s, 1 + draw(3));
  } else {
    return dice == 0 ? "null" : dice == 1 ? "junk" : dice == 2 ? "thread" : "process";
  }
  return text;
}
static const char* waitable(void) {
  const unsigned dice = draw(8);
  // A process is not waited for: on Wine it has an end that others see.
  const char* const h = handle_of(dice < 3 ? event : dice < 5 ? semaphore : dice < 7 ? mutant : timer);
  return strcmp(h, "process") == 0 || strcmp(h, "thread") == 0 ? "null" : h;
}
static const char* time_out(void) {
  static const char* const some[] = {"now", "now", "now", "past", "soon"};
  return some[draw(5)];
}

// An empty slot. Where there is none, one is closed.
static unsigned room(void) {
  unsigned s = draw(most_slots);
  for (unsigned i = 0; i < most_slots && have[s] != none; ++i) s = (s + 1) % most_slots;
  if (have[s] != none) {
    have[s] = none;
    say("close %u", s);
  }
  return s;
}

static void keep(unsigned at, enum kind what, int done) {
  if (!done) return;
  have[at] = what;
  may_all[at] = is_for_all;
  has_name[at] = is_with_name;
}

// --- Calls

static void create(void) {
  const char* const of = name();
  const char* const flags = attributes(of);
  const unsigned at = room();
  switch (draw(10)) {
    case 0:
    case 1:
    case 2:
      keep(at, event, say("event %u %s %s %s %u %u", at, rights(), of, flags, draw(30) == 0 ? 2 : draw(2), draw(2)));
      break;
    case 3:
    case 4: {
      const int limit = (int)draw(5);
      const int count = draw(12) == 0 ? (int)draw(7) - 1 : (int)draw(3);
      const char* const big = draw(10) == 0 ? "0x7fffffff" : NULL;
      if (big != NULL) {
        keep(at, semaphore, say("semaphore %u %s %s %s %d %s", at, rights(), of, flags, count, big));
      } else {
        keep(at, semaphore, say("semaphore %u %s %s %s %d %d", at, rights(), of, flags, count, limit));
      }
      break;
    }
    case 5:
    case 6: keep(at, mutant, say("mutant %u %s %s %s %u", at, rights(), of, flags, draw(2))); break;
    case 7: keep(at, timer, say("timer %u %s %s %s %u", at, rights(), of, flags, draw(30) == 0 ? 2 : draw(2))); break;
    case 8: keep(at, keyed, say("keyed %u %s %s %s", at, keyed_rights(), of, flags)); break;
    default: keep(at, thread, say("ended_thread %u %s", at, draw(2) == 0 ? "0x100000" : "0x20000")); break;
  }
}

static void open_one(void) {
  static const char* const verbs[kinds] = {"",           "open_event", "open_semaphore", "open_mutant",
                                           "open_timer", "open_keyed"};
  const enum kind what = (enum kind)(1 + draw(5));
  const char* of = name();
  if (strcmp(of, "-") == 0) of = "a";
  is_with_name = 1;
  const unsigned at = room();
  keep(at, what,
       say("%s %u %s %s %s", verbs[what], at, what == keyed ? keyed_rights() : rights(), of,
           draw(2) == 0 ? "0" : "0x40"));
}

static void duplicate(void) {
  const char* h = draw(6) == 0 ? handle_of(thread) : waitable();
  if (strcmp(h, "process") == 0) h = "thread";
  const unsigned at = room();
  if (h[0] >= '0' && h[0] <= '9' && (have[atoi(h)] == none || have[atoi(h)] == keyed))
    h = "null";  // it was closed to make room
  const int is_slot = h[0] >= '0' && h[0] <= '9';
  const int same = draw(2) == 0;
  const char* const wanted = rights();
  is_with_name = is_slot && has_name[atoi(h)];
  if (same) is_for_all = is_slot && may_all[atoi(h)];
  keep(at, is_slot ? have[atoi(h)] : thread, say("duplicate %u %s %s %d", at, h, wanted, same ? 2 : 0));
}

static void close_one(void) {
  const unsigned s = draw(most_slots);
  if (have[s] == none) return;
  have[s] = none;
  say("close %u", s);
  closed = (int)s;
}

static void query(void) {
  static const char* const verbs[] = {"query_event", "query_semaphore", "query_mutant", "query_timer"};
  const unsigned of = draw(4);
  const char* const h = handle_of(draw(10) == 0 ? event : (enum kind)(event + (int)of));
  // Wine is content with more than a timer's.
  const int more = draw(12) == 0 ? (int)draw(of == 3 ? 5 : 9) - 4 : 0;
  say("%s %s %d %d", verbs[of], h, draw(12) == 0 ? 1 : 0, more);
}

static void signal(void) {
  switch (draw(12)) {
    case 0:
    case 1:
    case 2: say("set %s", handle_of(event)); break;
    case 3: say("reset %s", handle_of(event)); break;
    case 4: say("pulse %s", handle_of(event)); break;
    case 5: say("clear %s", handle_of(event)); break;
    case 6:
    case 7:
    case 8:
      say("release %s %s", handle_of(semaphore),
          draw(8) == 0    ? "0xffffffff"
          : draw(20) == 0 ? "0"
          : draw(4) == 0  ? "3"
                          : "1");
      break;
    default: say("release_mutant %s", handle_of(mutant)); break;
  }
}

// Two handles of a wait for all that are of one object: Windows refuses that, and Wine takes twice.
static int is_taken_twice(char many[][16], unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    for (unsigned j = 0; j < i; ++j) {
      const int both = many[i][0] >= '0' && many[i][0] <= '9' && many[j][0] >= '0' && many[j][0] <= '9';
      if (both && script_is_same((unsigned)atoi(many[i]), (unsigned)atoi(many[j]))) return 1;
    }
  }
  return 0;
}

static void wait_many(const char* by, const char* when) {
  char many[8][16];
  char line[script_line];
  const unsigned all = draw(3) == 0 ? 0 : 1;
  const unsigned count = 1 + draw(4);
  for (unsigned i = 0; i < count; ++i) snprintf(many[i], sizeof many[i], "%s", waitable());
  if (all == 0 && is_taken_twice(many, count)) return;
  int n = snprintf(line, sizeof line, "%swait_many %u %u %s", by, all, draw(4) == 0, when != NULL ? when : time_out());
  for (unsigned i = 0; i < count; ++i) n += snprintf(line + n, sizeof line - (size_t)n, " %s", many[i]);
  say("%s", line);
}

static void wait_oddly(void) {
  switch (draw(6)) {
    case 0: say("wait_many 1 0 now"); break;
    case 1: say("wait_many 1 0 now thread*65"); break;
    case 2: {
      const unsigned s = find(semaphore);
      if (have[s] != none) say("wait_many 1 0 now %u*64", s);
      break;
    }
    case 3: say("wait_many 1 0 now thread"); break;  // 61
    case 4: {                                        // 70: of what is not signaled
      const unsigned s = find(event);
      if (have[s] == event && say("reset %u", s)) say("wait_many 2 0 now %u", s);
      break;
    }
    default: say("wait thread 0 now"); break;
  }
}

static void wait(void) {
  const unsigned dice = draw(20);
  if (dice < 9) {
    say("wait %s %u %s", waitable(), draw(4) == 0, time_out());
  } else if (dice < 16) {
    wait_many("", NULL);
  } else if (dice < 19) {
    const char* const by = draw(8) == 0 ? handle_of(keyed) : waitable();
    // On Wine a mutant is not released by a handle that may not wait for it.
    const int is_slot = by[0] >= '0' && by[0] <= '9';
    if (is_slot && have[atoi(by)] == mutant && !may_all[atoi(by)]) return;
    // Wine looks at the handle to wait for first; where neither is one, there is nothing to be told apart.
    say("signal_wait %s %s %u %s", by, is_slot ? waitable() : by, draw(4) == 0, time_out());
  } else {
    wait_oddly();
  }
}

static void time_it(void) {
  if (draw(3) == 0) {
    say("cancel %s", handle_of(timer));
    return;
  }
  static const char* const due[] = {"now", "past", "hour"};
  const char* const h = handle_of(timer);
  // On Wine an auto timer that is set again stays signaled. One that may not be waited for may be an auto timer.
  say("wait %s 0 now", h);
  if (strncmp(answer, "c0000022", 8) == 0) return;
  // There an APC that is queued keeps the timer's name, which on Windows goes with the last handle.
  const int is_named = h[0] >= '0' && h[0] <= '9' && has_name[atoi(h)];
  // Nor is a manual one periodic there, which nobody sees within the hour.
  say("set_timer %s %s %d %u", h, due[draw(3)], draw(4) == 0 ? 3600000 : 0,
      draw(3) == 0 && !is_named ? 1 + draw(90) : 0);
}

static void alert(void) {
  switch (draw(7)) {
    case 0:
    case 1: say("apc %s %u", draw(3) == 0 ? handle_of(thread) : "thread", draw(90)); break;
    case 2: say("test_alert"); break;
    case 3: say("delay 1 %s", time_out()); break;
    case 4: say("delay 0 now"); break;
    case 5:
      say("alert_id");
      is_alerted = 1;
      break;
    default:
      say("wait_alert");
      is_alerted = 0;
      break;
  }
}

static void meet(void) {
  switch (draw(3)) {
    case 0: say("keyed_wait %s %u %s", handle_of(keyed), draw(6) == 0, draw(2) == 0 ? "now" : "soon"); break;
    case 1: say("keyed_release %s %u %s", handle_of(keyed), draw(6) == 0, draw(2) == 0 ? "now" : "soon"); break;
    default: {
      const unsigned size = draw(9);
      if (is_alerted) break;  // Wine takes the alert for a wake at the address
      say("wait_address %u %d now", size, size != 0 && draw(2) == 0 ? (int)draw(size + 2) : -1);
    }
  }
}

static void one_call(void) {
  const int was_closed = closed;
  const unsigned dice = draw(100);
  if (closed >= 0 || dice < 25) {  // whoever makes a handle may be given the number of the one that was closed
    signal();
  } else if (dice < 50) {
    wait();
  } else if (dice < 64) {
    query();
  } else if (dice < 76) {
    create();
  } else if (dice < 79) {
    open_one();
  } else if (dice < 83) {
    duplicate();
  } else if (dice < 86) {
    close_one();
  } else if (dice < 91) {
    time_it();
  } else if (dice < 96) {
    alert();
  } else if (dice < 98) {
    meet();
  } else {
    const char* const h = handle_of(mutant);
    if (h[0] >= '0' && h[0] <= '9') say("end_with %s", h);
  }
  if (closed == was_closed) closed = -1;
}

void run_one_thread(long calls) {
  most_slots = 12;
  for (; calls > 0; --calls) one_call();
}
