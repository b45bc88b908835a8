// The strategy of Apple's systems, unchanged, over tests/support/shim/apple: the typed suite; and that whatever a call
// answers, every thread is stopped that can be, nothing leaks, and nobody goes on unordered.
#include <atomic>
#include <string>
#include <thread>
#include <unistd.h>

#include <mach/mach.h>

#include "tests/barrier/strategy_suite.h"
#include "tests/support/gate.h"
#include "tests/support/shim/apple/control.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/registers_apple.h"

namespace {

using namespace weir::test;
namespace detail = weir::barrier::detail;
namespace shim = weir::shim::apple;
using detail::registers;
using weir::barrier::strategy;

void light() { std::atomic_signal_fence(std::memory_order_seq_cst); }

// What no test may leave behind.
void check_nothing_is_held() {
  const shim::held h = shim::outstanding();
  CHECK(h.rights == 0);
  CHECK(h.arrays == 0);
  CHECK(shim::misuse() == 0);
  CHECK(shim::overlaps() == 0);
}

// A second thread that runs until it is told to end.
class runner {
 public:
  runner() : thread_([this] { run(); }) {
    while (!runs_.load(std::memory_order_acquire)) std::this_thread::yield();
  }
  ~runner() {
    stop_.store(true, std::memory_order_release);
    thread_.join();
  }
  runner(const runner&) = delete;
  runner& operator=(const runner&) = delete;

 private:
  void run() {
    runs_.store(true, std::memory_order_release);
    while (!stop_.load(std::memory_order_acquire)) std::this_thread::yield();
  }

  std::atomic<bool> runs_{false};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// How many threads one heavy() stops while there are `others`.
unsigned stopped_by_one() {
  const unsigned before = shim::stopped();
  registers::heavy();
  return shim::stopped() - before;
}

TEST_CASE("of two who announce and look, at least one sees the other") {
  REQUIRE(available_here<registers>());
  REQUIRE(registers::install());
  check_property<registers>(&light, scaled(20'000));
  check_nothing_is_held();
}

TEST_CASE("available, installed as often as one likes, used") {
  check_life<registers>();
  check_nothing_is_held();
}

TEST_CASE("used by any thread") {
  REQUIRE(registers::install());
  check_threads<registers>();
  check_nothing_is_held();
}

TEST_CASE("installed before fork(), it holds in the child") {
  REQUIRE(registers::install());
  check_child<registers>(&light);
  check_nothing_is_held();
}

TEST_CASE("every thread but the caller is stopped, once each") {
  REQUIRE(registers::install());
  const unsigned around = stopped_by_one();  // a sanitizer may have threads of its own
  const runner a;
  CHECK(stopped_by_one() == around + 1);
  const runner b;
  const runner c;
  CHECK(stopped_by_one() == around + 3);
  check_nothing_is_held();
}

TEST_CASE("a buffer that is too short is made longer, as often as it takes, and the thread is stopped") {
  REQUIRE(registers::install());
  const runner r;
  for (const std::size_t count : {257u, 1'000u, 1'001u, 100'000u, 34u}) {
    CAPTURE(count);
    shim::values(count);
    CHECK(stopped_by_one() >= 1);
  }
  // A kernel that says "too short" without a larger number does not end in a loop: the room grows by itself.
  const unsigned calls = shim::registers().calls();
  shim::registers().plan(KERN_INSUFFICIENT_BUFFER_SIZE, 3);
  CHECK(stopped_by_one() >= 1);
  CHECK(shim::registers().calls() >= calls + 4);
  check_nothing_is_held();
}

TEST_CASE("a thread that has ended meanwhile is passed over, and the others are stopped") {
  REQUIRE(registers::install());
  const runner a;
  const runner b;
  const unsigned all = stopped_by_one();
  for (const int code : {KERN_TERMINATED, KERN_INVALID_ARGUMENT, MACH_SEND_INVALID_DEST}) {
    CAPTURE(code);
    shim::registers().plan(code);
    CHECK(stopped_by_one() == all - 1);
    CHECK(stopped_by_one() == all);
  }
  check_nothing_is_held();
}

TEST_CASE("a caller whose wait was broken off asks again, and so does one for whom memory was short") {
  REQUIRE(registers::install());
  const runner r;
  const unsigned all = stopped_by_one();
  for (const int code : {KERN_ABORTED, KERN_RESOURCE_SHORTAGE, KERN_NO_SPACE}) {
    CAPTURE(code);
    shim::registers().plan(code, 5);
    CHECK(stopped_by_one() == all);
    shim::task_threads().plan(code, 3);
    CHECK(stopped_by_one() == all);
  }
  check_nothing_is_held();
}

TEST_CASE("threads that come and go while others call leave nothing behind") {
  REQUIRE(registers::install());
  std::atomic<bool> enough{false};
  crew threads;
  for (int i = 0; i < 2; ++i) {
    threads.add([&] {
      while (!enough.load(std::memory_order_relaxed)) std::thread([] { light(); }).join();
    });
  }
  for (int n = scaled(500); n > 0; --n) weir::barrier::heavy();
  enough.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
  check_nothing_is_held();
}

TEST_CASE("a fork in the middle of a walk waits for its end, and the child has a room of its own") {
  REQUIRE(registers::install());
  std::atomic<bool> enough{false};
  crew threads;
  threads.add([&] {
    std::size_t n = 34;
    while (!enough.load(std::memory_order_relaxed)) {
      shim::values(n = n < 100'000 ? n + 1'000 : 34);
      weir::barrier::heavy();
    }
  });
  for (int n = scaled(100); n > 0; --n) {
    const outcome child = forked([] {
      weir::barrier::heavy();
      const shim::held h = shim::outstanding();
      return unless(h.rights == 0 && h.arrays == 0, "the child holds rights or arrays");
    });
    CHECK(child.summary() == "exit 0");
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
  shim::values(34);
  check_nothing_is_held();
}

TEST_CASE("a refusal that is no bad luck ends the process, with the call and the code") {
  REQUIRE(registers::install());
  const outcome by_thread = forked([] {
    const runner r;
    shim::registers().plan(KERN_FAILURE);
    registers::heavy();
    return 0;
  });
  CHECK(by_thread.summary().find("weir: thread_get_register_pointer_values failed (kernel code 5, 5); readers without "
                                 "fences rely on it") != std::string::npos);
  CHECK_FALSE(by_thread.exited);
  const outcome by_list = forked([] {
    shim::task_threads().plan(KERN_FAILURE);
    registers::heavy();
    return 0;
  });
  CHECK(by_list.summary().find("weir: task_threads failed (kernel code 5, 5)") != std::string::npos);
  CHECK_FALSE(by_list.exited);
}

TEST_CASE("memory that stays short ends the process after about ten seconds", "[long]") {
  const outcome o = forked([] {
    shim::task_threads().plan(KERN_RESOURCE_SHORTAGE, weir::shim::refusals::for_ever);
    registers::heavy();
    return 0;
  });
  CHECK(o.summary().find("weir: task_threads failed (kernel code 6, 6)") != std::string::npos);
}

TEST_CASE("under Rosetta, and where that cannot be told, the strategy is refused; also on request") {
  for (const int value : {-1, 0}) {
    shim::translated(value);
    CHECK(registers::available(detail::wish::automatic));
  }
  shim::translated(1);
  for (const detail::wish w : {detail::wish::automatic, detail::wish::named}) {
    const detail::verdict v = registers::available(w);
    CHECK_FALSE(v);
    CHECK(std::string(v.why()).find("under Rosetta 2") != std::string::npos);
  }
  shim::translated(-1);
  shim::sysctl().plan(EPERM);
  const detail::verdict v = registers::available(detail::wish::automatic);
  CHECK_FALSE(v);
  CHECK(std::string(v.why()).find("it cannot be told whether") != std::string::npos);
  CHECK(registers::available(detail::wish::automatic));
}

TEST_CASE("a first walk that is refused is a refusal of the strategy, with the call and the code") {
  shim::task_threads().plan(KERN_FAILURE);
  detail::verdict v = registers::install();
  CHECK_FALSE(v);
  CHECK(std::string(v.why()) == "task_threads failed (kernel code 5)");
  // Also by the codes of a thread that has ended, with no other thread there.
  for (const int code : {KERN_FAILURE, KERN_INVALID_ARGUMENT, KERN_TERMINATED}) {
    shim::registers().plan(code);
    v = registers::install();
    CHECK_FALSE(v);
    const std::string told = "thread_get_register_pointer_values failed (kernel code " + std::to_string(code) + ")";
    CHECK(v.why() == told);
  }
  CHECK(registers::install());
  check_nothing_is_held();
}

// Of this process, and of others that were started under other conditions.
TEST_CASE("what this process has", "[.role]") {
  std::printf("active=%s\ndescribe=%s\n", weir::barrier::name(weir::barrier::active()).data(),
              weir::barrier::describe());
}

TEST_CASE("the process has chosen registers, and says so") {
  CHECK(weir::barrier::active() == strategy::registers);
  CHECK(std::string(weir::barrier::describe()) ==
        "registers: thread_get_register_pointer_values stops each thread for a moment");
}

TEST_CASE("a process that cannot have it has fences, and says why; one that insists does not start") {
  struct condition {
    const char* environment;
    const char* says;
  };
  for (const condition c :
       {condition{"WEIR_SHIM_TRANSLATED=1", "this is an x86 program under Rosetta 2"},
        condition{"WEIR_SHIM_TASK_THREADS=5", "task_threads failed (kernel code 5)"},
        condition{"WEIR_SHIM_REGISTERS=4", "thread_get_register_pointer_values failed (kernel code 4)"}}) {
    CAPTURE(c.environment);
    const outcome o = rerun({"what this process has"}, {c.environment});
    CHECK(o.exited);
    CHECK(o.text.find("active=fence") != std::string::npos);
    CHECK(o.text.find(std::string("not registers: ") + c.says) != std::string::npos);
    const outcome insists = rerun({"what this process has"}, {c.environment, "WEIR_BARRIER=registers"});
    CHECK_FALSE(insists.exited);
    CHECK(insists.text.find("asks for the barrier \"registers\", which cannot be had here: ") != std::string::npos);
  }
}

}  // namespace
