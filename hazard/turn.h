// Whether the calling thread is in the middle of reclaiming, in which domains. Internal.
#pragma once

namespace weir::hazard {

class domain;

namespace detail {

// Inside a deleter of `d`, or between two of them.
[[nodiscard]] bool is_looking_through(const domain& d) noexcept;

// Inside a deleter of any domain or cohort.
[[nodiscard]] bool in_deleter() noexcept;

// While deleters run: of whatever `owner` is.
class deleting {
 public:
  explicit deleting(const void* owner) noexcept;
  ~deleting();
  deleting(const deleting&) = delete;
  deleting& operator=(const deleting&) = delete;

  [[nodiscard]] static unsigned times(const void* owner) noexcept;
  [[nodiscard]] static bool of(const void* owner) noexcept { return times(owner) != 0; }
  [[nodiscard]] static bool of_any() noexcept;

 private:
  const void* const owner_;
  const deleting* const outer_;
};

// What tells threads apart, also those without a number.
[[nodiscard]] const void* this_thread() noexcept;

}  // namespace detail
}  // namespace weir::hazard
