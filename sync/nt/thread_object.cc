#include "weir/sync/nt/thread_object.h"

#include <new>

#include "weir/barrier/forever.h"
#include "weir/barrier/static_mutex.h"
#include "weir/barrier/thread.h"
#include "weir/sync/nt/room.h"
#include "weir/sync/nt/self.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/timer.h"

namespace weir::nt::detail {

constinit thread_local thread_object* own_thread_object WEIR_TLS_FAST = nullptr;

namespace {

// Numbers of threads are handles of a table of their own, as on NT.
constinit weir::detail::forever<handle_table> numbers;

constinit weir::atomic<native_cell*> process{nullptr};

// A thread's object, if it has one. By the number: a thread_local is not everywhere there until the thread's end.
thread_object* object_of(barrier::thread::index i) noexcept {
  const native_record* const r = i != barrier::thread::none ? own_segment().find_record(number_of(i)) : nullptr;
  return r != nullptr && r->object != 0 ? &static_cast<thread_object&>(body_of(r->object)) : nullptr;
}

native_cell* make_event(kind k, type what) noexcept {
  return own_segment().make(k, 0, 0, static_cast<std::uint8_t>(what));
}

}  // namespace

thread_object::thread_object(native_cell& c, handle_value id) noexcept : body(c, own_functions), id_(id) {}

bool thread_object::make_cells() noexcept {
  apcs_ = make_event(kind::auto_event, type::none);
  alert_ = make_event(kind::auto_event, type::none);
  met_ = make_event(kind::auto_event, type::none);
  return apcs_ != nullptr && alert_ != nullptr && met_ != nullptr;
}

void thread_object::destroy(body* b) noexcept {
  auto* const t = static_cast<thread_object*>(b);
  for (native_cell* c : {t->apcs_, t->alert_, t->met_}) {
    if (c != nullptr) own_segment().drop(*c);
  }
  numbers.value.give_back(t->id_);
  delete t;
}

thread_object* thread_object::make() noexcept {
  const handle_value id = numbers.value.reserve();
  if (id == 0) return nullptr;
  native_cell* const c = make_event(kind::manual_event, type::thread);
  auto* const t = c != nullptr ? new (std::nothrow) thread_object(*c, id) : nullptr;
  if (t != nullptr && t->make_cells() && attach(*t)) return t;
  if (t != nullptr) {
    t->drop();  // and the number
    return nullptr;
  }
  if (c != nullptr) own_segment().drop(*c);
  numbers.value.give_back(id);
  return nullptr;
}

entry thread_object::as_entry() const noexcept {
  return entry::make(type::thread, 0, cell().self, cell().generation, true).with(~access_mask{0}, false, false);
}

void thread_object::show() noexcept { numbers.value.show(id_, as_entry()); }

// The number leads nowhere first: nobody finds it after somebody has seen the thread's end. It is nobody else's before
// the object goes: who has a handle, or was told the number, does not mean another thread by it.
void thread_object::end() noexcept {
  refer();
  apcs.close();
  if (has_set_timers) cancel_timers_of(*this);
  close_handle();
  using table = handle_table;
  static_cast<void>(
      numbers.value.close<table::number_of_closed::owned>(id_, [](entry e) noexcept { return retire(e); }));
  shown_status_.store(status_, std::memory_order_release);  // [exit-status]
  set_event(own_segment(), cell());
  drop();  // whoever has found it in a section has been let to it by another reference, which is there until that ends
}

bool become(thread_object& t) noexcept {
  enter_handles();
  native_record* const me = self();
  if (me == nullptr) return false;
  me->object = t.cell().self;
  own_thread_object = &t;
  return true;
}

thread_object* make_own_thread() noexcept {
  enter_handles();
  native_record* const me = self();
  if (me == nullptr) return nullptr;
  if (thread_object* const known = object_of(me->self - 1); known != nullptr) return own_thread_object = known;
  // Else it might stay, for the next thread with this number.
  if (barrier::thread::is_leaving()) return nullptr;
  thread_object* const t = thread_object::make();
  if (t == nullptr) return nullptr;
  t->show();
  me->object = t->cell().self;
  return own_thread_object = t;
}

thread_object* find_thread(const section&, handle_value id) noexcept {
  const entry e = numbers.value.look(id);
  return e.is_any() && id % 4 == 0 ? &thread_of_entry(e) : nullptr;
}

native_cell* own_process() noexcept {
  enter_handles();                                               // for the child of a fork(), which has another one
  native_cell* there = process.load(std::memory_order_acquire);  // [own-process]
  if (there != nullptr) return there;
  native_cell* const made = make_event(kind::manual_event, type::process);
  if (made == nullptr) return nullptr;
  // [own-process] Release: it has been made. Acquire: so has a faster thread's. Both ends are here.
  if (process.compare_exchange_strong(there, made, std::memory_order_acq_rel, std::memory_order_acquire)) return made;
  own_segment().drop(*made);
  return there;
}

void end_thread(barrier::thread::index i) noexcept {
  own_thread_object = nullptr;
  thread_object* const t = object_of(i);
  if (t == nullptr) return;
  native_record& r = *own_segment().find_record(number_of(i));
  r.object = 0;
  // Before the thread is seen to have ended: whoever waits for that finds its mutants abandoned.
  abandon_all(own_segment(), r);
  t->end();
}

void lock_own_queue_for_fork() noexcept {
  thread_object* const t = object_of(barrier::thread::self_if_any());
  if (t != nullptr) t->apcs.lock_for_fork();
}
void unlock_own_queue_after_fork() noexcept {
  thread_object* const t = object_of(barrier::thread::self_if_any());
  if (t != nullptr) t->apcs.unlock_after_fork();
}
void lock_numbers_for_fork() noexcept { numbers.value.lock_for_fork(); }
void unlock_numbers_after_fork() noexcept { numbers.value.unlock_after_fork(); }

// The old one stays for ever: the thread may be in one of its APCs.
void forget_threads_of_parent(barrier::thread::index i) noexcept {
  if (thread_object* const t = object_of(i); t != nullptr) {
    t->apcs.forget();
    own_segment().find_record(number_of(i))->object = 0;
  }
  own_thread_object = nullptr;
  process.store(nullptr, std::memory_order_relaxed);  // one thread
}

}  // namespace weir::nt::detail
