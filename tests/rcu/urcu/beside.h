/* Weir's and the system's liburcu in one program: beside_ours.c and beside_theirs.c. */
#ifndef TESTS_RCU_URCU_BESIDE_H
#define TESTS_RCU_URCU_BESIDE_H

struct library {
  void (*register_thread)(void);
  void (*unregister_thread)(void);
  void (*lock)(void);
  void (*unlock)(void);
  int (*ongoing)(void);
  void (*synchronize)(void);
  int (*calls_back)(void); /* 1: a callback has run */
};

extern const struct library ours;
extern const struct library theirs;

#endif
