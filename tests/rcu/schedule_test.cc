// Property: in any order of steps, a period has ended only when every section is over that was open when it was asked
// for, and then it ends; and an object is run only when every section is over that was open when it was retired.
//
// The threads make their steps one at a time, as a seed says: a failure prints the seed, and the seed replays it.
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "weir/rcu/qsbr.h"
#include "weir/rcu/ready.h"
#include "weir/rcu/retire.h"

namespace {

using weir::rcu::domain;
using weir::rcu::domain_base;
using weir::rcu::grace_period;
using weir::rcu::qsbr_domain;
using weir::rcu::ready;
using weir::rcu::reclaimer;
using weir::rcu::retired;
using weir::test::scaled;

// A thread that does what it is told, and nothing else meanwhile.
class stepper {
 public:
  stepper() : thread_([this] { run(); }) {}
  ~stepper() {
    step(nullptr);
    thread_.join();
  }
  stepper(const stepper&) = delete;
  stepper& operator=(const stepper&) = delete;

  // Returns when it is done. Null: the thread ends.
  void step(std::function<void()> what) {
    std::unique_lock hold(lock_);
    what_ = std::move(what);
    told_ = true;
    changed_.notify_all();
    changed_.wait(hold, [this] { return !told_; });
  }

 private:
  void run() {
    std::unique_lock hold(lock_);
    for (bool over = false; !over;) {
      changed_.wait(hold, [this] { return told_; });
      over = what_ == nullptr;
      if (!over) what_();
      told_ = false;
      changed_.notify_all();
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::function<void()> what_;
  bool told_ = false;
  std::thread thread_;
};

using stints = std::set<std::uint64_t>;  // times inside, of whatever thread, by their numbers

bool any_of(const stints& some, const stints& all) {
  for (const std::uint64_t s : some) {
    if (all.count(s) != 0) return true;
  }
  return false;
}

// What of a domain's flavour differs for a thread: nested sections, or being online.
struct sections {
  static void enter(domain& d) { d.lock(); }
  static void leave(domain& d) { d.unlock(); }
  static constexpr unsigned deepest = 4;
  static bool pause(domain&) { return false; }
};
struct states {
  static void enter(qsbr_domain& d) { d.online(); }
  static void leave(qsbr_domain& d) { d.offline(); }
  static constexpr unsigned deepest = 1;
  static bool pause(qsbr_domain& d) {
    d.quiescent();
    return true;
  }
};

template <class Domain, class Flavour>
class scenario {
 public:
  explicit scenario(std::uint32_t seed) : random_(seed) {
    for (person& p : people_) p.thread = std::make_unique<stepper>();
  }

  // The sentence that is wrong, or nothing.
  const char* run(int steps) {
    for (int i = 0; i < steps && wrong_ == nullptr; ++i) one_step();
    for (person& p : people_) {
      while (p.depth > 0) leave(p);
    }
    people_[0].thread->step([&] { d_.barrier(); });
    for (const object& o : objects_) expect(o.runs == 1, "an object was not run exactly once by the end of barrier()");
    for (const asked& a : periods_) expect(ends(a.period), "a period does not end although nobody is inside");
    return wrong_;
  }

 private:
  struct person {
    std::unique_ptr<stepper> thread;
    unsigned depth = 0;
    std::uint64_t stint = 0;
  };
  struct asked {
    grace_period period;
    stints open;
  };
  struct object {
    scenario* owner = nullptr;
    stints open;
    int runs = 0;
  };

  void expect(bool holds, const char* sentence) {
    if (!holds && wrong_ == nullptr) wrong_ = sentence;
  }
  // A period that is held up may have to be ended before the one that is asked for begins.
  bool ends(grace_period p) { return d_.poll(p) || d_.poll(p); }
  unsigned die(unsigned n) { return static_cast<unsigned>(random_() % n); }

  void enter(person& p) {
    if (p.depth == Flavour::deepest) return;
    p.thread->step([&] { Flavour::enter(d_); });
    if (p.depth++ == 0) open_.insert(p.stint = ++stints_);
  }
  void leave(person& p) {
    if (p.depth == 0) return;
    p.thread->step([&] { Flavour::leave(d_); });
    if (--p.depth == 0) open_.erase(p.stint);
  }
  void pause(person& p) {
    if (p.depth == 0) return;
    bool paused = false;
    p.thread->step([&] { paused = Flavour::pause(d_); });
    if (!paused) return;
    open_.erase(p.stint);
    open_.insert(p.stint = ++stints_);
  }
  void retire(person& p) {
    objects_.push_back({this, open_});
    object& o = objects_.back();
    p.thread->step([&] {
      const bool taken = d_.try_retire(&o, [](void* q) {
        auto& mine = *static_cast<object*>(q);
        ++mine.runs;
        mine.owner->expect(!any_of(mine.open, mine.owner->open_), "an object was run while a section was open");
      });
      expect(taken, "there is no memory");
    });
  }
  void ask(person& p) {
    p.thread->step([&] { periods_.push_back({d_.start_poll(), open_}); });
  }
  void look(person& p) {
    if (periods_.empty()) return;
    const asked& a = periods_[die(static_cast<unsigned>(periods_.size()))];
    p.thread->step([&] {
      const bool held_up = any_of(a.open, open_);
      if (held_up) {
        expect(!d_.poll(a.period), "a period has ended while a section is open");
      } else if (open_.empty()) {
        expect(ends(a.period), "a period does not end although nobody is inside");
      } else {
        static_cast<void>(d_.poll(a.period));
      }
    });
  }
  void reclaim(person& p) {
    p.thread->step([&] {
      ready some = d_.poll_ready();
      for (unsigned n = die(20); n > 0 && !some.empty(); --n) {
        const retired one = some.pop();
        one.run(one.object);
      }
    });
  }
  void be_another(person& p) {
    while (p.depth > 0) leave(p);
    p.thread = nullptr;  // it has ended
    p.thread = std::make_unique<stepper>();
  }

  void one_step() {
    person& p = people_[die(static_cast<unsigned>(std::size(people_)))];
    switch (die(16)) {
      case 0:
      case 1:
      case 2: return enter(p);
      case 3:
      case 4:
      case 5: return leave(p);
      case 6: return pause(p);
      case 7:
      case 8: return retire(p);
      case 9:
        for (unsigned n = die(300); n > 0; --n) retire(p);
        return;
      case 10: return ask(p);
      case 11:
      case 12: return look(p);
      case 13:
      case 14: return reclaim(p);
      default: return be_another(p);
    }
  }

  std::mt19937 random_;
  Domain d_{weir::rcu::options{.by = reclaimer::by_hand, .limit = 1500, .max_wait = {}}};
  person people_[3];
  stints open_;
  std::uint64_t stints_ = 0;
  std::vector<asked> periods_;
  std::deque<object> objects_;
  const char* wrong_ = nullptr;
};

template <class Scenario>
void many(std::uint32_t first, int seeds) {
  for (int i = 0; i < seeds; ++i) {
    const std::uint32_t seed = first + static_cast<std::uint32_t>(i);
    const char* const wrong = Scenario(seed).run(200);
    INFO("seed " << seed);
    REQUIRE((wrong == nullptr ? std::string() : std::string(wrong)) == "");
  }
}

TEST_CASE("any order of steps: nested sections") { many<scenario<domain, sections>>(1, scaled(40)); }
TEST_CASE("any order of steps: quiescent states") { many<scenario<qsbr_domain, states>>(1, scaled(40)); }
TEST_CASE("the same, for long", "[.][long]") {
  many<scenario<domain, sections>>(1'000, 20'000);
  many<scenario<qsbr_domain, states>>(1'000, 20'000);
}

}  // namespace
