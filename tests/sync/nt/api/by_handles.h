// The objects of a model's world, by handles that may do everything: for sequences of calls that are compared with it.
#pragma once

#include <array>
#include <string>

#include "tests/sync/nt/api/api.h"
#include "tests/sync/nt/calls.h"

namespace weir::test::nt {

class by_handles {
 public:
  explicit by_handles(const weir::nt::test::world& w);

  // What there is of the model that has no call of NT's: a thread's end, an event that stands for alerts, a mutant that
  // is owned very often. Such calls are refused, and a wait's alert is left out.
  [[nodiscard]] static bool takes(weir::nt::test::call& c) noexcept;

  // By the calling thread. `end`: it releases what it owns.
  weir::nt::test::answer make(weir::nt::detail::native_record&, const weir::nt::test::call& c);

  // Whether they are worth what the model says. Where they are not: which one.
  [[nodiscard]] std::string compare(const weir::nt::test::world& w) const;

  [[nodiscard]] HANDLE operator[](unsigned i) const { return handles_[i]; }

 private:
  std::array<handle, weir::nt::test::objects> handles_;
  const std::array<weir::nt::test::world::object, weir::nt::test::objects> kinds_;
};

// A call by whichever handles: `by` is the object's, and `of_wait` are those to wait for.
[[nodiscard]] weir::nt::test::answer make_by(HANDLE by, weir::nt::test::what kind, const HANDLE* of_wait,
                                             const weir::nt::test::call& c);

}  // namespace weir::test::nt
