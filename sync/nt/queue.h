// The queue of a cell: one list in order of arrival, whatever is waited for. Internal; under the cell's lock.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/sync/nt/cell.h"

namespace weir::nt::detail {

template <class Segment>
[[nodiscard]] node<typename Segment::types>& node_at(Segment& seg, std::uint32_t n) noexcept {
  return seg.record_at(record_of(n)).nodes[place_of(n)];
}

// Wrong on purpose: the newest first.
template <class Segment>
void prepend(Segment& seg, cell_of<Segment>& c, std::uint32_t n) noexcept {
  auto& x = node_at(seg, n);
  x.prior = 0;
  x.next = c.head;
  if (c.head != 0) {
    node_at(seg, c.head).prior = n;
  } else {
    c.tail = n;
  }
  c.head = n;
}

template <class Segment>
void append(Segment& seg, cell_of<Segment>& c, std::uint32_t n) noexcept {
  auto& x = node_at(seg, n);
  x.linked = 1;
  if (x.all != 0) c.all_nodes = c.all_nodes + 1;
  if (mutation::removed<"nt-fifo">()) return prepend(seg, c, n);
  const std::uint32_t last = c.tail;
  x.next = 0;
  x.prior = last;
  if (last != 0) {
    node_at(seg, last).next = n;
  } else {
    c.head = n;
  }
  c.tail = n;
}

template <class Segment>
void remove(Segment& seg, cell_of<Segment>& c, std::uint32_t n) noexcept {
  auto& x = node_at(seg, n);
  const std::uint32_t next = x.next;
  const std::uint32_t prior = x.prior;
  if (prior != 0) {
    node_at(seg, prior).next = next;
  } else {
    c.head = next;
  }
  if (next != 0) {
    node_at(seg, next).prior = prior;
  } else {
    c.tail = prior;
  }
  x.linked = 0;
  x.next = 0;
  x.prior = 0;
  if (x.all != 0) c.all_nodes = c.all_nodes - 1;
}

}  // namespace weir::nt::detail
