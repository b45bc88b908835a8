#include <mach/mach.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <mach/mach_error.h>
#include <sys/syscall.h>
#include <sys/sysctl.h>
#include <unistd.h>
#include <vector>

#include "tests/support/shim/apple/control.h"
#include "tests/support/shim/apple/directed.h"
#include "tests/support/shim/apple/ports.h"

extern "C" {
#include <mach/thread_state.h>
}

namespace weir::shim::apple {
namespace {

constexpr mach_port_t the_task = 0x103;

int from_environment(const char* name, int otherwise) noexcept {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::atoi(text) : otherwise;
}

// All relaxed: numbers that stand for themselves, or counts that are read when the threads have been joined.
std::atomic<std::size_t> values_of_a_thread{34};
std::atomic<int> asking{0};
std::atomic<unsigned> the_overlaps{0};
std::atomic<unsigned> the_misuse{0};
std::atomic<unsigned> the_stopped{0};

std::atomic<int>& is_translated() noexcept {
  static std::atomic<int> value{from_environment("WEIR_SHIM_TRANSLATED", -1)};
  return value;
}

void count(std::atomic<unsigned>& what) noexcept { what.fetch_add(1, std::memory_order_relaxed); }

int my_tid() noexcept { return static_cast<int>(::syscall(SYS_gettid)); }

std::vector<int> tids() {
  std::vector<int> found;
  DIR* const all = ::opendir("/proc/self/task");
  if (all == nullptr) return found;
  while (const dirent* entry = ::readdir(all)) {  // NOLINT(concurrency-mt-unsafe): a stream of this function's own
    if (entry->d_name[0] != '.') found.push_back(std::atoi(entry->d_name));
  }
  ::closedir(all);
  return found;
}

kern_return_t read_registers(thread_t thread, std::size_t* length, std::uintptr_t* into) {
  if (!ports::mine().holds(thread)) {
    count(the_misuse);
    return KERN_INVALID_ARGUMENT;
  }
  const std::size_t needed = values_of_a_thread.load(std::memory_order_relaxed);
  if (*length < needed) {
    *length = needed;
    return KERN_INSUFFICIENT_BUFFER_SIZE;
  }
  if (thread != ports::name_of(my_tid())) {
    switch (fence_on(ports::tid_of(thread))) {
      case directed::gone: return KERN_TERMINATED;
      case directed::no_memory: return KERN_RESOURCE_SHORTAGE;
      case directed::done: break;
    }
    count(the_stopped);
  }
  std::memset(into, 0x5a, needed * sizeof *into);
  *length = needed;
  return KERN_SUCCESS;
}

}  // namespace

namespace {

refusals* planned_by(const char* variable) {
  auto* const r = new refusals;
  if (const int code = from_environment(variable, 0); code != 0) r->plan(code, refusals::for_ever);
  return r;
}

}  // namespace

refusals& task_threads() {
  static refusals* const all = planned_by("WEIR_SHIM_TASK_THREADS");
  return *all;
}

refusals& registers() {
  static refusals* const all = planned_by("WEIR_SHIM_REGISTERS");
  return *all;
}

refusals& sysctl() {
  static auto* const all = new refusals;
  return *all;
}

void values(std::size_t n) noexcept { values_of_a_thread.store(n, std::memory_order_relaxed); }
void translated(int value) noexcept { is_translated().store(value, std::memory_order_relaxed); }
held outstanding() noexcept { return ports::mine().outstanding(); }
void note_misuse() noexcept { count(the_misuse); }
unsigned misuse() noexcept { return the_misuse.load(std::memory_order_relaxed); }
unsigned overlaps() noexcept { return the_overlaps.load(std::memory_order_relaxed); }
unsigned stopped() noexcept { return the_stopped.load(std::memory_order_relaxed); }

}  // namespace weir::shim::apple

using namespace weir::shim::apple;

mach_port_t mach_task_self() { return the_task; }

mach_port_t mach_thread_self() { return ports::mine().take(my_tid()); }

kern_return_t task_threads(task_t target, thread_act_array_t* list, mach_msg_type_number_t* length) {
  if (target != the_task) {
    count(the_misuse);
    return KERN_INVALID_ARGUMENT;
  }
  if (const int code = weir::shim::apple::task_threads().next(); code != 0) return code;
  const std::vector<int> all = tids();
  *list = ports::mine().new_array(all.size());
  if (*list == nullptr) return KERN_RESOURCE_SHORTAGE;
  for (std::size_t i = 0; i < all.size(); ++i) (*list)[i] = ports::mine().take(all[i]);
  *length = static_cast<mach_msg_type_number_t>(all.size());
  return KERN_SUCCESS;
}

kern_return_t mach_port_deallocate(task_t task, mach_port_t name) {
  if (task == the_task && ports::mine().give_back(name)) return KERN_SUCCESS;
  count(the_misuse);
  return KERN_INVALID_NAME;
}

kern_return_t vm_deallocate(vm_map_t task, vm_address_t address, vm_size_t size) {
  if (task == the_task && ports::mine().delete_array(address, size)) return KERN_SUCCESS;
  count(the_misuse);
  return KERN_INVALID_ARGUMENT;
}

kern_return_t thread_get_register_pointer_values(thread_t thread, uintptr_t* stack_pointer, size_t* length,
                                                 uintptr_t* into) {
  if (asking.fetch_add(1, std::memory_order_relaxed) != 0) count(the_overlaps);
  int code = registers().next();
  if (code == 0) code = read_registers(thread, length, into);
  asking.fetch_sub(1, std::memory_order_relaxed);
  *stack_pointer = 0;
  return code;
}

char* mach_error_string(kern_return_t error) {
  static thread_local char text[32];
  std::snprintf(text, sizeof text, "kernel code %d", error);
  return text;
}

int sysctlbyname(const char* name, void* old, size_t* old_size, void*, size_t) {
  const int refused = sysctl().next();
  const int value = is_translated().load(std::memory_order_relaxed);
  const bool known = std::strcmp(name, "sysctl.proc_translated") == 0 && value >= 0;
  if (refused != 0 || !known || *old_size < sizeof value) {
    errno = refused != 0 ? refused : known ? ENOMEM : ENOENT;
    return -1;
  }
  std::memcpy(old, &value, sizeof value);
  *old_size = sizeof value;
  return 0;
}
