// Readers that take no lock and execute no fence, and a writer that replaces what they read: what every example of how
// to depend on Weir builds and runs.
//
// A page is whole when all its numbers are equal. Readers look at the current page; the writer fills the spare one,
// makes it current, waits until nobody can still be looking at the old one, and that is the spare one of the next turn.
//
// Why it is right. `steps` of a seat is odd while its reader visits. After its heavy() the writer reads `steps`, and if
// that is odd waits until it is another value. Take any visit of this reader.
//
// - The first read shows the visit's beginning, or something later: the visit is over when the wait is (the reader's
//   release, the writer's acquire).
// - It shows something earlier, although it came after heavy(). Then the visit's light() was not before that heavy(),
//   or what the reader had stored would be known. So, by the contract, it was after: the reader knows that the page was
//   replaced, and gets the new one, or a newer.
//
// No third case: nobody reads the old page. Its plain numbers are ordered by acquire and release alone, which
// ThreadSanitizer understands; light() and heavy() add what these cannot, the reader's store before its load.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <iterator>
#include <thread>

#include "weir/barrier/barrier.h"

namespace {

constexpr int readers = 2;
constexpr int turns = 100;        // at least,
constexpr unsigned looks = 1000;  // and until each reader has looked so often

using page = std::array<long, 512>;
page pages[2]{};
std::atomic<const page*> current{&pages[0]};
std::atomic<bool> over{false};

struct alignas(128) seat {  // a line for each reader
  std::atomic<unsigned> steps{0};
  long whole = 0;
  long torn = 0;
};
seat seats[readers];

void look(seat& mine) {
  const unsigned step = mine.steps.load(std::memory_order_relaxed);  // written by this thread only
  // Release, not for light(): whoever waits for the visit before this one may read this value instead of its end.
  mine.steps.store(step + 1, std::memory_order_release);
  weir::barrier::light();
  // Acquire: what the writer wrote on the page. Pairs with the release in turn().
  const page& p = *current.load(std::memory_order_acquire);
  const bool whole = std::all_of(p.begin(), p.end(), [&](long number) { return number == p.front(); });
  ++(whole ? mine.whole : mine.torn);
  // Release: the page has been read. Pairs with the acquire in wait_for().
  mine.steps.store(step + 2, std::memory_order_release);
}

void wait_for(const seat& reader) {
  const unsigned step = reader.steps.load(std::memory_order_acquire);
  if (step % 2 == 0) return;
  while (reader.steps.load(std::memory_order_acquire) == step) std::this_thread::yield();
}

void turn(int number) {
  page& spare = pages[number % 2];
  spare.fill(number);
  current.store(&spare, std::memory_order_release);
  weir::barrier::heavy();
  for (const seat& reader : seats) wait_for(reader);
}

bool have_looked() {
  return std::all_of(std::begin(seats), std::end(seats), [](const seat& reader) {
    return reader.steps.load(std::memory_order_relaxed) / 2 >= looks;  // a count
  });
}

}  // namespace

int main() {
  std::thread threads[readers];
  for (int i = 0; i < readers; ++i) {
    threads[i] = std::thread([&mine = seats[i]] {
      do look(mine);
      while (!over.load(std::memory_order_relaxed));  // only ends the loop
    });
  }
  int number = 0;
  while (number < turns || !have_looked()) turn(++number);
  over.store(true, std::memory_order_relaxed);
  for (std::thread& t : threads) t.join();

  long whole = 0;
  long torn = 0;
  for (const seat& reader : seats) {
    whole += reader.whole;
    torn += reader.torn;
  }
  std::printf("reader: %s; %d pages, %ld looks, %ld torn\n", weir::barrier::describe(), number, whole + torn, torn);
  std::printf("cases: %d passed, %d failed\n", torn == 0 ? 1 : 0, torn == 0 ? 0 : 1);
  return torn == 0 ? 0 : 1;
}
