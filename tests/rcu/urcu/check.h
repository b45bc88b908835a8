// A test harness for C and C++ programs that are compiled against either library: no library of their own.
//
//     static void counts(void) { CHECK(1 + 1 == 2); }
//     int main(void) { RUN(counts); return finish(); }
//
// CHECK() on any thread; a case fails if one of its checks has.
#ifndef TESTS_RCU_URCU_CHECK_H
#define TESTS_RCU_URCU_CHECK_H

#include <stdio.h>

static int check_failures, check_passed_cases, check_failed_cases;

#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))
#define RUN(function) check_run(function, #function)

static inline void check_failed(const char* condition, const char* file, int line) {
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
  __atomic_fetch_add(&check_failures, 1, __ATOMIC_RELAXED);
}

static inline void check_run(void (*function)(void), const char* name) {
  const int before = __atomic_load_n(&check_failures, __ATOMIC_RELAXED);
  function();
  if (__atomic_load_n(&check_failures, __ATOMIC_RELAXED) == before) {
    ++check_passed_cases;
  } else {
    ++check_failed_cases;
    fprintf(stderr, "failed: %s\n", name);
  }
}

static inline int finish(void) {
  printf("cases: %d passed, %d failed\n", check_passed_cases, check_failed_cases);
  return check_failed_cases == 0 && check_passed_cases > 0 ? 0 : 1;
}

#endif
