// A mutex for objects of static storage: constant-initialized, so that it is there before any constructor. Internal.
//
// std::mutex is that where its constructor is constexpr as the standard wants it; GCC's for Windows is not.
#pragma once

#include <mutex>

#include "weir/barrier/port.h"

namespace weir::detail {

#if WEIR_MUTEX_IS_CONSTANT
using static_mutex = std::mutex;
#else
class static_mutex {
 public:
  void lock() noexcept;
  [[nodiscard]] bool try_lock() noexcept;
  void unlock() noexcept;

 private:
  void* word_ = nullptr;  // an SRWLOCK: static_mutex_windows.cc
};
#endif

}  // namespace weir::detail
