#include "weir/barrier/choose.h"

#include <cstdarg>
#include <cstdio>

namespace weir::barrier::detail {
namespace {

// Appends to a text of fixed size; what does not fit is cut.
class writer {
 public:
  writer(char* text, std::size_t size) noexcept : text_(text), left_(size) {}

  void operator()(const char* format, ...) noexcept __attribute__((format(printf, 2, 3))) {
    if (left_ <= 1) return;
    va_list args;
    va_start(args, format);
    const int n = std::vsnprintf(text_, left_, format, args);
    va_end(args);
    if (n <= 0) return;
    const std::size_t used = static_cast<std::size_t>(n) < left_ ? static_cast<std::size_t>(n) : left_ - 1;
    text_ += used;
    left_ -= used;
  }

 private:
  char* text_;
  std::size_t left_;
};

const candidate* find(std::span<const candidate> rows, std::string_view wanted) noexcept {
  for (const candidate& c : rows) {
    if (name(c.id) == wanted) return &c;
  }
  return nullptr;
}

void list_names(writer& out, std::span<const candidate> rows) noexcept {
  const char* between = "";
  for (const candidate& c : rows) {
    out("%s%s", between, name(c.id).data());
    between = ", ";
  }
}

// Looks at one strategy and installs it: yes, or the reason why not.
verdict take(const candidate& c, wish w) noexcept {
  const verdict available = c.available(w);
  return available ? c.install() : available;
}

decision choose_named(std::span<const candidate> rows, std::string_view wanted, const char* by) noexcept {
  decision d;
  writer out(d.text, sizeof d.text);
  const int length = static_cast<int>(wanted.size());
  const candidate* c = find(rows, wanted);
  if (c == nullptr) {
    out("%s asks for the barrier \"%.*s\", which does not exist here. There are: ", by, length, wanted.data());
    list_names(out, rows);
    return d;
  }
  const verdict v = take(*c, wish::named);
  if (!v) {
    out("%s asks for the barrier \"%.*s\", which cannot be had here: %s", by, length, wanted.data(), v.why());
    return d;
  }
  d.chosen = c;
  out("%.*s: %s; chosen by %s", length, wanted.data(), v.why(), by);
  return d;
}

}  // namespace

decision choose(std::span<const candidate> rows, std::string_view environment, std::string_view pin) noexcept {
  if (!pin.empty()) {
    if (!environment.empty() && environment != pin) {
      decision d;
      writer(d.text, sizeof d.text)(
          "WEIR_BARRIER asks for the barrier \"%.*s\", but this program is built with \"%.*s\" pinned",
          static_cast<int>(environment.size()), environment.data(), static_cast<int>(pin.size()), pin.data());
      return d;
    }
    return choose_named(rows, pin, "the build (its pin)");
  }
  if (!environment.empty()) return choose_named(rows, environment, "the environment (WEIR_BARRIER)");

  decision d;
  char refusals[800] = {};
  writer refused(refusals, sizeof refusals);
  for (const candidate& c : rows) {
    const verdict v = take(c, wish::automatic);
    if (v) {
      d.chosen = &c;
      writer(d.text, sizeof d.text)("%s: %s%s", name(c.id).data(), v.why(), refusals);
      return d;
    }
    refused("; not %s: %s", name(c.id).data(), v.why());
  }
  writer(d.text, sizeof d.text)("no barrier can be had here%s", refusals);
  return d;
}

}  // namespace weir::barrier::detail
