// The litmus harness: see README.md. One process prints the table; each part is measured by another, since a process
// has one strategy only.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/litmus/machine.h"
#include "tests/litmus/parts.h"
#include "tests/litmus/table.h"
#include "tests/litmus/tally.h"
#include "weir/barrier/ladder.h"

namespace {

using litmus::row;

constexpr const char* help =
    "usage: litmus [--long] [--pinned PROGRAM] [--shim NAME=PROGRAM]...\n"
    "  Store buffering on two CPUs, with each pair of barriers, counted. Takes about three minutes.\n"
    "  --long             ten times as many iterations\n"
    "  --pinned PROGRAM   this program, built with the strategy pinned: measured as well\n"
    "  --shim NAME=PROGRAM  this program, built as on another system, over its calls made here: measured as well\n"
    "Exit codes: 0 the wrong pairs were caught and the right ones are clean; 1 a pair that orders was violated;\n"
    "2 usage; 3 inconclusive: this machine, or this run, is not sensitive enough.\n";

struct options {
  bool help = false;
  double scale = 1;
  std::string part;  // measure this one here, and print its rows for the process that asked
  std::string pinned;
  std::vector<std::pair<std::string, std::string>> shims;  // names and programs
};

bool parse(int argc, char** argv, options& o) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    if (arg == "--help") {
      o.help = true;
    } else if (arg == "--long") {
      o.scale = 10;
    } else if (arg == "--pinned" && !value.empty()) {
      o.pinned = argv[++i];
    } else if (arg == "--shim" && value.find('=') != std::string_view::npos) {
      const std::size_t at = value.find('=');
      o.shims.emplace_back(value.substr(0, at), value.substr(at + 1));
      ++i;
    } else if (arg == "--part" && litmus::find_part(value) != nullptr) {
      o.part = argv[++i];
    } else if (arg == "--scale" && !value.empty()) {
      char* end = nullptr;
      o.scale = std::strtod(argv[++i], &end);  // from_chars of floating point is missing in libc++ 17
      if (*end != 0 || !(o.scale > 0)) return false;
    } else {
      return false;
    }
  }
  return true;
}

// In a process of its own: measures one part and prints its rows.
int measure(const options& o) {
  try {
    litmus::find_part(o.part)->run(o.scale, [](const row& r) {
      std::puts(litmus::encode(r).c_str());
      std::fflush(stdout);
    });
  } catch (const std::exception& e) {
    std::fprintf(stderr, "litmus: %s\n", e.what());
    return litmus::inconclusive;
  }
  return litmus::good;
}

std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

class session {
 public:
  explicit session(double scale) : scale_(scale), self_(litmus::this_program()) {}

  // Runs one part in a process of its own. `remark` stands before the strategy in the names of its pairs.
  void run(const char* part, const std::string& strategy = "", const std::string& program = "",
           const std::string& remark = "") {
    const std::string& p = program.empty() ? self_ : program;
    std::fprintf(stderr, "litmus: %s%s%s\n", litmus::find_part(part)->what.data(), strategy.empty() ? "" : ", ",
                 strategy.c_str());
    const litmus::run_result r = litmus::run({.program = p, .part = part, .strategy = strategy, .scale = scale_});
    std::string_view text = r.output;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      if (auto decoded = litmus::decode(text.substr(0, end))) {
        decoded->pair.insert(decoded->pair.rfind('(') + 1, remark);
        rows_.push_back(*decoded);
      }
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    if (r.status != 0) {
      complete_ = false;
      skipped_.push_back(std::string("the part \"") + part + "\" of " + p + " did not end well; see above");
    }
  }

  // The part heavy. A strategy that cannot be had here is left out, with the program's own sentence; a probe that ends
  // in any other way is a part that did not run.
  void run_heavy(const std::string& strategy, const std::string& program = "", const std::string& remark = "") {
    const std::string& p = program.empty() ? self_ : program;
    const litmus::run_result r =
        litmus::run({.program = p, .part = "probe", .strategy = strategy, .catch_errors = true});
    if (r.status != 0) {
      const std::string said = one_line(r.errors);
      const bool refused = litmus::refused_strategy(r.aborted, said);
      complete_ = complete_ && refused;
      skipped_.push_back(refused ? said : p + " did not start well" + (said.empty() ? "" : ": " + said));
      return;
    }
    std::fprintf(stderr, "litmus: %s\n", one_line(r.output).c_str());
    run("heavy", strategy, program, remark);
  }

  void skip(const std::string& sentence) { skipped_.push_back(sentence); }

  [[nodiscard]] int finish() const {
    std::printf("Store buffering: violations are iterations in which neither side saw the other's store.\n%s\n\n",
                litmus::describe_machine().c_str());
    litmus::print_table(rows_);
    const litmus::summary s = litmus::judge_all(rows_);
    litmus::print_closing(s, skipped_);
    const bool asymmetric = litmus::has_asymmetric(rows_);
    if (!asymmetric) std::puts("\nNo asymmetric light / heavy was measured: fences alone say nothing of it.");
    const litmus::exit_code code = litmus::exit_code_of(s, complete_ && asymmetric);
    constexpr const char* words[] = {"the wrong pairs were caught and the right ones are clean",
                                     "a pair that orders was VIOLATED", "usage", "inconclusive"};
    std::printf("\nlitmus: %s\n", words[code]);
    return code;
  }

 private:
  double scale_;
  std::string self_;
  bool complete_ = true;
  std::vector<row> rows_;
  std::vector<std::string> skipped_;
};

int run_all(const options& o) {
  session s(o.scale);
  s.run("pairs");
  for (const weir::barrier::detail::candidate& c : weir::barrier::detail::ladder()) {
    s.run_heavy(std::string(weir::barrier::name(c.id)));
  }
  if (o.pinned.empty()) {
    s.skip("the pinned form, whose program was not given (--pinned)");
  } else {
    s.run_heavy("", o.pinned);
  }
  for (const auto& [name, program] : o.shims) s.run_heavy("", program, name + ": ");
  s.run("shared");
  return s.finish();
}

}  // namespace

int main(int argc, char** argv) {
  options o;
  if (!parse(argc, argv, o)) {
    std::fputs(help, stderr);
    return litmus::usage;
  }
  if (o.help) {
    std::fputs(help, stdout);
    return litmus::good;
  }
  if (!o.part.empty()) return measure(o);
  if (!litmus::two_cpus()) {
    std::puts("litmus: inconclusive: this process may use one CPU only, and a store buffer is seen from another");
    return litmus::inconclusive;
  }
  return run_all(o);
}
