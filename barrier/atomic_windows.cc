#include "weir/barrier/atomic_windows.h"

#include <cstddef>
#include <cstdint>
#include <windows.h>

namespace weir::detail {
namespace {

// For all words with the same hash. Who changes a word and then wakes takes the lock after the change: who has looked
// before it is asleep by then, and who looks afterwards sees the change.
struct place {
  SRWLOCK lock = SRWLOCK_INIT;
  CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
};
constexpr std::size_t count = 64;
constinit place places[count];

place& place_of(const void* word) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(word);
  return places[(address >> 6 ^ address >> 3) % count];
}

}  // namespace

void sleep_while(bool (*is_old)(const void* word, const void* old), const void* word, const void* old) noexcept {
  place& p = place_of(word);
  ::AcquireSRWLockExclusive(&p.lock);
  while (is_old(word, old)) ::SleepConditionVariableSRW(&p.changed, &p.lock, INFINITE, 0);
  ::ReleaseSRWLockExclusive(&p.lock);
}

void wake_all_at(const void* word) noexcept {
  place& p = place_of(word);
  ::AcquireSRWLockExclusive(&p.lock);  // nobody is between the look and the sleep
  ::ReleaseSRWLockExclusive(&p.lock);
  ::WakeAllConditionVariable(&p.changed);
}

}  // namespace weir::detail
