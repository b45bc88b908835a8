// What callbacks need of the flavour that they are of. Internal.
#pragma once

namespace weir::rcu::urcu {

struct engine {
  void (*synchronize)() noexcept;
  void (*register_thread)() noexcept;
  void (*unregister_thread)() noexcept;
  // A section of whoever calls, also of a thread that is not registered. False: it is inside anyway, and does not
  // leave.
  bool (*enter)() noexcept;
  void (*leave)() noexcept;
  // Whether the caller would wait for itself in synchronize().
  bool (*is_inside)() noexcept;
  // qsbr's: as enter(), for callbacks, which are not in a section elsewhere.
  bool (*come_online)() noexcept;
  // qsbr's: whether the caller was online; it is offline now. False elsewhere.
  bool (*go_offline)() noexcept;
  void (*go_online)() noexcept;
};

// The calling thread holds nothing while this lives, so that a worker that it waits for need not wait for it.
class away {
 public:
  explicit away(const engine& e) noexcept : engine_(e), was_online_(e.go_offline()) {}
  ~away() {
    if (was_online_) engine_.go_online();
  }
  away(const away&) = delete;
  away& operator=(const away&) = delete;

 private:
  const engine& engine_;
  const bool was_online_;
};

// In qsbr the calling thread is online while this lives, whatever it was: callbacks may read.
class present {
 public:
  explicit present(const engine& e) noexcept : engine_(e), came_(e.come_online()) {}
  ~present() {
    if (came_) engine_.go_offline();
  }
  present(const present&) = delete;
  present& operator=(const present&) = delete;

 private:
  const engine& engine_;
  const bool came_;
};

}  // namespace weir::rcu::urcu
