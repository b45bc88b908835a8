#include "weir/hazard/slots.h"

#include <algorithm>
#include <mutex>
#include <new>

#include "weir/barrier/forever.h"
#include "weir/barrier/per_thread.h"
#include "weir/barrier/static_mutex.h"
#include "weir/hazard/lives.h"

namespace weir::hazard::detail {

namespace thread = barrier::thread;

constinit line taken{{slot(nothing), slot(nothing), slot(nothing), slot(nothing), slot(nothing), slot(nothing),
                      slot(nothing), slot(nothing)}};
constinit thread_local weir::atomic<line*> own_line WEIR_TLS_FAST{&taken};

namespace {

// More slots, for who has used up a line. Never given back.
struct block {
  block* next;
  std::uint32_t count;
  std::uint32_t hint = 0;  // where the search for a free one begins: of who may take from it

  [[nodiscard]] slot* at(std::size_t i) noexcept { return reinterpret_cast<slot*>(this + 1) + i; }

  // Null: out of memory.
  static block* make(std::uint32_t count, block* next) noexcept {
    void* const at = ::operator new(sizeof(block) + count * sizeof(slot), std::nothrow);
    if (at == nullptr) return nullptr;
    auto* const b = new (at) block{next, count};
    for (std::uint32_t i = 0; i < count; ++i) new (b->at(i)) slot;
    return b;
  }

  // Who may take from it.
  [[nodiscard]] slot* take() noexcept {
    for (std::uint32_t k = 0; k < count; ++k) {
      const std::uint32_t i = (hint + k) % count;
      if (!at(i)->is_free()) continue;
      at(i)->take();
      hint = i + 1;
      return at(i);
    }
    return nullptr;
  }
};
static_assert(sizeof(block) % alignof(slot) == 0);

// A list of blocks that grows: the newest, which is as large as all others together, first.
class blocks {
 public:
  // Who may take from them, one at a time.
  [[nodiscard]] slot* take() noexcept {
    block* const newest = first_.load(std::memory_order_relaxed);  // written by who may take
    for (block* b = newest; b != nullptr; b = b->next) {
      if (slot* const s = b->take(); s != nullptr) return s;
    }
    block* const b = block::make(newest == nullptr ? 24 : 2 * newest->count, newest);
    if (b == nullptr) return nullptr;
    slot* const s = b->take();
    // [blocks] Release: the slots are constructed. That who reclaims finds them is a matter of the light() of a
    // protection in one of them: [protect].
    first_.store(b, std::memory_order_release);
    return s;
  }

  // Who may take from them: sees to it that there are some, if there is memory.
  void reserve() noexcept {
    if (first_.load(std::memory_order_relaxed) != nullptr) return;  // written by who may take
    if (slot* const s = take(); s != nullptr) s->drop();
  }

  template <class Visit>
  void visit(Visit&& each) noexcept {
    for (block* b = first_.load(std::memory_order_acquire); b != nullptr; b = b->next) {  // [blocks]
      for (std::uint32_t i = 0; i < b->count; ++i) each(*b->at(i));
    }
  }

 private:
  weir::atomic<block*> first_{nullptr};
};

// What belongs to a thread number.
struct alignas(64) place {
  line first;
  blocks more;
};

// Of threads that have no number: memory has run out, or they are past their end.
struct strangers {
  weir::detail::static_mutex lock;  // whoever takes
  line first;
  blocks more;
};

constinit thread::per_thread<place> places;
constinit thread_local weir::atomic<place*> own_place WEIR_TLS_FAST{nullptr};
constinit weir::detail::forever<strangers> nobodys;

[[nodiscard]] slot* take_from(line& l) noexcept {
  for (slot& s : l.slots) {
    if (!s.is_free()) continue;
    s.take();
    return &s;
  }
  return nullptr;
}

[[nodiscard]] slot* take_as_stranger() noexcept {
  strangers& all = nobodys.value;
  const std::lock_guard hold(all.lock);
  slot* const s = take_from(all.first);
  return s != nullptr ? s : all.more.take();
}

template <class Visit>
void visit_all(Visit&& each) noexcept {
  const thread::index bound = thread::bound();
  for (thread::index i = 0; i < bound; ++i) {
    place* const p = places.find(i);
    if (p == nullptr) continue;
    for (slot& s : p->first.slots) each(s);
    p->more.visit(each);
  }
  for (slot& s : nobodys.value.first.slots) each(s);
  nobodys.value.more.visit(each);
}

}  // namespace

namespace {

// Null: out of memory, or the thread is past its end: its number may be another's soon.
WEIR_COLD place* make_place() noexcept {
  enter_room();
  const thread::index i = thread::self();
  if (i == thread::none || thread::is_leaving()) return nullptr;
  place* const mine = places.make(i);
  if (mine == nullptr) return nullptr;
  // The fast way is for threads whose light() is none of fences.
  if (barrier::active() != barrier::strategy::fence) {
    own_line.store(&mine->first, std::memory_order_relaxed);  // our own
  }
  own_place.store(mine, std::memory_order_relaxed);  // our own
  // What another thread has made may still be in use. A signal handler must not come to where there is no room.
  for (const slot& s : mine->first.slots) {
    if (!s.is_free()) mine->more.reserve();
  }
  return mine;
}

}  // namespace

owned take_slowly() noexcept {
  place* mine = own_place.load(std::memory_order_relaxed);  // our own
  if (mine == nullptr) mine = make_place();
  slot* s = mine != nullptr ? take_from(mine->first) : nullptr;
  if (s == nullptr && mine != nullptr) s = mine->more.take();
  if (s == nullptr) s = take_as_stranger();
  return s != nullptr ? owned(s, barrier::active() == barrier::strategy::fence) : owned();
}

void forget_own_line() noexcept {
  own_line.store(&taken, std::memory_order_relaxed);    // our own
  own_place.store(nullptr, std::memory_order_relaxed);  // our own
}

void lock_slots_for_fork() noexcept { nobodys.value.lock.lock(); }
void unlock_slots_after_fork() noexcept { nobodys.value.lock.unlock(); }

// --- What is protected ---------------------------------------------------------------------------------------------

in_use::~in_use() {
  if (found_ != first_) ::operator delete(found_);
}

bool in_use::grow() noexcept {
  auto* const more = static_cast<address*>(::operator new(2 * room_ * sizeof(address), std::nothrow));
  if (more == nullptr) return false;
  std::copy_n(found_, count_, more);
  if (found_ != first_) ::operator delete(found_);
  found_ = more;
  room_ *= 2;
  return true;
}

void in_use::add(address a) noexcept {
  if (count_ < room_ || (complete_ && grow())) {
    found_[count_] = a;
  } else {
    complete_ = false;
  }
  ++count_;
}

void in_use::look() noexcept {
  visit_all([this](const slot& s) {
    const address a = s.look();
    if (a != nothing && a != free_slot) add(a);
  });
  if (!complete_) return;  // anything may be
  std::sort(found_, found_ + count_);
  least_ = count_ != 0 ? found_[0] : ~address{0};
  range_ = count_ != 0 ? found_[count_ - 1] - least_ : 0;
}

bool in_use::finds(address a) const noexcept {
  if (complete_) return std::binary_search(found_, found_ + count_, a);
  bool found = false;
  visit_all([&](const slot& s) { found = found || s.look() == a; });
  return found;
}

}  // namespace weir::hazard::detail
