// Runs a model under Relacy: many random schedules, or all of them.
#pragma once

#include <array>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

#include "weir/barrier/atomic.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/mutation.h"

namespace weir::model {

struct result {
  bool clean;             // no execution broke an assertion, raced or hung
  unsigned long tried;    // executions, up to the first that did
  std::string complaint;  // Relacy's words about that one
};

enum class how { random, full };

// Where Relacy writes. It replaces operator new while it runs, so nothing here may grow; what does not fit is dropped.
class fixed_text : public std::streambuf {
 public:
  fixed_text() { setp(text_.data(), text_.data() + text_.size()); }
  [[nodiscard]] std::string text() const { return {pbase(), pptr()}; }

 protected:
  int_type overflow(int_type c) override { return c; }

 private:
  std::array<char, 1 << 16> text_;
};

// `suite` is a Relacy test suite. `limit`: executions at most; a full search that has not ended by then was a partial
// one.
template <class Suite>
result search(how h, unsigned long limit) {
  fixed_text text;
  std::ostream out(&text);
  rl::test_params p;
  p.iteration_count = limit;
  p.search_type = h == how::full ? rl::fair_full_search_scheduler_type : rl::random_scheduler_type;
  p.execution_depth_limit = 10'000;
  p.output_stream = &out;
  p.progress_stream = &out;
  const bool clean = rl::simulate<Suite>(p);
  return {clean, static_cast<unsigned long>(p.stop_iteration), clean ? std::string() : text.text()};
}

// With one site weakened (weir/barrier/mutation.h).
template <class Suite>
result search_mutated(std::string_view site, how h, unsigned long limit) {
  mutation::active = site;
  result r = search<Suite>(h, limit);
  mutation::active = {};
  return r;
}

}  // namespace weir::model
