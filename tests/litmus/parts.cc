#include "tests/litmus/parts.h"

#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <stdexcept>

#include "tests/litmus/duel.h"
#include "tests/litmus/tuner.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/library.h"

namespace litmus {
namespace {

constexpr program unfenced{reader_side::nothing, writer_side::nothing};
constexpr program wrong_heavy{reader_side::nothing, writer_side::local_fence};
// Where the writer's stores are held back, the wrong program must leave the writer's fence out.
constexpr program wrong_writer{reader_side::full, writer_side::nothing};

std::string_view name(held h) {
  constexpr std::string_view names[] = {"none", "reader", "writer"};
  return names[static_cast<std::size_t>(h)];
}

// The duel of one process, and the tuned setting for each way of holding back.
class bench {
 public:
  bench(partner kind, double scale, const sink& emit)
      : duel_(kind, cpus().first, cpus().second), scale_(scale), emit_(emit) {}

  // Measures one row: tunes first if that has not been done for this way of holding back.
  void measure(const std::string& pair, expected e, const program& p, held back, double seconds) {
    const tuned& t = tuning(back);
    const setting s{back, t.phase, t.jitter};
    row r{.pair = pair, .held = std::string(name(back)), .expect = e};
    r.phase_ns = std::llround(to_ns(t.phase));
    r.jitter_ns = std::llround(to_ns(t.jitter));
    if (e == expected::clean) r.witness = duel_.run_for(back == held::writer ? wrong_writer : wrong_heavy, s, 0.5);
    std::fprintf(stderr, "litmus:   %s, held back: %s\n", pair.c_str(), r.held.c_str());
    const ticks begin = now();
    r.found = duel_.run_for(p, s, seconds * scale_);
    r.seconds = to_ns(now() - begin) / 1e9;
    emit_(r);
  }

  [[nodiscard]] const weir::barrier::shared::member& shared_barrier() const { return duel_.shared_barrier(); }

 private:
  static std::pair<int, int> cpus() {
    const auto two = two_cpus();
    if (!two) throw std::runtime_error("this process may use one CPU only, and two are needed");
    return *two;
  }

  const tuned& tuning(held back) {
    std::optional<tuned>& t = tuned_[static_cast<std::size_t>(back)];
    if (!t) {
      std::fprintf(stderr, "litmus:   looking for the phase (held back: %s)\n", name(back).data());
      // The store buffer holds for a few microseconds at most; one batch tells a rate of a per cent from none.
      t = tune(from_ns(-1000), from_ns(3000), from_ns(40), [&](ticks phase) {
        counts c;
        duel_.run(unfenced, {back, phase, 0}, c);
        return c.rate();
      });
      // A barrier moves its side's load away from its store, and the best phase with it, by some nanoseconds: where the
      // unfenced program's peak is as narrow as that (nothing held back), its edge is the other's peak.
      t->jitter += from_ns(25);
    }
    return *t;
  }

  duel duel_;
  double scale_;
  const sink& emit_;
  std::optional<tuned> tuned_[3];
};

void run_pairs(double scale, const sink& emit) {
  bench b(partner::thread, scale, emit);
  for (const held h : {held::none, held::reader}) b.measure("light / nothing", expected::caught, unfenced, h, 2.5);
  for (const held h : {held::none, held::reader})
    b.measure("light / local fence", expected::caught, wrong_heavy, h, 2.5);
  for (const held h : {held::none, held::reader, held::writer}) {
    b.measure("full / full", expected::clean, {reader_side::full, writer_side::full}, h, 3);
  }
  for (const int ns : {200, 500, 1000, 3000}) {
    for (const held h : {held::none, held::reader}) {
      b.measure("light / fence + " + std::to_string(ns) + " ns", expected::control,
                {reader_side::nothing, writer_side::delayed_fence, from_ns(ns)}, h, 2.5);
    }
  }
}

void run_heavy(double scale, const sink& emit) {
  bench b(partner::thread, scale, emit);
  const std::string pin(weir::barrier::per_form::pin());
  const std::string strategy(weir::barrier::name(weir::barrier::active()));
  const std::string pair = "light / heavy (" + strategy + (pin.empty() ? ")" : ", pinned)");
  const program p{reader_side::light, writer_side::heavy};
  const bool fences = weir::barrier::active() == weir::barrier::strategy::fence;
  for (const held h : {held::none, held::reader}) b.measure(pair, expected::clean, p, h, fences ? 3 : 8);
  if (fences) b.measure(pair, expected::clean, p, held::writer, 3);
}

void run_shared(double scale, const sink& emit) {
  bench b(partner::process, scale, emit);
  const bool fences = b.shared_barrier().how() == weir::barrier::shared::mode::fence;
  const std::string pair = std::string("light / heavy (shared, ") + (fences ? "fence)" : "expedited)");
  const program p{reader_side::shared_light, writer_side::shared_heavy};
  for (const held h : {held::none, held::reader}) b.measure(pair, expected::clean, p, h, 8);
}

void probe(double, const sink&) { std::puts(weir::barrier::describe()); }

constexpr part all_parts[] = {
    {"pairs", "wrong pairs, full / full and delays", &run_pairs},
    {"heavy", "light / heavy", &run_heavy},
    {"shared", "light / heavy across two processes", &run_shared},
    {"probe", "whether the strategy can be had", &probe},
};

}  // namespace

std::span<const part> parts() { return all_parts; }

const part* find_part(std::string_view name) {
  for (const part& p : all_parts) {
    if (p.name == name) return &p;
  }
  return nullptr;
}

}  // namespace litmus
