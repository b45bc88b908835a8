#include <errno.h>
#include <mach/mach.h>
#include <pthread.h>

#include "bench/support/cpu.h"
#include "bench/support/measure.h"

void bench_pin(int cpu) {
  (void)cpu;
  const int error = pthread_set_qos_class_self_np(QOS_CLASS_USER_INTERACTIVE, 0);
  if (error != 0) bench_die("asking for a fast CPU", error);
}

void bench_unpin(void) {}

static uint64_t nanoseconds(time_value_t t) {
  return (uint64_t)t.seconds * 1000000000u + (uint64_t)t.microseconds * 1000u;
}

uint64_t bench_cpu_of(pthread_t thread) {
  thread_basic_info_data_t info;
  mach_msg_type_number_t words = THREAD_BASIC_INFO_COUNT;
  if (thread_info(pthread_mach_thread_np(thread), THREAD_BASIC_INFO, (thread_info_t)&info, &words) != KERN_SUCCESS) {
    bench_die("the CPU time of a thread", EINVAL);
  }
  return nanoseconds(info.user_time) + nanoseconds(info.system_time);
}

// No hypervisor's business is told there.
double bench_stolen(const struct bench_setting* setting) {
  (void)setting;
  return -1;
}

double bench_others(int ours) {
  (void)ours;
  return 0;
}

double bench_busy(int* cpus) {
  *cpus = 1;
  return -1;
}
