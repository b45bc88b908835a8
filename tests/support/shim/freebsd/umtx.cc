// FreeBSD's _umtx_op(2) over futex(2), as far as words are waited on. A word that is another than was said is no error
// there, and whoever waits is woken early by nothing but a signal.
#include "tests/support/shim/freebsd/umtx.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/umtx.h>
#include <unistd.h>

namespace weir::shim::freebsd {
namespace {

// All relaxed: numbers that stand for themselves.
std::array<std::atomic<unsigned>, 2> waits;
std::atomic<unsigned> shared_calls{0};
std::atomic<unsigned> misused{0};

void count(std::atomic<unsigned>& what) noexcept { what.fetch_add(1, std::memory_order_relaxed); }

int fail(int error) noexcept {
  errno = error;
  return -1;
}

int misuse_of_call() noexcept {
  count(misused);
  return fail(EINVAL);
}

int wait(void* object, int scope, u_long value, void* size, void* time) noexcept {
  const timespec* end = nullptr;
  int clock = 0;
  if (time != nullptr) {
    const auto* const t = static_cast<const _umtx_time*>(time);
    if (reinterpret_cast<std::uintptr_t>(size) != sizeof *t || (t->_flags & UMTX_ABSTIME) == 0 ||
        t->_clockid >= waits.size() || t->_timeout.tv_sec < 0) {
      return misuse_of_call();
    }
    count(waits[t->_clockid]);
    end = &t->_timeout;
    clock = t->_clockid == CLOCK_REALTIME ? FUTEX_CLOCK_REALTIME : 0;
  }
  if (const int error = umtx_wait().next(); error != 0) return fail(error);
  const long r = ::syscall(SYS_futex, object, FUTEX_WAIT_BITSET | scope | clock, static_cast<unsigned>(value), end,
                           nullptr, FUTEX_BITSET_MATCH_ANY);
  return r == 0 || errno == EAGAIN ? 0 : -1;
}

int wake(void* object, int scope, u_long most) noexcept {
  if (const int error = umtx_wake().next(); error != 0) return fail(error);
  return ::syscall(SYS_futex, object, FUTEX_WAKE | scope, static_cast<int>(most), nullptr, nullptr, 0) < 0 ? -1 : 0;
}

}  // namespace

refusals& umtx_wait() {
  static auto* const all = new refusals;
  return *all;
}
refusals& umtx_wake() {
  static auto* const all = new refusals;
  return *all;
}
unsigned umtx_waits_by(unsigned clock) noexcept { return waits[clock].load(std::memory_order_relaxed); }
unsigned umtx_shared_calls() noexcept { return shared_calls.load(std::memory_order_relaxed); }
unsigned umtx_misuse() noexcept { return misused.load(std::memory_order_relaxed); }

}  // namespace weir::shim::freebsd

extern "C" int _umtx_op(void* object, int operation, u_long value, void* uaddr, void* uaddr2) {
  using namespace weir::shim::freebsd;
  if (operation == UMTX_OP_WAIT_UINT || operation == UMTX_OP_WAKE) count(shared_calls);
  switch (operation) {
    case UMTX_OP_WAIT_UINT: return wait(object, 0, value, uaddr, uaddr2);
    case UMTX_OP_WAIT_UINT_PRIVATE: return wait(object, FUTEX_PRIVATE_FLAG, value, uaddr, uaddr2);
    case UMTX_OP_WAKE: return wake(object, 0, value);
    case UMTX_OP_WAKE_PRIVATE: return wake(object, FUTEX_PRIVATE_FLAG, value);
    default: return misuse_of_call();
  }
}
