#include "tests/sync/nt/explorer/place.h"

#include <algorithm>
#include <span>

#include "tests/sync/nt/explorer/machine.h"

namespace weir::nt::explorer {

bool place::note(const piece* stack) {
  bool is_new = false;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    values& v = pieces_[i];
    if (v.alive || v.known) continue;
    const auto end = v.found.begin() + v.count;
    if (std::find(v.found.begin(), end, stack[i]) != end) continue;
    if (v.count == v.found.size()) continue;
    v.found[v.count++] = stack[i];
    if (v.count == 2) doubtful_.push_back(static_cast<std::uint16_t>(i));
    is_new = is_new || v.count >= 2;
  }
  return is_new;
}

void place::keep_alive(std::size_t i) {
  const auto n = static_cast<std::uint16_t>(i);
  pieces_[i].alive = true;
  alive_.push_back(n);
  doubtful_.erase(std::find(doubtful_.begin(), doubtful_.end(), n));
}

std::uint32_t& place::tried(const place* there, std::uint64_t then) {
  if (then_ != then) steps_.clear();
  then_ = then;
  for (step& s : steps_) {
    if (s.there == there) return s.tried;
  }
  steps_.push_back({there, 0});
  return steps_.back().tried;
}

piece place::other(std::size_t i, piece than, unsigned random) const {
  const values& v = pieces_[i];
  const unsigned n = random * v.count >> 16;
  if (v.found[n] != than) return v.found[n];
  return v.found[n + 1 != v.count ? n + 1 : 0];
}

place& known_places::at(unsigned t) {
  const std::span<char> stack = stack_of(t);
  const auto* const words = reinterpret_cast<const std::uintptr_t*>(stack.data());
  const std::size_t count = stack.size() / sizeof *words;
  // Which words of the stack say where it is.
  std::array<std::size_t, 128> known;  // the first `size`
  std::size_t size = 0;
  std::uint64_t key = std::uint64_t{count} << 3 | t;
  std::size_t frame = fiber::saved_frame;
  for (std::size_t back = fiber::saved_return;; back = frame + 1) {
    for (const std::size_t i : {frame, back}) {
      key = (key ^ words[i]) * 0xc4ceb9fe1a85ec53;
      key ^= key >> 29;
      known[size++] = i;
    }
    const std::size_t next = (words[frame] - reinterpret_cast<std::uintptr_t>(words)) / sizeof *words;
    if (words[frame] == 0 || next <= frame || next + 1 >= count || size + 2 > known.size()) break;
    frame = next;
  }
  recent& r = recent_[key % recents];
  if (r.key == key && r.its != nullptr) return *r.its;
  constexpr std::size_t in_word = sizeof *words / sizeof(piece);
  const auto [found, is_new] = each_.try_emplace(key, count * in_word);
  place& its = found->second;
  if (is_new) {
    for (std::size_t i = 0; i < size * in_word; ++i) its.is_known_by(known[i / in_word] * in_word + i % in_word);
  }
  r = {key, &its};
  return its;
}

}  // namespace weir::nt::explorer
