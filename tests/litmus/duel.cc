#include "tests/litmus/duel.h"

#include <algorithm>
#include <stdexcept>

#include "weir/barrier/barrier.h"

namespace litmus {
namespace {

// From the writer's announcement to the planned moment: the other CPU must have seen it by then, and the stores of the
// preparation must have left the store buffers.
constexpr double margin_ns = 500;

struct compiler_barrier {
  void operator()() const noexcept { std::atomic_signal_fence(std::memory_order_seq_cst); }
};

struct local_fence {
  void operator()() const noexcept { std::atomic_thread_fence(std::memory_order_seq_cst); }
};

struct delayed_fence {
  ticks delay;

  void operator()() const noexcept {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const ticks begin = now();
    while (now() - begin < delay) {
    }
  }
};

void join(weir::barrier::shared::member& m, weir::barrier::shared::header& h) {
  if (const std::error_code e = m.join(h)) throw std::runtime_error("joining the shared barrier: " + e.message());
}

class reader {
 public:
  reader(arena& a, partner kind) : arena_(a) {
    if (kind == partner::process) join(member_, a.barrier);
  }

  // Executes orders until the last.
  void serve() {
    for (std::uint32_t seen = 0;;) {
      std::uint32_t order = seen;
      await([&] { return (order = arena_.order.load(std::memory_order_acquire)) != seen; });  // [order]
      if (order == end_order) return;
      seen = order;
      execute();
      arena_.finished.store(seen, std::memory_order_release);  // [finished]
    }
  }

 private:
  void execute() {
    switch (arena_.reader) {
      case reader_side::nothing: return read(compiler_barrier{});
      case reader_side::full: return read([] { weir::barrier::full(); });
      case reader_side::light: return read([] { weir::barrier::light(); });
      case reader_side::shared_light: return read([this] { member_.light(); });
    }
  }

  template <class Barrier>
  void read(const Barrier& barrier) {
    if (arena_.back == held::reader) {
      read<true>(barrier);
    } else {
      read<false>(barrier);
    }
  }

  template <bool HoldBack, class Barrier>
  void read(const Barrier& barrier) {
    const ticks slack = from_ns(slack_ns);
    for (int k = 0; k < batch_size; ++k) {
      cell& c = arena_.cells[k];
      if constexpr (HoldBack) cold_.prepare(random_);
      touch(c.x);
      touch(c.y);
      arena_.ready.store(++number_, std::memory_order_release);                        // [ready]
      await([this] { return arena_.go.load(std::memory_order_acquire) == number_; });  // [go]
      arena_.reader_answers[k] = act<HoldBack>(c.x, c.y, cold_, arena_.start, slack, barrier);
    }
  }

  arena& arena_;
  std::uint64_t number_ = 0;
  cold_lines cold_;
  random random_{0x9e3779b97f4a7c15};
  weir::barrier::shared::member member_;
};

void be_reader(arena& a, partner kind, int cpu) {
  const bool bound = pin(cpu);
  a.pinned.store(bound ? 1 : -1, std::memory_order_release);
  if (bound) reader(a, kind).serve();
}

}  // namespace

duel::duel(partner kind, int writer_cpu, int reader_cpu)
    : arena_(*static_cast<arena*>(shared_memory(sizeof(arena)))), answers_(batch_size) {
  static_cast<void>(ticks_per_ns());  // measured now, not in the first batch
  if (!pin(writer_cpu)) throw std::runtime_error("the system refuses to bind threads to CPUs");
  if (kind == partner::process) {
    join(member_, arena_.barrier);
    process_.emplace([this, reader_cpu] { be_reader(arena_, partner::process, reader_cpu); });
  } else {
    thread_ = std::thread([this, reader_cpu] { be_reader(arena_, partner::thread, reader_cpu); });
  }
  await([this] { return arena_.pinned.load(std::memory_order_acquire) != 0; });
  if (arena_.pinned.load(std::memory_order_relaxed) < 0) {  // read with acquire above
    if (thread_.joinable()) thread_.join();
    throw std::runtime_error("the system refuses to bind threads to CPUs");
  }
}

duel::~duel() {
  arena_.order.store(end_order, std::memory_order_release);  // [order]
  if (thread_.joinable()) thread_.join();
}

void duel::run(const program& p, const setting& s, counts& into) {
  for (cell& c : arena_.cells) {  // relaxed: [order]
    c.x.store(0, std::memory_order_relaxed);
    c.y.store(0, std::memory_order_relaxed);
  }
  arena_.reader = p.reader;
  arena_.back = s.back;
  arena_.order.store(++order_, std::memory_order_release);  // [order]
  write(p, s);
  await([this] { return arena_.finished.load(std::memory_order_acquire) == order_; });  // [finished]
  for (int k = 0; k < batch_size; ++k) {
    const answer& r = arena_.reader_answers[k];
    const answer& w = answers_[static_cast<std::size_t>(k)];
    into.add({.reader_saw = r.saw, .writer_saw = w.saw, .reader_in_time = r.in_time, .writer_in_time = w.in_time});
  }
}

counts duel::run_for(const program& p, const setting& s, double seconds) {
  counts c;
  const ticks end = now() + from_ns(seconds * 1e9);
  do {
    run(p, s, c);
  } while (now() < end);
  return c;
}

void duel::write(const program& p, const setting& s) {
  switch (p.writer) {
    case writer_side::nothing: return write(s, compiler_barrier{});
    case writer_side::local_fence: return write(s, local_fence{});
    case writer_side::delayed_fence: return write(s, delayed_fence{p.delay});
    case writer_side::full: return write(s, [] { weir::barrier::full(); });
    case writer_side::heavy: return write(s, [] { weir::barrier::heavy(); });
    case writer_side::shared_heavy: return write(s, [this] { member_.heavy(); });
  }
}

template <class Barrier>
void duel::write(const setting& s, const Barrier& barrier) {
  if (s.back == held::writer) {
    write<true>(s, barrier);
  } else {
    write<false>(s, barrier);
  }
}

template <bool HoldBack, class Barrier>
void duel::write(const setting& s, const Barrier& barrier) {
  const ticks slack = from_ns(slack_ns);
  const ticks margin = from_ns(margin_ns);
  for (int k = 0; k < batch_size; ++k) {
    cell& c = arena_.cells[k];
    if constexpr (HoldBack) cold_.prepare(random_);
    touch(c.x);
    touch(c.y);
    const ticks offset = s.phase + random_.around_zero(s.jitter);
    ++number_;
    await([this] { return arena_.ready.load(std::memory_order_acquire) == number_; });  // [ready]
    const ticks first = now() + margin;
    arena_.start = first + std::max<ticks>(0, -offset);
    const ticks own = first + std::max<ticks>(0, offset);
    arena_.go.store(number_, std::memory_order_release);  // [go]
    answers_[static_cast<std::size_t>(k)] = act<HoldBack>(c.y, c.x, cold_, own, slack, barrier);
  }
}

}  // namespace litmus
