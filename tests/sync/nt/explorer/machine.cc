#include "tests/sync/nt/explorer/machine.h"

namespace weir::nt::explorer {

machine the_machine;
alignas(64) segment the_segment;
alignas(64) char stacks[most_threads][stack_bytes];

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
