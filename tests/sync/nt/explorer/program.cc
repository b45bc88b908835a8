#include "tests/sync/nt/explorer/program.h"

namespace weir::nt::explorer {

std::string text_of(const operation& o) {
  static const char* const names[] = {"set",      "reset",    "pulse", "release", "release",    "query",
                                      "wait_any", "wait_all", "end",   "drop",    "see_blocked"};
  std::string s = names[static_cast<int>(o.does)];
  s += "(";
  for (unsigned i = 0; i < o.count; ++i) {
    if (i != 0) s += ",";
    s += o.does == verb::see ? "T" + std::to_string(o.objects[i])
                             : std::string(1, static_cast<char>('X' + o.objects[i]));
  }
  if (o.does == verb::release) s += ", " + std::to_string(o.many);
  if (o.alert != test::no_alert) s += std::string(" or ") + static_cast<char>('X' + o.alert);
  if (o.time == timeout::kind::polls) s += ", now";
  if (o.time == timeout::kind::some_time) s += ", some time";
  return s + ")";
}

std::string text_of(const program& p) {
  static const char* const kinds[] = {"auto event", "manual event", "semaphore", "mutant"};
  std::string s;
  for (unsigned i = 0; i < p.objects; ++i) {
    s += std::string(i == 0 ? "" : ", ") + static_cast<char>('X' + i) + " = " + kinds[static_cast<int>(p.kinds[i])] +
         " " + std::to_string(p.first[i]);
  }
  for (std::size_t t = 0; t < p.threads.size(); ++t) {
    s += "\n  T" + std::to_string(t) + ":";
    if (p.any != 0) s += " " + std::to_string(p.any) + " of";
    for (const operation& o : p.threads[t]) s += " " + text_of(o);
  }
  return s;
}

std::uint64_t number_of(const program& p) {
  std::uint64_t programs = 1;
  for (const std::vector<operation>& its : p.threads) {
    std::uint64_t of_one = p.any == 0 ? 1 : 0;
    for (unsigned i = 0; i < p.any; ++i) of_one = (of_one + 1) * its.size();
    programs *= of_one;
  }
  return programs;
}

std::vector<operation> alphabet(const program& p, int level) {
  using enum verb;
  constexpr auto some_time = timeout::kind::some_time;
  constexpr auto polls = timeout::kind::polls;
  std::vector<operation> all;
  bool mutants = false;
  for (std::uint8_t i = 0; i < p.objects; ++i) {
    switch (p.kinds[i]) {
      case what::auto_event:
      case what::manual_event:
        all.push_back(on(set, i));
        all.push_back(on(pulse, i));
        all.push_back(on(reset, i));
        break;
      case what::semaphore:
        all.push_back(on(release, i, 1));
        all.push_back(on(release, i, 2));
        break;
      case what::mutant: all.push_back(on(release_mutant, i)); mutants = true;
    }
    all.push_back(wait_for(wait_any, {i}));
    if (level >= 1) all.push_back(wait_for(wait_any, {i}, some_time));
    if (level >= 2) all.push_back(wait_for(wait_any, {i}, polls));
    if (level >= 2) all.push_back(on(query, i));
  }
  if (mutants) all.push_back({end});
  if (p.objects >= 2) {
    all.push_back(wait_for(wait_any, {0, 1}));
    all.push_back(wait_for(wait_any, {1, 0}, some_time));
    all.push_back(wait_for(wait_all, {0, 1}));
    if (level >= 1) all.push_back(wait_for(wait_all, {1, 0}, some_time));
    if (level >= 2) all.push_back(wait_for(wait_any, {0, 1}, polls));
    if (level >= 2) all.push_back(wait_for(wait_all, {0, 1}, polls));
  }
  if (p.objects >= 3) {
    all.push_back(wait_for(wait_all, {1, 2}));
    all.push_back(wait_for(wait_all, {2, 0}));
    all.push_back(wait_for(wait_any, {0, 1, 2}, some_time));
    all.push_back(wait_for(wait_all, {0, 1, 2}));
    if (level >= 1 && p.kinds[2] == what::auto_event) all.push_back(wait_for(wait_all, {0, 1}, some_time, 2));
    if (level >= 1 && p.kinds[2] == what::auto_event) all.push_back(wait_for(wait_any, {1, 0}, some_time, 2));
  }
  return all;
}

}  // namespace weir::nt::explorer
