// Ends in the ways of barrier/fail.h. argv[1]: die or assert.
#include <string>
#include <string_view>

#include "tests/barrier/luck/probe.h"
#include "weir/barrier/fail.h"

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  probe::print("began", "yes");
  if (what == "die") weir::detail::die("%s, %d and %d", "a sentence", 1, 2);
  if (what == "die-at-length") weir::detail::die("%s", std::string(5'000, 'x').c_str());
  bool evaluated = false;
  const auto condition = [&evaluated](bool result) {
    evaluated = true;
    return result;
  };
  WEIR_ASSERT(condition(true), "what holds is not mentioned");
  probe::print("evaluated", evaluated ? "yes" : "no");
  WEIR_ASSERT(condition(false), "the caller has broken the contract");
  probe::print("returned", "yes");
}
