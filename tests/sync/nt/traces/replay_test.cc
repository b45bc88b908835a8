// Traces that were recorded on Wine's ntdll, replayed on Weir: each call answers as it did there, but where Windows is
// known to differ from Wine, and where Weir follows Windows.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/sync/nt/traces/script.h"
#include "weir/sync/nt/handles.h"
#include "weir/sync/nt/self.h"

namespace {

namespace detail = weir::nt::detail;
using weir::test::eventually;

struct step {
  std::string call;
  std::string answer;
};
using trace = std::vector<step>;

// Nothing: it cannot be read, or a line is no step.
std::optional<trace> read(const std::string& name) {
  constexpr std::string_view arrow = " -> ";
  std::ifstream in("tests/sync/nt/traces/data/" + name);
  trace steps;
  for (std::string line; std::getline(in, line);) {
    const std::size_t at = line.find(arrow);
    if (at == std::string::npos) return std::nullopt;
    steps.push_back({line.substr(0, at), line.substr(at + arrow.size())});
  }
  if (steps.empty()) return std::nullopt;
  return steps;
}

// What Wine answers to certain calls, and Windows otherwise. A star stands for any word of the call.
struct difference {
  std::string_view call;  // how it begins
  std::string_view wine;  // the answer, or its end
  std::string_view windows;
  bool only_failed;
};
constexpr std::array differences{
    // What was there before is written although the call has failed.
    difference{"release_mutant *", " 1", " -", true},
    difference{"set_timer *", " 0", " -", true},
    difference{"cancel *", " 0", " -", true},
    difference{"query_timer *", " 0 16", " 77 77", true},
    // An alertable delay whose time is up.
    difference{"delay 1", "00000102", "00000000", false},
    // 30: a release of none is refused, before anything else is looked at.
    difference{"release * 0", "", "c000000d -", false},
    // 61: pseudo-handles are for waits for one.
    difference{"wait_many 1 0 now thread", "00000102", "c0000008", false},
    // 70: there is no such wait, whatever it is for.
    difference{"wait_many 2", "", "c00000f1", false},
};

// Word by word, whichever thread it is.
bool begins_with(std::string_view call, std::string_view pattern) {
  if (call[0] == '@') call.remove_prefix(3);
  const auto next = [](std::string_view& of) {
    const std::string_view w = of.substr(0, of.find(' '));
    of.remove_prefix(std::min(of.size(), w.size() + 1));
    return w;
  };
  while (!pattern.empty()) {
    const std::string_view wanted = next(pattern);
    const std::string_view w = next(call);
    if (wanted != w && (wanted != "*" || w.empty())) return false;
  }
  return true;
}

// What Weir is to answer.
std::string expected(const step& s) {
  for (const difference& d : differences) {
    if (!begins_with(s.call, d.call) || (d.only_failed && s.answer[0] != 'c')) continue;
    if (d.wine.empty()) return std::string(d.windows);
    if (!s.answer.ends_with(d.wine)) continue;
    return s.answer.substr(0, s.answer.size() - d.wine.size()).append(d.windows);
  }
  return s.answer;
}

trace expected(trace steps) {
  for (step& s : steps) s.answer = expected(s);
  return steps;
}

std::array<std::atomic<detail::native_record*>, script_threads + 1> records{};
void thread_begins(unsigned n) { records[n].store(detail::self(), std::memory_order_release); }

// Each thread has come back, or is in the queues of its wait: whoever waits next comes after it.
bool is_settled() {
  for (unsigned n = 1; n <= script_threads; ++n) {
    if (script_is_busy(n) == 0) continue;
    const detail::native_record* const r = records[n].load(std::memory_order_acquire);
    if (r == nullptr) return false;
    if (r->state.load(std::memory_order_acquire) != (detail::phase::pending | detail::phase::parked)) return false;
  }
  return true;
}

std::string answer_so_far() {
  std::array<char, script_line> to{};
  script_answer(to.data(), to.size());
  return to.data();
}

// Of a trace, with what Weir is to answer: the first call that answers otherwise; empty: none.
std::string replay(const trace& steps) {
  script_thread_begins = &thread_begins;
  for (auto& r : records) r.store(nullptr, std::memory_order_relaxed);  // nobody is there yet
  std::string differs;
  for (std::size_t i = 0; i < steps.size() && differs.empty(); ++i) {
    const std::string line = "line " + std::to_string(i + 1) + ": " + steps[i].call;
    script_begin(steps[i].call.c_str());
    // Twice: what a thread does before it has come back may let another one through.
    if (!eventually([] { return is_settled() && is_settled(); })) std::abort();  // a thread that cannot be joined
    const std::string& right = steps[i].answer;
    const std::string got = answer_so_far();
    if (got != right) differs.assign(line).append(" -> ").append(got).append(", and not ").append(right);
    script_collect();
  }
  script_close();
  return differs;
}

constexpr std::array names{"1.txt", "2.txt", "3.txt",         "4.txt",         "5.txt",        "6.txt",
                           "7.txt", "8.txt", "threads_1.txt", "threads_2.txt", "threads_3.txt"};

TEST_CASE("each call answers as it did on Wine, or as it does on Windows") {
  const std::uint32_t handles = detail::own_handles().count();
  for (const char* const name : names) {
    INFO(name);
    const auto steps = read(name);
    REQUIRE(steps.has_value());
    CHECK(steps->size() > 500);
    CHECK(replay(expected(*steps)) == "");
    CHECK(detail::own_handles().count() == handles);
  }
}

TEST_CASE("an answer that is another one is noticed, wherever it is") {
  const auto steps = read(names[0]);
  REQUIRE(steps.has_value());
  const trace right = expected(*steps);
  for (std::size_t at = 0; at < right.size(); at += 37) {
    trace wrong(right.begin(), right.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    std::string& answer = wrong[at].answer;
    answer.back() = answer.back() == '1' ? '0' : '1';
    INFO(wrong[at].call);
    CHECK(replay(wrong).starts_with("line " + std::to_string(at + 1) + ": "));
  }
}

TEST_CASE("what Windows does otherwise is in the traces, and known") {
  std::array<int, differences.size()> seen{};
  for (const char* const name : names) {
    const auto steps = read(name);
    REQUIRE(steps.has_value());
    for (const step& s : *steps) {
      for (std::size_t i = 0; i < differences.size(); ++i) {
        if (begins_with(s.call, differences[i].call) && s.answer.ends_with(differences[i].wine)) ++seen[i];
      }
    }
  }
  for (std::size_t i = 0; i < differences.size(); ++i) {
    INFO(differences[i].call);
    CHECK(seen[i] > 0);
  }
}

}  // namespace
