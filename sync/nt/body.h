// What an object has beside its cell, in this process: a name, a timer's time, a thread's APCs. Internal.
//
// A cell lies in a segment, where nothing is a pointer and nothing belongs to one process; a body is found by the
// cell's number. Events, semaphores and mutants without a name have none.
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/sync/nt/counts.h"
#include "weir/sync/nt/handle_slot.h"
#include "weir/sync/nt/segment.h"

namespace weir::nt::detail {

struct name;

// Who has it: counts.h. With the last reference it goes, and its reference to the cell.
class body {
 public:
  // What its type does with it, on any thread, with no lock held. Closed, which may be null: a grace period after the
  // last handle was closed, perhaps several times. Destroy: with the last reference; frees the memory.
  struct functions {
    void (*closed)(body&) noexcept;
    void (*destroy)(body*) noexcept;
  };

  // One handle, one reference; the reference to the cell is the body's from now on.
  body(native_cell& c, const functions& f) noexcept : cell_(c), functions_(f) {}
  body(const body&) = delete;
  body& operator=(const body&) = delete;

  [[nodiscard]] native_cell& cell() const noexcept { return cell_; }

  // The caller has a reference, or is in a section in which it has seen one.
  void refer() noexcept { counts_.refer(); }
  void drop() noexcept;
  // A handle's reference, a grace period after it was closed.
  void drop_handle() noexcept;

  // One more handle, with its reference. False: the last one has been closed. Who may ask for it: counts.h.
  [[nodiscard]] bool add_handle() noexcept { return counts_.add_handle(); }
  // The handle's reference remains.
  void close_handle() noexcept;
  [[nodiscard]] std::uint32_t handles() const noexcept { return counts_.handles(); }  // now

  name* called = nullptr;  // null: it has no name, or has it no more. Under the lock of the names

 private:
  native_cell& cell_;
  const functions& functions_;
  counts counts_;
};

// Makes the body to be found by its cell's number. False: out of memory.
[[nodiscard]] bool attach(body& b) noexcept;

// Of an object that has one, which the caller keeps from ending.
[[nodiscard]] body& body_of(number cell) noexcept;

}  // namespace weir::nt::detail
