// Where a thread is stopped, and what of its stack matters there. Internal to explore.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace weir::nt::explorer {

// Of a stack, four bytes.
using piece = std::uint32_t;

// A place of the program: the return addresses in a thread's stack, and how deep they lie. A piece of the stack there
// is alive if it was seen to make a difference (liveness.h); else what was found in it is kept, to be tried: the first
// of them, if there are many.
class place {
 public:
  explicit place(std::size_t pieces) : pieces_(pieces) {}

  // It is what the place is known by: an address to return to, or of a frame.
  void is_known_by(std::size_t i) { pieces_[i].known = true; }
  // A stack that was found there. True: there is something in it that will be tried from now on.
  bool note(const piece* stack);
  void keep_alive(std::size_t i);
  // How many steps from here to there have been tried since `then`.
  std::uint32_t& tried(const place* there, std::uint64_t then);

  using numbers = std::vector<std::uint16_t>;
  [[nodiscard]] const numbers& alive() const { return alive_; }
  // Those that are not, and in which several values were found.
  [[nodiscard]] const numbers& doubtful() const { return doubtful_; }
  // One of these values, not `than`, if there is another. `random`: 16 bits.
  [[nodiscard]] piece other(std::size_t i, piece than, unsigned random) const;

 private:
  struct values {
    std::array<piece, 15> found;
    std::uint8_t count = 0;
    bool alive = false;
    bool known = false;
  };
  std::vector<values> pieces_;
  numbers alive_;
  numbers doubtful_;
  struct step {
    const place* there;
    std::uint32_t tried;
  };
  std::vector<step> steps_;
  std::uint64_t then_ = 0;
};

class known_places {
 public:
  // Where thread t is stopped, in an operation. The stacks are of code that keeps frame pointers.
  place& at(unsigned t);

 private:
  struct recent {
    std::uint64_t key = 0;
    place* its = nullptr;
  };

  std::unordered_map<std::uint64_t, place> each_;
  static constexpr std::size_t recents = 1024;
  std::vector<recent> recent_{recents};  // most are found here
};

}  // namespace weir::nt::explorer
