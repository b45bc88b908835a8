// Calls on objects, as data: drawn by a seed, made on the sequential model and on the engine, and printed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "tests/sync/nt/model.h"
#include "weir/sync/nt/query.h"
#include "weir/sync/nt/segment.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::test {

inline constexpr unsigned objects = 8;
inline constexpr unsigned alert = objects - 1;  // an auto event, which is not waited for as an object
inline constexpr unsigned most_threads = 6;
inline constexpr std::uint32_t semaphore_limit = 5;
using world = model<objects, most_threads, 8>;

enum class verb : std::uint8_t {
  set,
  reset,
  pulse,
  release,
  release_mutant,
  query,
  wait_any,
  wait_all,
  end,
  own_often
};

struct call {
  verb does = verb::query;
  unsigned object = 0;
  std::uint32_t many = 0;  // of release
  world::wait wait{};
  park::timeout time;
};

// What it is told.
struct answer {
  status result = status::success;
  std::int32_t value = 0;
  bool owned = false;
  bool abandoned = false;
  bool operator==(const answer&) const = default;
};

std::string text_of(const call& c);
std::string text_of(const answer& a);

// Kinds and values of the objects.
world draw_world(std::mt19937& random);
// A call that fits the kinds. Of a wait the time is left open.
call draw_call(std::mt19937& random, const world& w);

// On the model. Nothing: the thread waits. `polls`: it does not.
std::optional<answer> make_on(world& w, unsigned thread, const call& c, bool polls);

// The same objects, as the engine has them. The threads are the records that it is given.
class subject {
 public:
  explicit subject(const world& w);
  ~subject();
  subject(const subject&) = delete;
  subject& operator=(const subject&) = delete;

  // Which calls it knows: all.
  [[nodiscard]] static bool takes(const call&) noexcept { return true; }

  answer make(detail::native_record& me, const call& c);

  // Whether they are worth what the model says, locks and queues included. Where they are not: which one.
  [[nodiscard]] std::string compare(const world& w) const;

 private:
  std::array<detail::native_cell*, objects> cells_{};
  const std::array<world::object, objects> kinds_;
};

// A record of the test's own, for a thread that never blocks: any thread may use it.
detail::native_record& record_for(unsigned thread);

}  // namespace weir::nt::test
