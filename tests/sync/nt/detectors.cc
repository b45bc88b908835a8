#include "tests/sync/nt/detectors.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <random>

#include "tests/sync/nt/tally.h"
#include "tests/sync/nt/worker.h"
#include "weir/sync/nt/objects.h"

namespace weir::nt::test {
namespace {

using namespace std::chrono_literals;
using park::timeout;
using steady = std::chrono::steady_clock;

const timeout now = timeout::after({});

}  // namespace

// States of (a, b): both, none, b alone, both. So that a is there and b is not, is never so but for the observer's own
// doing: it takes b, and puts it back.
found half_takes(const effort& e) {
  tally t(e);
  event a = event::automatic(true);
  event b = event::automatic(true);
  load others;
  others.add([&] {
    while (!t.is_over()) {
      if (wait_all({&a, &b}, timeout::after(1ms)) != status::wait_0) continue;
      b.set();
      a.set();
    }
  });
  others.add([&] {
    while (!t.is_over()) {
      if (wait_all({&b, &a}, now) != status::wait_0) continue;
      b.set();
      a.set();
    }
  });
  while (t.next_round()) {
    const status s = wait_any({&b, &a}, now);
    if (s == wait_index(0)) b.set();
    if (s == wait_index(1)) {
      t.violation();
      a.set();
    }
  }
  others.join();
  return t.result();
}

found phantoms(const effort& e) {
  tally t(e);
  event always = event::automatic(true);
  semaphore one = semaphore::make(1, 1);
  event never = event::automatic();
  load others;
  others.add([&] {
    while (!t.is_over()) static_cast<void>(wait_all({&always, &one, &never}, now));
  });
  others.add([&] {
    while (!t.is_over()) static_cast<void>(wait_all({&one, &always, &never}, timeout::after(50us)));
  });
  while (t.next_round()) {
    t.check(wait(always, now) == status::wait_0);
    always.set();
    t.check(wait(one, now) == status::wait_0);
    t.check(one.release() == status::success);
  }
  others.join();
  return t.result();
}

found pulses(const effort& e) {
  constexpr std::size_t crowd = 3;
  tally t(e);
  event manual = event::manual();
  event automatic = event::automatic();
  event last = event::manual();
  std::array<std::atomic<std::uint64_t>, crowd> got_manual{};
  std::array<std::atomic<std::uint64_t>, crowd> got_auto{};
  std::deque<worker> workers(crowd);
  for (std::size_t i = 0; i < crowd; ++i) {
    workers[i].begin([&, i] {
      for (;;) {
        const status s = wait_any({&manual, &automatic, &last});
        if (s == wait_index(2)) return;
        // Release: whoever sees that the thread waits again sees the count. Its record says so under a cell's lock.
        (s == wait_index(0) ? got_manual : got_auto)[i].fetch_add(1, std::memory_order_release);
      }
    });
  }
  // Nobody ever sees a signal of a pulse's.
  load noise;
  noise.add([&] {
    while (!t.is_over()) t.check(manual.query() == 0 && automatic.query() == 0);
  });
  std::uint64_t manual_pulses = 0;
  std::uint64_t auto_pulses = 0;
  const auto all_wait = [&] {
    std::size_t n = 0;
    for (const worker& w : workers) n += is_waiting(w) ? 1 : 0;
    return n == crowd;
  };
  while (t.next_round()) {
    if (!weir::test::eventually(all_wait)) stuck();
    const bool is_manual = (manual_pulses + auto_pulses) % 2 == 0;
    (is_manual ? manual : automatic).pulse();
    (is_manual ? manual_pulses : auto_pulses) += 1;
    if (!weir::test::eventually(all_wait)) stuck();
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < crowd; ++i) {
      t.check(got_manual[i].load(std::memory_order_acquire) == manual_pulses);
      sum += got_auto[i].load(std::memory_order_acquire);
    }
    t.check(sum == auto_pulses);
  }
  noise.join();
  last.set();
  for (worker& w : workers) static_cast<void>(w.is_over_eventually());
  return t.result();
}

found order(const effort& e) {
  constexpr std::size_t line = 5;
  tally t(e);
  event gate = event::automatic();
  event other = event::manual(true);
  load noise;
  // Somebody who does not stand in the line must not get through while others do.
  std::atomic<bool> is_full{false};
  noise.add([&] {
    while (!t.is_over()) {
      const bool full = is_full.load(std::memory_order_acquire);
      if (wait(gate, now) != status::wait_0) continue;
      if (full && is_full.load(std::memory_order_acquire)) t.violation();
      gate.set();
    }
  });
  std::deque<worker> workers(line);
  while (t.next_round()) {
    for (std::size_t i = 0; i < line; ++i) {
      workers[i].begin([&, i] {
        static_cast<void>(i % 2 == 0 ? wait_any({&gate, &gate}) : wait_all({&other, &gate}));
      });
      if (!weir::test::eventually([&] { return is_waiting(workers[i]); })) stuck();
    }
    is_full.store(true, std::memory_order_release);
    for (std::size_t i = 0; i < line; ++i) {
      if (i + 1 == line) is_full.store(false, std::memory_order_release);
      gate.set();
      // Who is next is claimed when set() returns; those behind it are not.
      t.check(!is_waiting(workers[i]));
      for (std::size_t behind = i + 1; behind < line; ++behind) t.check(is_waiting(workers[behind]));
    }
    const auto all_are_over = [&] {
      bool over = true;
      for (const worker& w : workers) over = over && w.is_over();
      if (!over && e.until_found) gate.set();  // an engine that is wrong may have let somebody past
      return over;
    };
    if (!weir::test::eventually(all_are_over)) stuck();
    gate.reset();
  }
  noise.join();
  return t.result();
}

found lost_wakes(const effort& e) {
  constexpr auto time = 10ms;
  tally t(e);
  event ball = event::automatic();
  event other = event::automatic();
  event back = event::automatic();
  // When the last set() had returned, in nanoseconds; how many have. The next one comes when this one has been taken.
  std::atomic<std::int64_t> set_at{0};
  std::atomic<std::uint64_t> sets{0};
  const auto since_start = [start = steady::now()] { return (steady::now() - start).count() + 1; };
  load players;
  players.add([&] {
    std::mt19937 random(1);
    while (!t.is_over()) {
      for (auto i = random() % 200; i != 0; --i) port::relax();
      ball.set();
      set_at.store(since_start(), std::memory_order_relaxed);  // before the count, which is a release
      sets.fetch_add(1, std::memory_order_release);
      while (!t.is_over() && wait(back, timeout::after(time)) != status::wait_0) continue;
    }
  });
  players.add([&] {  // time-outs and other queues, all the while
    while (!t.is_over()) static_cast<void>(wait_all({&other, &ball}, timeout::after(20us)));
  });
  std::uint64_t n = 0;
  std::uint64_t had = 0;
  while (t.next_round()) {
    for (int i = 0; i < 100; ++i) {
      const std::int64_t deadline = since_start() + std::chrono::nanoseconds(time).count();
      const status s =
          ++n % 2 == 0 ? wait(ball, timeout::after(time)) : wait_any({&other, &ball}, timeout::after(time));
      bool got = s != status::timeout;
      if (!got) {
        const bool was_set = sets.load(std::memory_order_acquire) > had;
        t.check(!was_set || set_at.load(std::memory_order_relaxed) > deadline);
        got = wait(ball, now) == status::wait_0;
      }
      if (got) {
        ++had;
        back.set();
      }
    }
  }
  players.join();
  return t.result();
}

found late(const effort& e) {
  tally t(e);
  semaphore tokens = semaphore::make(0, 1);
  event never = event::automatic();
  std::atomic<std::uint64_t> begun{0};
  std::atomic<std::uint32_t> delay{0};  // in pauses
  load others;
  others.add([&] {
    std::mt19937 random(1);
    for (std::uint64_t n = 1;; ++n) {
      // Acquire: the token of the last round has been taken. Until the round begins, or there is none any more.
      while (begun.load(std::memory_order_acquire) < n) {
        if (t.is_over()) return;
        port::relax();
      }
      // About as long as the wait takes to give up, whatever that is here.
      for (auto i = delay.load(std::memory_order_relaxed) + random() % 32; i != 0; --i) port::relax();
      t.check(tokens.release() == status::success);
    }
  });
  std::mt19937 random(2);
  for (std::uint64_t n = 1; t.next_round(); ++n) {
    begun.store(n, std::memory_order_release);
    const timeout soon = timeout::after(std::chrono::nanoseconds(1 + random() % 2'000));
    const std::uint32_t d = delay.load(std::memory_order_relaxed);
    if (wait_any({&never, &tokens}, soon) == status::timeout) {
      delay.store(d - std::min(d, 16u), std::memory_order_relaxed);
      t.check(is_satisfied(wait(tokens, timeout::after(10s))));
    } else {
      delay.store(d + 16, std::memory_order_relaxed);
    }
  }
  others.join();
  return t.result();
}

found tokens(const effort& e) {
  constexpr std::int32_t all = 4;
  constexpr int threads = 4;
  tally t(e);
  std::array<semaphore, 2> place{semaphore::make(all, 2 * all), semaphore::make(0, 2 * all)};
  event ticket = event::automatic(true);
  mutant lock = mutant::make();
  std::uint64_t guarded = 0;  // by the mutant
  std::atomic<std::uint64_t> expected{0};
  const auto play = [&](std::uint32_t seed) {
    std::mt19937 random(seed);
    const std::size_t from = random() % 2;
    const auto some_time = [&] { return timeout::after(std::chrono::nanoseconds(random() % 20'000)); };
    switch (random() % 4) {
      case 0:
        if (wait(place[from], some_time()) == status::wait_0) t.check(place[1 - from].release() == status::success);
        break;
      case 1:
        if (wait_any({&place[from], &place[1 - from]}, some_time()) != status::timeout) {
          t.check(place[random() % 2].release() == status::success);
        }
        break;
      case 2:
        if (wait_all({&place[from], &ticket}, some_time()) == status::wait_0) {
          t.check(place[1 - from].release() == status::success);
          t.check(ticket.set() == 0);
        }
        break;
      default:
        if (wait(lock, some_time()) == status::wait_0) {
          ++guarded;
          expected.fetch_add(1, std::memory_order_relaxed);  // a count
          t.check(lock.release() == status::success);
        }
    }
  };
  load others;
  for (std::uint32_t i = 1; i < threads; ++i) {
    others.add([&, i] {
      for (std::uint32_t k = 0; !t.is_over(); ++k) play(i * 1'000'003 + k);
    });
  }
  for (std::uint32_t k = 0; t.next_round(); ++k) play(k);
  others.join();
  t.check(place[0].query() + place[1].query() == all);
  t.check(ticket.query() == 1);
  t.check(guarded == expected.load(std::memory_order_relaxed));
  return t.result();
}

}  // namespace weir::nt::test
