// POSIX threads. pthread_t is a number or a pointer wherever this is built.
#include <csignal>
#include <new>
#include <pthread.h>

#include "weir/rcu/own_thread.h"

namespace weir::rcu::detail {
namespace {

struct start_of_thread {
  void (*run)(void*);
  void* argument;
};

static_assert(sizeof(pthread_t) <= sizeof(std::uintptr_t));
pthread_t as_pthread(std::uintptr_t handle) noexcept { return (pthread_t)handle; }  // NOLINT: either kind of cast

extern "C" void* weir_rcu_thread(void* p) {
  auto* const given = static_cast<start_of_thread*>(p);
  const start_of_thread start = *given;
  delete given;
  start.run(start.argument);
  return nullptr;
}

}  // namespace

bool own_thread::start(void (*run)(void*), void* argument) noexcept {
  auto* const given = new (std::nothrow) start_of_thread{run, argument};
  if (given == nullptr) return false;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // inherited by the thread
  pthread_t made{};
  const bool started = ::pthread_create(&made, nullptr, &weir_rcu_thread, given) == 0;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (started) {
    handle_ = (std::uintptr_t)made;  // NOLINT: either kind of cast
  } else {
    delete given;
  }
  return started;
}

void own_thread::join() noexcept { ::pthread_join(as_pthread(handle_), nullptr); }

bool own_thread::is_this_one() const noexcept { return ::pthread_equal(::pthread_self(), as_pthread(handle_)) != 0; }

}  // namespace weir::rcu::detail
