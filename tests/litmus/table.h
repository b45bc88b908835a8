// The table of counts and the words below it.
#pragma once

#include <span>
#include <string>

#include "tests/litmus/tally.h"

namespace litmus {

void print_table(std::span<const row> rows);

// What was not measured, and why; what follows from the counts; what cannot follow from them.
void print_closing(const summary& s, std::span<const std::string> skipped);

}  // namespace litmus
