#include "tests/support/shim/apple/ports.h"

#include <new>
#include <pthread.h>
#include <sys/mman.h>

namespace weir::shim::apple {
ports& ports::mine() {
  static ports* const all = new ports;
  return *all;
}

// Not held over fork(): the caller's own lock, which is held then, is taken before ours. So a child may find ours taken
// by a thread that it does not have, but not in the middle of a walk.
ports::ports() {
  ::pthread_atfork(nullptr, nullptr, [] {
    new (&mine().lock_) std::mutex;
    mine().rights_.clear();
    mine().arrays_.clear();
  });
}

mach_port_t ports::take(int tid) noexcept {
  const std::lock_guard hold(lock_);
  ++rights_[name_of(tid)];
  return name_of(tid);
}

bool ports::give_back(mach_port_t name) noexcept {
  const std::lock_guard hold(lock_);
  const auto found = rights_.find(name);
  if (found == rights_.end()) return false;
  if (--found->second == 0) rights_.erase(found);
  return true;
}

bool ports::holds(mach_port_t name) noexcept {
  const std::lock_guard hold(lock_);
  return rights_.contains(name);
}

mach_port_t* ports::new_array(std::size_t count) noexcept {
  const std::size_t bytes = count * sizeof(mach_port_t);
  void* const p = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return nullptr;
  const std::lock_guard hold(lock_);
  arrays_[reinterpret_cast<std::uintptr_t>(p)] = bytes;
  return static_cast<mach_port_t*>(p);
}

bool ports::delete_array(std::uintptr_t address, std::size_t bytes) noexcept {
  const std::lock_guard hold(lock_);
  const auto found = arrays_.find(address);
  if (found == arrays_.end() || found->second != bytes) return false;
  arrays_.erase(found);
  return ::munmap(reinterpret_cast<void*>(address), bytes) == 0;  // NOLINT(performance-no-int-to-ptr)
}

held ports::outstanding() noexcept {
  const std::lock_guard hold(lock_);
  held h{0, static_cast<unsigned>(arrays_.size())};
  for (const auto& [name, count] : rights_) h.rights += count;
  return h;
}

}  // namespace weir::shim::apple
