// The semantics of NT's objects and waits, as a program of one thread: one call after the other, each at one moment.
//
// The specification that the engine is compared with: call by call (sequence_test.cc), in lock step with threads that
// block (lockstep_test.cc), and in every interleaving (explorer). Plain data throughout, so that a state can be copied,
// compared and hashed by its bytes.
//
// Threads are numbered from 0, objects too. A timer is an event that somebody sets, a thread object one that is set
// once; an alert is an auto event that a wait has besides its objects.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "weir/sync/nt/status.h"

namespace weir::nt::test {

enum class what : std::uint8_t { auto_event, manual_event, semaphore, mutant };

inline constexpr std::uint32_t most_recursion = 0x8000'0001;  // NT counts 1 - that in a LONG, and no further
inline constexpr std::uint8_t no_alert = 0xff;

// What a signal answers.
struct answered {
  status result;
  std::int32_t previous;
  bool operator==(const answered&) const = default;
};

template <unsigned Objects, unsigned Threads, unsigned Most = Objects>
struct model {
  struct object {
    std::uint32_t value;     // event: 0, 1. Semaphore: the count. Mutant: how often it is owned
    std::uint32_t limit;     // semaphore
    std::uint8_t owner;      // mutant: the thread's number + 1, or 0
    std::uint8_t abandoned;  // mutant
    what kind;
    std::uint8_t taken_turn;  // mutant: which one of its owner's mutants it is, in the order in which it got them
  };
  enum class phase : std::uint8_t { none, waiting, over };
  struct wait {
    std::array<std::uint8_t, std::size_t{(Most + 3) / 4} * 4> objects;  // no padding anywhere: see operator==
    std::uint8_t count;
    std::uint8_t alert;  // an object, or no_alert
    std::uint8_t all;
    phase at;
    status result;  // of a wait that is over
  };

  std::array<object, Objects> objects{};
  std::array<wait, Threads> waits{};
  std::array<std::uint8_t, Threads>
      order{};  // of those that wait: one queue, since all of a wait's are entered at once
  std::uint8_t waiting = 0;
  std::array<std::uint8_t, Threads> owned{};  // mutants of each thread
  std::array<std::uint8_t, 4 - (2 * Threads + 1) % 4> spare{};

  // --- Signals. Whose wait they end has its phase `over`, and stays so until collect().

  std::int32_t set(unsigned o) {
    const auto before = static_cast<std::int32_t>(objects[o].value);
    objects[o].value = 1;
    offer(o);
    return before;
  }
  std::int32_t reset(unsigned o) {
    const auto before = static_cast<std::int32_t>(objects[o].value);
    objects[o].value = 0;
    return before;
  }
  std::int32_t pulse(unsigned o) {
    const std::int32_t before = set(o);
    objects[o].value = 0;
    return before;
  }
  answered release(unsigned o, std::uint32_t count) {
    object& s = objects[o];
    if (count == 0) return {status::invalid_parameter, 0};
    if (count > s.limit - s.value) return {status::semaphore_limit_exceeded, 0};
    const auto before = static_cast<std::int32_t>(s.value);
    s.value += count;
    offer(o);
    return {status::success, before};
  }
  answered release_mutant(unsigned thread, unsigned o) {
    object& m = objects[o];
    if (m.owner != thread + 1) return {status::mutant_not_owned, 0};
    const auto before = static_cast<std::int32_t>(1 - m.value);
    if (--m.value == 0) {
      disown(o);
      offer(o);
    }
    return {status::success, before};
  }
  // The thread ends: its mutants are abandoned, one after the other, the one that it got last first.
  void end(unsigned thread) {
    while (end_one(thread)) continue;
  }
  // The next one. False: there is none.
  bool end_one(unsigned thread) {
    if (owned[thread] == 0) return false;
    unsigned last = Objects;
    for (unsigned o = 0; o < Objects; ++o) {
      const bool its = objects[o].kind == what::mutant && objects[o].owner == thread + 1;
      if (its && (last == Objects || objects[o].taken_turn > objects[last].taken_turn)) last = o;
    }
    objects[last].value = 0;
    objects[last].abandoned = 1;
    disown(last);
    offer(last);
    return true;
  }

  // --- Looks

  // NT's count: of an event 0 or 1; of a mutant 1 - how often it is owned.
  [[nodiscard]] std::int32_t query(unsigned o) const {
    const object& x = objects[o];
    return x.kind == what::mutant ? static_cast<std::int32_t>(1 - x.value) : static_cast<std::int32_t>(x.value);
  }
  [[nodiscard]] bool is_owned_by(unsigned o, unsigned thread) const { return objects[o].owner == thread + 1; }
  [[nodiscard]] bool is_abandoned(unsigned o) const { return objects[o].abandoned != 0; }

  // --- Waits

  // True: it is over at once, with waits[thread].result. False: it waits, or would (`polls`): then it is as if nothing
  // had been called, but for the result.
  bool begin(unsigned thread, const wait& w, bool polls) {
    wait& mine = waits[thread];
    mine = w;
    if (!try_end(thread)) {
      if (!polls) {
        mine.at = phase::waiting;
        order[waiting++] = static_cast<std::uint8_t>(thread);
        return false;
      }
      mine.at = phase::over;
      mine.result = status::timeout;
    }
    return true;
  }
  void time_out(unsigned thread) {
    leave(thread);
    waits[thread].at = phase::over;
    waits[thread].result = status::timeout;
  }
  // The thread has come back from its wait.
  status collect(unsigned thread) {
    const status s = waits[thread].result;
    waits[thread] = wait{};
    return s;
  }
  [[nodiscard]] bool is_waiting(unsigned thread) const { return waits[thread].at == phase::waiting; }
  [[nodiscard]] bool is_over(unsigned thread) const { return waits[thread].at == phase::over; }

  // Whether anybody waits for it, of those who count as waiting.
  [[nodiscard]] bool has_queue(unsigned o) const {
    for (unsigned i = 0; i < waiting; ++i) {
      if (concerns(waits[order[i]], o)) return true;
    }
    return false;
  }

  friend bool operator==(const model& a, const model& b) {
    static_assert(std::has_unique_object_representations_v<model>);
    return std::memcmp(&a, &b, sizeof a) == 0;
  }
  friend bool operator<(const model& a, const model& b) { return std::memcmp(&a, &b, sizeof a) < 0; }

 private:
  static bool concerns(const wait& w, unsigned o) {
    for (unsigned i = 0; i < w.count; ++i) {
      if (w.objects[i] == o) return true;
    }
    return w.alert == o;
  }
  void leave(unsigned thread) {
    unsigned to = 0;
    for (unsigned i = 0; i < waiting; ++i) {
      if (order[i] != thread) order[to++] = order[i];
    }
    waiting = static_cast<std::uint8_t>(to);
    if (to < Threads) order[to] = 0;
  }
  [[nodiscard]] bool is_ready(unsigned o, unsigned thread) const {
    const object& x = objects[o];
    return x.kind == what::mutant ? x.owner == 0 || x.owner == thread + 1 : x.value != 0;
  }
  [[nodiscard]] bool is_too_often(unsigned o, unsigned thread) const {
    const object& x = objects[o];
    return x.kind == what::mutant && x.owner == thread + 1 && x.value == most_recursion;
  }
  void disown(unsigned o) {
    object& m = objects[o];
    for (object& other : objects) {
      if (other.owner == m.owner && other.taken_turn > m.taken_turn) --other.taken_turn;
    }
    --owned[m.owner - 1u];
    m.owner = 0;
    m.taken_turn = 0;
  }
  void take(unsigned o, unsigned thread, bool& abandoned) {
    object& x = objects[o];
    switch (x.kind) {
      case what::auto_event: x.value = 0; break;
      case what::manual_event: break;
      case what::semaphore: --x.value; break;
      case what::mutant:
        abandoned = abandoned || x.abandoned != 0;
        x.abandoned = 0;
        if (x.owner == 0) {
          x.owner = static_cast<std::uint8_t>(thread + 1);
          x.taken_turn = ++owned[thread];
        }
        ++x.value;
    }
  }
  bool finish(unsigned thread, status s) {
    waits[thread].at = phase::over;
    waits[thread].result = s;
    return true;
  }

  bool try_end(unsigned thread) {
    const wait w = waits[thread];
    bool abandoned = false;
    if (!w.all) {
      for (unsigned i = 0; i < w.count; ++i) {
        if (!is_ready(w.objects[i], thread)) continue;
        if (is_too_often(w.objects[i], thread)) return finish(thread, status::mutant_limit_exceeded);
        take(w.objects[i], thread, abandoned);
        return finish(thread, wait_index(i, abandoned));
      }
    } else {
      for (unsigned i = 0; i < w.count; ++i) {
        for (unsigned j = 0; j < i; ++j) {
          if (w.objects[i] == w.objects[j]) return finish(thread, status::invalid_parameter_mix);
        }
        if (is_too_often(w.objects[i], thread)) return finish(thread, status::mutant_limit_exceeded);
      }
      bool ready = true;
      for (unsigned i = 0; i < w.count; ++i) ready = is_ready(w.objects[i], thread) && ready;
      for (unsigned i = 0; ready && i < w.count; ++i) take(w.objects[i], thread, abandoned);
      if (ready) return finish(thread, wait_index(0, abandoned));
    }
    if (w.alert == no_alert || !is_ready(w.alert, thread)) return false;
    take(w.alert, thread, abandoned);
    return finish(thread, status::alerted);
  }

  // To those who wait for it, in the order in which they have come.
  void offer(unsigned o) {
    for (unsigned i = 0; i < waiting;) {
      const unsigned thread = order[i];
      if (concerns(waits[thread], o) && try_end(thread)) {
        leave(thread);
      } else {
        ++i;
      }
    }
  }
};

}  // namespace weir::nt::test
