// What comes first: timers by the moment at which they are due; of those with the same one, who was set first.
// Internal; a pairing heap, whose links are in the timers.
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

namespace weir::nt::detail {

class timer_link {
 public:
  [[nodiscard]] bool is_linked() const noexcept { return linked_; }
  [[nodiscard]] std::chrono::nanoseconds at() const noexcept { return at_; }

 private:
  friend class timer_heap;
  std::chrono::nanoseconds at_{0};
  std::uint64_t turn_ = 0;  // in the order of insertion
  timer_link* child_ = nullptr;
  timer_link* next_ = nullptr;   // of the same parent
  timer_link* prior_ = nullptr;  // of the same parent; of the first one, the parent
  bool linked_ = false;
};

class timer_heap {
 public:
  [[nodiscard]] timer_link* first() const noexcept { return root_; }

  void insert(timer_link& t, std::chrono::nanoseconds at) noexcept {
    t = timer_link();
    t.at_ = at;
    t.turn_ = ++turns_;
    t.linked_ = true;
    root_ = root_ != nullptr ? meld(*root_, t) : &t;
  }

  // Of one that is in it.
  void remove(timer_link& t) noexcept {
    timer_link* const rest = merge_children(t);
    if (&t == root_) {
      root_ = rest;
    } else {
      timer_link*& from = t.prior_->child_ == &t ? t.prior_->child_ : t.prior_->next_;
      from = t.next_;
      if (t.next_ != nullptr) t.next_->prior_ = t.prior_;
      if (rest != nullptr) root_ = meld(*root_, *rest);
    }
    t = timer_link();
  }

 private:
  // Two roots.
  static timer_link* meld(timer_link& a, timer_link& b) noexcept {
    const bool b_is_first = b.at_ != a.at_ ? b.at_ < a.at_ : b.turn_ < a.turn_;
    timer_link& parent = b_is_first ? b : a;
    timer_link& child = &parent == &a ? b : a;
    child.prior_ = &parent;
    child.next_ = std::exchange(parent.child_, &child);
    if (child.next_ != nullptr) child.next_->prior_ = &child;
    return &parent;
  }

  // In pairs, and then the pairs from the last to the first.
  static timer_link* merge_children(timer_link& t) noexcept {
    timer_link* pairs = nullptr;  // the last pair first, through next_
    for (timer_link* i = std::exchange(t.child_, nullptr); i != nullptr;) {
      timer_link* const a = i;
      timer_link* const b = a->next_;
      i = b != nullptr ? b->next_ : nullptr;
      a->next_ = nullptr;
      if (b != nullptr) b->next_ = nullptr;
      timer_link* const pair = b != nullptr ? meld(*a, *b) : a;
      pair->next_ = pairs;
      pairs = pair;
    }
    timer_link* root = nullptr;
    while (pairs != nullptr) {
      timer_link* const pair = pairs;
      pairs = std::exchange(pair->next_, nullptr);
      root = root != nullptr ? meld(*pair, *root) : pair;
    }
    if (root != nullptr) root->prior_ = nullptr;
    return root;
  }

  timer_link* root_ = nullptr;
  std::uint64_t turns_ = 0;
};

}  // namespace weir::nt::detail
