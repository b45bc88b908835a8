// Hazard pointers of ck, one for each thread, by its documented interface: records that threads take and give back.
#pragma once

#include <ck_hp.h>
#include <pthread.h>
#include <stddef.h>

enum {
  bench_ck_most = 8,  // threads at once
  // Objects that a thread collects before it looks: as many as with Weir. Of 128 to 16,384, none was clearly faster for
  // two threads that retire, nor beside a reader; 128 was slower for two.
  bench_ck_threshold = 4096,
};

struct bench_ck_record {
  _Alignas(128) ck_hp_record_t record;
  _Alignas(128) void* pointer;
  int taken;
};

struct bench_ck {
  ck_hp_t domain;
  pthread_mutex_t lock;
  int used;  // records that have ever been taken
  struct bench_ck_record records[bench_ck_most];
};

#define BENCH_CK \
  { .lock = PTHREAD_MUTEX_INITIALIZER }

static inline void bench_ck_prepare(struct bench_ck* ck, void (*reclaim)(void*)) {
  ck_hp_init(&ck->domain, 1, bench_ck_threshold, reclaim);
}

// Null: there are too many threads.
static inline struct bench_ck_record* bench_ck_take(struct bench_ck* ck) {
  pthread_mutex_lock(&ck->lock);
  int i = 0;
  while (i < ck->used && ck->records[i].taken) ++i;
  struct bench_ck_record* const r = i < bench_ck_most ? &ck->records[i] : NULL;
  if (r != NULL) {
    r->taken = 1;
    if (i == ck->used) {
      ck_hp_register(&ck->domain, &r->record, &r->pointer);
      ck->used = i + 1;
    }
  }
  pthread_mutex_unlock(&ck->lock);
  return r;
}

static inline void bench_ck_give(struct bench_ck* ck, struct bench_ck_record* r) {
  pthread_mutex_lock(&ck->lock);
  r->taken = 0;
  pthread_mutex_unlock(&ck->lock);
}

// Reclaims all that was retired. Nobody retires or protects meanwhile.
static inline void bench_ck_barrier(struct bench_ck* ck) {
  for (int i = 0; i < ck->used; ++i) ck_hp_purge(&ck->records[i].record);
}

// Protects what *source points to, and returns it.
static inline void* bench_ck_protect(struct bench_ck_record* r, void* const* source) {
  for (;;) {
    void* const p = ck_pr_load_ptr(source);
    ck_hp_set_fence(&r->record, 0, p);
    if (ck_pr_load_ptr(source) == p) return p;
  }
}

static inline void bench_ck_reset(struct bench_ck_record* r) {
  ck_pr_fence_release();
  ck_hp_set(&r->record, 0, NULL);
}
