#include "tests/litmus/table.h"

#include <cinttypes>
#include <cstdio>

namespace litmus {
namespace {

constexpr const char* legend = R"(
held: whose store waited behind 40 stores to cold lines. overlap: iterations in which both sides started within 200 ns
of the planned moment. phase: the writer's start minus the reader's. witness: the rate of violations of a wrong pair
(light / local fence; where the writer is held back, full / nothing), just before, in the same process.
)";

constexpr const char* limits = R"(
What this cannot show. A store leaves an x86 store buffer in less than 200 ns, and in a microsecond, seldom three,
when it is held back as hard as we can: a writer that does nothing for longer than that looks as clean as a real
heavy(). The rows "fence + delay" say how slow a no-op must be to pass here. Zero in a row of heavy() thus shows that
no call was forgotten, or refused unnoticed, or aimed at the wrong process: such a no-op is quick, and caught
(--mutation). It does not show that the kernel interrupts every CPU. That rests on the kernel's documented promise,
and what follows from the promise on the models (./run litmus --herd, and Relacy in tests/model). Nor does x86 reorder
anything but a store with a later load.
)";

// 0, or 1.23e-04.
std::string rate_text(const counts& c) {
  if (c.violations == 0) return "0";
  char text[32];
  std::snprintf(text, sizeof text, "%.2e", c.rate());
  return text;
}

const char* remark(const row& r) {
  switch (r.expect) {
    case expected::control: return "control";
    case expected::caught:
      return r.found.violations >= enough_violations ? "wrong on purpose: caught" : "wrong on purpose: not caught";
    case expected::clean:
      if (r.found.violations != 0) return "VIOLATED";
      return r.witness.violations >= enough_violations && r.found.overlapped >= enough_overlapped ? "clean"
                                                                                                  : "clean, but blind";
  }
  return "";
}

void print_row(const row& r) {
  const double overlapped =
      r.found.iterations == 0 ? 0
                              : 100 * static_cast<double>(r.found.overlapped) / static_cast<double>(r.found.iterations);
  char phase[32];
  std::snprintf(phase, sizeof phase, "%" PRId64 "+-%" PRId64, r.phase_ns, r.jitter_ns);
  std::printf("%-35s %-6s %10" PRIu64 " %6.1f%% %10" PRIu64 " %9s %6.1f %11s %9s  %s\n", r.pair.c_str(), r.held.c_str(),
              r.found.iterations, overlapped, r.found.violations, rate_text(r.found).c_str(), r.seconds, phase,
              r.expect == expected::clean ? rate_text(r.witness).c_str() : "", remark(r));
}

void print_list(const char* before, std::span<const std::string> items) {
  std::fputs(before, stdout);
  const char* between = " ";
  for (const std::string& item : items) {
    std::printf("%s%s", between, item.c_str());
    between = "; ";
  }
  std::puts("");
}

}  // namespace

void print_table(std::span<const row> rows) {
  std::printf("%-35s %-6s %10s %7s %10s %9s %6s %11s %9s\n", "reader / writer", "held", "iterations", "overlap",
              "violations", "rate", "s", "phase, ns", "witness");
  for (const row& r : rows) print_row(r);
  std::fputs(legend, stdout);
}

void print_closing(const summary& s, std::span<const std::string> skipped) {
  std::puts("");
  for (const std::string& sentence : skipped) std::printf("Not measured: %s\n", sentence.c_str());
  if (!s.violated.empty()) print_list("VIOLATED, though it orders:", s.violated);
  if (!s.blind.empty()) print_list("Inconclusive here (too few violations where there must be some):", s.blind);
  std::fputs(limits, stdout);
}

}  // namespace litmus
