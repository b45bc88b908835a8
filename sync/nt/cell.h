// What lies in a segment: a cell for each object, a record for each thread, and what says that it is one. Internal.
//
// Nothing in a segment is a pointer: cells and records are named by their numbers in it, nodes of queues by their
// record's number and their place there. 0 is none. The same layout serves private and shared memory.
//
// `Types` says what the fields are made of: real atomics, or a model checker's.
//
//     Types::atomic<T>  Types::plain<T>     a word that threads race for; one that a lock, or an owner, guards
//     Types::parker, Types::deadline        weir/sync/park: brings the record's thread to sleep, wakes it
//     Types::timeout                        what a wait is given; only_polls(): it does not block
//     Types::most                           objects in a wait
//     Types::never()                        the deadline that does not come
//     Types::nap(deadline)                  sleeps for a while where the parker cannot; false: the deadline has passed
//     Types::pauses()                       how long to look at an object before its queue is entered
//     Types::fence()                        a full barrier
//     Types::fence_after_exchange()         what an exchange lacks to be one
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/sync/nt/word.h"

namespace weir::nt::detail {

using number = std::uint32_t;

// An object. Guarded by the lock in its word, where nothing else is said.
template <class Types>
struct alignas(64) cell {
  template <class T>
  using plain = typename Types::template plain<T>;

  typename Types::template atomic<word::bits> word{};

  // The queue, oldest node first; and how many of its nodes are of waits for all.
  plain<number> head{};
  plain<number> tail{};
  plain<std::uint32_t> all_nodes{};

  plain<std::uint32_t> limit{};  // semaphore: the largest count. Constant

  // Mutant: how often its owner has it; 1 while it has none, so that the first taker need not write. The owner's own,
  // or written for it by who hands over to it; read by others under the lock, during which the owner stays the same.
  typename Types::template atomic<std::uint32_t> recursion{};
  // The list of what its owner owns: the owner's own. Next: also that of cells that are free, under the segment's lock.
  plain<number> own_next{};
  plain<number> own_prior{};

  plain<std::uint32_t> references{};  // from outside: handles, objects in hand

  // For who holds the group's lock: which cells they have locked. The first also for whoever has the cell locked.
  plain<word::bits> held_word{};  // the word, while it is locked
  plain<number> held_next{};      // the next one that is
  plain<std::uint8_t> held{};     // whether it is

  plain<std::uint8_t> object{};  // what it is to who named it by a handle (event, timer, ...). Constant
  // In private memory: which process has made the object, by the number of forks before it. Constant
  plain<std::uint16_t> process{};
  plain<std::uint32_t> generation{};  // of the cell's objects: how many have ended. Written under the lock
  plain<number> self{};               // its own number. Constant
};

// A place in a queue. Guarded by the lock of the cell that it is for, while it is linked.
template <class Types>
struct node {
  template <class T>
  using plain = typename Types::template plain<T>;

  plain<std::uint32_t> next{};
  plain<std::uint32_t> prior{};
  plain<number> cell{};
  plain<std::uint8_t> linked{};
  plain<std::uint8_t> all{};     // the object counts for a wait for all. Of one node: an alert in such a wait does not
  plain<std::uint8_t> mutant{};  // what it is linked to is one
  plain<std::uint8_t> spare{};
};

// The state of a record's wait: one of these, and `parked`.
//
//     state      from                 by
//     idle       the end              nobody: the record has never waited
//     pending    any but claimed      the thread, with all objects of the wait locked, before it enters their queues
//     claimed    pending              a signaler, by an exchange, with an object locked that has a node of the thread's
//     done       claimed              the same signaler, with everything unlocked: its last touch of the record
//     timed_out  pending              the thread, by an exchange
//     + parked   itself               the thread, by an exchange, before it sleeps: who makes it done has to wake it
namespace phase {
inline constexpr std::uint32_t idle = 0;
inline constexpr std::uint32_t pending = 1;
inline constexpr std::uint32_t claimed = 2;
inline constexpr std::uint32_t done = 3;
inline constexpr std::uint32_t timed_out = 4;
inline constexpr std::uint32_t mask = 7;
inline constexpr std::uint32_t parked = 8;
[[nodiscard]] WEIR_INLINE constexpr std::uint32_t of(std::uint32_t state) noexcept { return state & mask; }
}  // namespace phase

// A thread. Records are never given back: who wakes a thread may look at the word of one that has gone on.
template <class Types>
struct alignas(64) record {
  template <class T>
  using plain = typename Types::template plain<T>;

  static constexpr std::uint32_t most_nodes = Types::most + 1;  // and one for an alert

  typename Types::template atomic<std::uint32_t> state{};

  plain<std::uint32_t> result{};  // written between claimed and done: index, + 0x80 where a mutant was abandoned
  plain<std::uint32_t> count{};   // nodes of the wait. Written before pending
  plain<number> wake_next{};      // who is to be woken after it by the same signaler. Between claimed and done
  plain<number> owned{};          // the first mutant that the thread owns: its own
  plain<number> self{};           // its own number. Constant
  plain<number> alert{};          // the thread's alert, a cell; 0: none. Its own
  plain<number> object{};         // the thread as an object, a cell; 0: none. Its own

  alignas(64) node<Types> nodes[most_nodes]{};

  typename Types::parker parker{};  // its own; unpark() anybody's
};

// The number of a node: its record's, and its place there.
inline constexpr unsigned place_bits = 7;
[[nodiscard]] WEIR_INLINE constexpr std::uint32_t node_number(number record, std::uint32_t place) noexcept {
  return record << place_bits | place;
}
[[nodiscard]] WEIR_INLINE constexpr number record_of(std::uint32_t node) noexcept { return node >> place_bits; }
[[nodiscard]] WEIR_INLINE constexpr std::uint32_t place_of(std::uint32_t node) noexcept {
  return node & ((1u << place_bits) - 1);
}

// What a segment begins with.
template <class Types>
struct alignas(64) segment_header {
  static constexpr std::uint32_t right_magic = 0x544e5745;  // "EWNT", from its last byte
  static constexpr std::uint32_t right_version = 1;         // of all layouts in this file

  std::uint32_t magic = right_magic;
  std::uint32_t version = right_version;
  std::uint32_t cell_bytes = sizeof(cell<Types>);
  std::uint32_t record_bytes = sizeof(record<Types>);
  std::uint32_t most = Types::most;
  std::uint32_t spare[11] = {};

  // The group's lock: 0 free, 1 taken. One for all objects that may meet in one wait for all.
  typename Types::template atomic<std::uint32_t> group{};
};

// A segment: where cells and records are. `Segment` has
//     types                                 see above
//     cell<types>& cell_at(number)          cells and records by their numbers, at addresses that never change
//     record<types>& record_at(number)
//     atomic<uint32>& group()               the group's lock
//     deadline start(timeout)               of a wait that begins now
//     void ended(cell<types>&)              its object is no more, and it is not locked any longer. May take a lock,
//                                           if that is never held where a cell's lock is waited for
//     static void wait_for_lock(round, word)    a cell's lock, or the group's, is taken: for a while; round counts up
template <class Segment>
using cell_of = cell<typename Segment::types>;
template <class Segment>
using thread_of = record<typename Segment::types>;

}  // namespace weir::nt::detail
