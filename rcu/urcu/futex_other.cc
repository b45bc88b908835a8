// Any system: a waiter looks again each millisecond, and nobody need wake it.
#include <cerrno>
#include <chrono>
#include <thread>
#include <urcu/futex.h>

int weir_urcu_futex(int32_t* uaddr, int op, int32_t val, const timespec* timeout, int32_t*, int32_t) {
  namespace time = std::chrono;
  if (op == FUTEX_WAKE) return 0;
  if (op != FUTEX_WAIT) {
    errno = ENOSYS;
    return -1;
  }
  const auto begin = time::steady_clock::now();
  const auto at_most = timeout == nullptr ? time::nanoseconds::max()
                                          : time::seconds(timeout->tv_sec) + time::nanoseconds(timeout->tv_nsec);
  for (bool first = true;; first = false) {
    // Relaxed: as futex(2), it orders nothing; callers look again at what they wait for.
    if (__atomic_load_n(uaddr, __ATOMIC_RELAXED) != val) {
      if (!first) return 0;
      errno = EAGAIN;
      return -1;
    }
    if (time::steady_clock::now() - begin >= at_most) {
      errno = ETIMEDOUT;
      return -1;
    }
    std::this_thread::sleep_for(time::milliseconds(1));
  }
}
