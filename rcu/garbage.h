// What has been retired in a domain and not been reclaimed: where it lies, how much it is, and whose turn it is.
//
// Internal. Segments come in through a list that takes no lock, lie in a queue in the order in which they came, are
// run, one by one, by whoever asks for one that is ready, and go back for the next retirer. `serial` numbers tell when
// all that was there at some moment is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "weir/barrier/arrivals.h"
#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/barrier/static_mutex.h"
#include "weir/rcu/grace.h"
#include "weir/rcu/segment.h"

namespace weir::rcu::detail {

// A retired object that carries its own place in a list: for when there is no memory for a segment.
struct link {
  link* next = nullptr;
  void (*run)(void* link) = nullptr;
};

class garbage {
 public:
  using mutex = weir::detail::static_mutex;

  // How many objects may come together; all that is here is counted against it. Every one of these: lock-free.
  [[nodiscard]] bool take_credit(std::size_t objects, std::size_t limit) noexcept;
  void take_credit_over_the_limit(std::size_t objects) noexcept;
  void give_credit(std::size_t objects) noexcept { held_.fetch_sub(objects, std::memory_order_relaxed); }  // a count
  [[nodiscard]] std::size_t held() const noexcept { return held_.load(std::memory_order_relaxed); }        // a hint
  [[nodiscard]] std::size_t peak() const noexcept { return peak_.load(std::memory_order_relaxed); }  // a statistic
  [[nodiscard]] std::uint64_t exceeded() const noexcept {
    return exceeded_.load(std::memory_order_relaxed);
  }  // likewise

  // A segment for a new owner. Null: out of memory.
  [[nodiscard]] segment* fresh(std::uint32_t room) noexcept;

  // A segment that its owner has closed, or that was got from who closed it; its target is set. Lock-free.
  void push(segment* s) noexcept { pushed_.push(s); }
  void push(link* l) noexcept { links_.push(l); }

  // Whether nothing waits or is being run; of who has seen all others leave.
  [[nodiscard]] bool empty() noexcept;
  // Whether nothing waits in the queue or on its way there: of who goes to sleep then.
  [[nodiscard]] bool nothing_waits() noexcept;

  // The next segment whose period has ended, in the order of the queue; null if there is none. The caller runs its
  // entries from `first` to `end`, and calls done(); or puts it back with what it has not run.
  [[nodiscard]] segment* next_ready(grace_periods& periods) noexcept;
  // Whether something of it has come into the queue anew.
  [[nodiscard]] bool done(segment* s, grace_periods& periods) noexcept;
  void put_back(segment* s) noexcept;
  // The same for objects in links, of which one thread at a time runs all that are ready: from start_links() until
  // next_link() is null.
  [[nodiscard]] bool start_links(grace_periods& periods) noexcept;
  [[nodiscard]] link* next_link() noexcept;

  // The period that the first segment waits for; 0: there is none.
  [[nodiscard]] period next_target(grace_periods& periods) noexcept;

  // All that has come in until now has a serial number up to this; and whether all up to it is done.
  [[nodiscard]] std::uint64_t last_serial() noexcept;
  [[nodiscard]] bool is_done(std::uint64_t serial) noexcept;

  // Puts what the owner of this record has collected into the queue, on behalf of somebody else. False: it is on its
  // way there already, or an earlier part of it is; look again.
  // But what has come in after serial number `since` does.
  [[nodiscard]] bool take_from(record& owner, std::uint64_t since, grace_periods& periods) noexcept;

  // For threads that have no record: one segment for all of them, which goes into the queue when it is full. One object
  // has been counted before. False: out of memory.
  [[nodiscard]] bool append_for_strangers(retired what, std::uint32_t room, grace_periods& periods) noexcept;
  void close_strangers(grace_periods& periods) noexcept;

  // What waits is counted: of a caller who has slept, see nap.h.
  weir::atomic<std::uint32_t> changed{0};
  weir::atomic<std::uint32_t> waiting{0};

  // Around fork(), on the forking thread.
  mutex& lock_for_fork() noexcept { return lock_; }
  void in_child(const segment* own) noexcept;  // `own`: the one that the thread itself appends to
  void adopt_in_child(record& lost, grace_periods& periods) noexcept;

  // All memory back: nobody uses it any more, and nothing waits.
  void destroy() noexcept;

 private:
  struct queue {
    segment* first = nullptr;
    segment* last = nullptr;
    void add(segment* s) noexcept;
    void add_again(segment* s) noexcept;  // to its place among the others
    segment* pop() noexcept;
  };

  void collect() noexcept;
  void collect_links(grace_periods& periods) noexcept;
  void enqueue_strangers(grace_periods& periods) noexcept;
  void enqueue(segment* s) noexcept;
  void link_running(segment* s) noexcept;
  void unlink_running(segment* s) noexcept;
  void recycle(segment* s) noexcept;
  void recount(const segment* own) noexcept;
  void note_peak(std::size_t now) noexcept;

  alignas(port::line) weir::detail::arrivals<segment> pushed_;
  weir::detail::arrivals<link> links_;
  weir::atomic<std::uint32_t> some_of_strangers_{0};  // whether strangers_ is there
  alignas(port::line) weir::atomic<std::size_t> held_{0};
  weir::atomic<std::size_t> peak_{0};
  weir::atomic<std::uint64_t> exceeded_{0};

  mutex lock_;  // all that follows; held for a few instructions, never while anything of a user's runs
  queue waiting_;
  segment* running_ = nullptr;
  std::uint64_t serial_ = 0;
  segment* spare_ = nullptr;
  std::size_t spares_ = 0;
  segment* strangers_ = nullptr;
  link* links_waiting_ = nullptr;
  period links_target_ = 0;
  link* links_left_ = nullptr;  // of those that are being run, by links_runner_
  const void* links_runner_ = nullptr;
};

}  // namespace weir::rcu::detail
