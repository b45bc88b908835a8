#include "weir/sync/nt/trace.h"

#include <chrono>
#include <cstdio>
#include <string_view>

#include "weir/barrier/environment.h"
#include "weir/sync/nt/thread_object.h"

namespace weir::nt::detail::trace {

constinit weir::atomic<std::uint8_t> state{undecided};

namespace {

// Each of a list with commas.
bool is_wanted(std::string_view list) noexcept {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (list.substr(0, comma) == "nt") return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

bool is_on() noexcept {
  std::uint8_t s = state.load(std::memory_order_relaxed);  // the same whoever decides
  if (s == undecided) {
    s = is_wanted(barrier::detail::environment("WEIR_TRACE")) ? on : off;
    state.store(s, std::memory_order_relaxed);
  }
  return s == on;
}

// A line that grows, and is cut off at its end.
class line {
 public:
  template <class... A>
  void add(const char* format, A... a) noexcept {
    static_assert(sizeof...(a) != 0, "a text is to be said by %s");
    const int n = std::snprintf(text_ + length_, sizeof text_ - length_, format, a...);
    if (n > 0) length_ += static_cast<std::size_t>(n);
    if (length_ > sizeof text_ - 2) length_ = sizeof text_ - 2;
  }
  // At once: lines of several threads do not mix.
  void write() noexcept {
    text_[length_++] = '\n';
    std::fwrite(text_, 1, length_, stderr);
  }

 private:
  char text_[1400];  // 64 handles of 18 characters
  std::size_t length_ = 0;
};

}  // namespace

status run(const char* name, const handle_value* handles, std::size_t count, void* const* made, call c,
           const void* body) noexcept {
  if (!is_on()) return c(body);
  using clock = std::chrono::steady_clock;
  const clock::time_point begin = clock::now();
  const status result = c(body);
  const auto took = std::chrono::duration<double, std::micro>(clock::now() - begin).count();
  const thread_object* const me = own_thread();
  line l;
  l.add("nt: %08llx %s(", static_cast<unsigned long long>(me != nullptr ? me->id() : 0), name);
  for (std::size_t i = 0; i < count; ++i) {
    l.add(i == 0 ? "0x%llx" : ", 0x%llx", static_cast<unsigned long long>(handles[i]));
  }
  l.add(") = %08x", static_cast<unsigned>(result));
  if (made != nullptr && !is_error(result)) {
    l.add(" -> 0x%llx", static_cast<unsigned long long>(reinterpret_cast<handle_value>(*made)));
  }
  l.add("%s", " in ");
  if (took < 1000) {
    l.add("%.1f us", took);
  } else {
    l.add("%.1f ms", took / 1000);
  }
  l.write();
  return result;
}

}  // namespace weir::nt::detail::trace
