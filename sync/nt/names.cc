#include "weir/sync/nt/names.h"

#include <algorithm>
#include <mutex>
#include <new>

#include "weir/barrier/forever.h"
#include "weir/barrier/static_mutex.h"
#include "weir/sync/nt/path.h"
#include "weir/sync/nt/room.h"

namespace weir::nt::detail {

// In a list of those with the same hash.
struct name {
  name* next;
  body* of;
  std::uint32_t hash;
  std::uint32_t directory;
  type what;
  std::uint16_t length;  // of the text, which follows

  [[nodiscard]] char16_t* text() noexcept { return reinterpret_cast<char16_t*>(this + 1); }  // NOLINT: behind us
};

namespace {

// All of it under the lock. Grows where there is memory for that; else lists get longer.
class names {
 public:
  // One that leads to an object: others with the same letters may be about to go, and none of these comes back.
  [[nodiscard]] name* find(const path& p, bool any_case) const noexcept {
    for (name* n = buckets_[p.hash & (count_ - 1)]; n != nullptr; n = n->next) {
      if (n->hash == p.hash && is_same(*n, p, any_case) && leads_anywhere(*n)) return n;
    }
    return nullptr;
  }
  // One with just these letters, which leads nowhere.
  [[nodiscard]] name* find_dead(const path& p) const noexcept {
    for (name* n = buckets_[p.hash & (count_ - 1)]; n != nullptr; n = n->next) {
      if (n->hash == p.hash && is_same(*n, p, false) && !leads_anywhere(*n)) return n;
    }
    return nullptr;
  }

  void insert(name& n) noexcept {
    if (++used_ > count_) grow();
    name*& first = buckets_[n.hash & (count_ - 1)];
    n.next = first;
    first = &n;
  }

  void remove(name& n) noexcept {
    name** at = &buckets_[n.hash & (count_ - 1)];
    while (*at != &n) at = &(*at)->next;
    *at = n.next;
    --used_;
  }

  weir::detail::static_mutex lock;

 private:
  static constexpr std::size_t at_first = 64;

  // Not if its object is just being closed, or is a parent's, from before a fork().
  [[nodiscard]] static bool leads_anywhere(const name& n) noexcept {
    return n.of->handles() != 0 && own_segment().is_own(n.of->cell());
  }

  [[nodiscard]] static bool is_same(name& n, const path& p, bool any_case) noexcept {
    const std::u16string_view text(n.text(), n.length);
    if (n.directory != p.directory || text.size() != p.text.size()) return false;
    if (!any_case) return text == p.text;
    return std::equal(text.begin(), text.end(), p.text.begin(),
                      [](char16_t a, char16_t b) { return upper(a) == upper(b); });
  }

  void grow() noexcept {
    name** const more = new (std::nothrow) name*[2 * count_]();
    if (more == nullptr) return;
    for (std::size_t i = 0; i < count_; ++i) {
      for (name* n = buckets_[i]; n != nullptr;) {
        name* const next = n->next;
        name*& first = more[n->hash & (2 * count_ - 1)];
        n->next = first;
        first = n;
        n = next;
      }
    }
    if (buckets_ != first_) delete[] buckets_;
    buckets_ = more;
    count_ *= 2;
  }

  name* first_[at_first]{};
  name** buckets_ = first_;
  std::size_t count_ = at_first;  // a power of two
  std::size_t used_ = 0;
};
constinit weir::detail::forever<names> the_names;

// Null: out of memory.
name* make_name(const path& p, type t) noexcept {
  void* const memory = ::operator new(sizeof(name) + p.text.size() * sizeof(char16_t), std::nothrow);
  if (memory == nullptr) return nullptr;
  auto* const n =
      new (memory) name{nullptr, nullptr, p.hash, p.directory, t, static_cast<std::uint16_t>(p.text.size())};
  std::copy(p.text.begin(), p.text.end(), n->text());
  return n;
}

void free_name(name* n) noexcept { ::operator delete(n); }

// Of an object that has nothing but a name.
void destroy_plain(body* b) noexcept { delete b; }
constexpr body::functions plain{nullptr, &destroy_plain};

body* plain_body(native_cell& c, void*) noexcept { return new (std::nothrow) body(c, plain); }

// The object, which nobody knows yet, with a body if `called` or the maker wants it. Null: out of memory.
native_cell* make(const maker& how, name* called, body*& b) noexcept {
  b = nullptr;
  native_cell* const c = how.cell(how.argument);
  if (c == nullptr) return nullptr;
  auto* const make_body = how.with != nullptr ? how.with : called != nullptr ? &plain_body : nullptr;
  if (make_body == nullptr) return c;
  b = make_body(*c, how.argument);
  if (b == nullptr) {
    own_segment().drop(*c);
    return nullptr;
  }
  if (!attach(*b)) {
    b->drop();
    return nullptr;
  }
  return c;
}

// `called`: null, or its name, which is known from here on; under the lock then.
status make_new(type t, access_mask wanted, std::uint32_t attributes, const maker& how, name* called,
                handle_value& made) noexcept {
  const handle_value h = reserve_handle();
  if (h == 0) return status::no_memory;
  body* b = nullptr;
  native_cell* const c = make(how, called, b);
  if (c == nullptr) {
    own_handles().give_back(h);
    return status::no_memory;
  }
  if (how.finish != nullptr) how.finish(*c, how.argument);
  if (called != nullptr) {
    called->of = b;
    b->called = called;
    the_names.value.insert(*called);
  }
  const entry e = entry::make(t, 0, c->self, c->generation, b != nullptr);
  // Last of all: whoever guesses the number may close it.
  own_handles().show(h, e.with(access::granted(t, wanted), (attributes & obj_inherit) != 0, false));
  made = h;
  return status::success;
}

// Under the lock: by a name that is there. invalid_handle: its last handle has just been closed, and it leads nowhere.
status by_name(name& n, type t, access_mask wanted, std::uint32_t attributes, handle_value& made) noexcept {
  if (n.what != t) return status::object_type_mismatch;
  const native_cell& c = n.of->cell();
  return duplicate_handle(entry::make(t, 0, c.self, c.generation, true), access::granted(t, wanted), attributes, made);
}

// Under the lock.
void take_name_off(name& n) noexcept {
  the_names.value.remove(n);
  n.of->called = nullptr;
  free_name(&n);
}

}  // namespace

status create_object(type t, access_mask wanted, const name_request& r, const maker& how, handle_value& made) noexcept {
  if (r.path.empty()) return make_new(t, wanted, r.attributes, how, nullptr, made);
  path p;
  if (const status s = parse(r.path, p); s != status::success) return s;
  const bool any_case = (r.attributes & obj_case_insensitive) != 0;
  enter_handles();
  const std::lock_guard hold(the_names.value.lock);
  while (name* const n = the_names.value.find(p, any_case)) {
    if ((r.attributes & obj_openif) == 0) return status::object_name_collision;
    const status s = by_name(*n, t, wanted, r.attributes, made);
    if (s != status::invalid_handle) return s == status::success ? status::object_name_exists : s;
  }
  // Before the thread that is closing its last handle does.
  if (name* const n = the_names.value.find_dead(p); n != nullptr) take_name_off(*n);
  name* const called = make_name(p, t);
  if (called == nullptr) return status::no_memory;
  const status s = make_new(t, wanted, r.attributes, how, called, made);
  if (s != status::success) free_name(called);
  return s;
}

status open_object(type t, access_mask wanted, const name_request& r, handle_value& made) noexcept {
  if (r.path.empty()) return status::object_path_syntax_bad;
  path p;
  if (const status s = parse(r.path, p); s != status::success) return s;
  enter_handles();
  const std::lock_guard hold(the_names.value.lock);
  while (name* const n = the_names.value.find(p, (r.attributes & obj_case_insensitive) != 0)) {
    const status s = by_name(*n, t, wanted, r.attributes, made);
    if (s != status::invalid_handle) return s;
  }
  return status::object_name_not_found;
}

void forget_name(body& b) noexcept {
  const std::lock_guard hold(the_names.value.lock);
  if (b.called != nullptr) take_name_off(*b.called);
}

void lock_names_for_fork() noexcept { the_names.value.lock.lock(); }
void unlock_names_after_fork() noexcept { the_names.value.lock.unlock(); }

}  // namespace weir::nt::detail
