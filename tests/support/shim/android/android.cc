#include <android/api-level.h>
#include <atomic>
#include <cstdlib>

#include "tests/support/shim/android/control.h"

namespace {

int first_level() noexcept {
  const char* const text = std::getenv("WEIR_SHIM_API_LEVEL");
  return text != nullptr ? std::atoi(text) : 30;
}

std::atomic<int>& level() noexcept {
  static std::atomic<int> value{first_level()};
  return value;
}

}  // namespace

// Relaxed: a number that stands for itself.
int android_get_device_api_level() { return level().load(std::memory_order_relaxed); }

void weir::shim::android::api_level(int l) noexcept { level().store(l, std::memory_order_relaxed); }
