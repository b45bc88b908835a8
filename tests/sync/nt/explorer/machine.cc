#include "tests/sync/nt/explorer/machine.h"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace weir::nt::explorer {
namespace {

// Nothing can be reached behind it: 2^32 of the largest that numbers are of.
constexpr std::size_t nothing = std::size_t{1} << 40;
static_assert(sizeof(cell) <= nothing >> 32 && sizeof(record) <= nothing >> 32);

const struct mapping {
  mapping() {
    constexpr int how = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
    void* const at = &stacks;
    if (::mmap(at, nothing, PROT_NONE, how, -1, 0) != at || ::mprotect(at, home_bytes, PROT_READ | PROT_WRITE) != 0) {
      std::fputs("explorer: its addresses are not to be had\n", stderr);
      std::abort();
    }
    ::new (static_cast<void*>(&the_machine)) machine;
  }
} mapped;

}  // namespace

bool parker::prepare() noexcept {
  the_machine.all.threads[whose].woken = false;
  return true;
}

bool parker::park(word_of<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept {
  the_machine.step();
  thread& t = the_machine.all.threads[whose];
  if (the_machine.tokens ? t.consume() : word.value != expected) return true;
  if (until.comes && t.late) return false;
  t.asleep = true;
  t.timed = until.comes;
  the_machine.stop(needs::wake);
  t.asleep = false;
  t.timed = false;
  return t.consume() || !(until.comes && t.late);
}

void parker::unpark(word_of<std::uint32_t>&) noexcept {
  the_machine.step();
  thread& t = the_machine.all.threads[whose];
  t.asleep = false;
  if (!the_machine.tokens) return;
  if (t.token) the_machine.all.wrong = "a thread is woken twice for one change of its word";
  t.token = true;
}

void parker::finish(bool unparked) noexcept {
  if (!the_machine.tokens) return;
  thread& t = the_machine.all.threads[whose];
  if (unparked && !t.woken && !t.consume()) {
    t.asleep = true;
    the_machine.stop(needs::wake);
    t.consume();
  }
  t.woken = false;
  if (t.token) the_machine.all.wrong = "a wake is left over from a wait that is over";
}

void segment::ended(cell& c) noexcept { ++ends[c.self - 1]; }

}  // namespace weir::nt::explorer
