// Semaphores and mutants by their handles: items 22 to 54 of the list of what NT does.
#include <atomic>
#include <limits>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/api/api.h"
#include "weir/rcu/domain.h"
#include "weir/sync/nt/take.h"

namespace {

using namespace weir::test::nt;
using weir::test::eventually;

NTSTATUS made(LONG count, LONG limit) {
  handle h;
  return NtCreateSemaphore(h.to(), SEMAPHORE_ALL_ACCESS, nullptr, count, limit);
}

TEST_CASE("nt 22, 23, 24: what a semaphore may be made with") {
  CHECK(made(2, 1) == STATUS_INVALID_PARAMETER);
  CHECK(made(0, 0) == STATUS_INVALID_PARAMETER);
  CHECK(made(0, -1) == STATUS_INVALID_PARAMETER);
  CHECK(made(-1, 1) == STATUS_INVALID_PARAMETER);
  CHECK(made(1, 1) == STATUS_SUCCESS);
  CHECK(made(0x7fffffff, 0x7fffffff) == STATUS_SUCCESS);
}

TEST_CASE("nt 25, 26: a semaphore tells its count and its limit, and a wait takes one") {
  const handle s = semaphore(2, 5);
  SEMAPHORE_BASIC_INFORMATION info{};
  ULONG length = 0;
  CHECK(NtQuerySemaphore(s, SemaphoreBasicInformation, &info, sizeof info, &length) == STATUS_SUCCESS);
  CHECK(info.CurrentCount == 2);
  CHECK(info.MaximumCount == 5);
  CHECK(length == 8);
  CHECK(poll(s) == STATUS_WAIT_0);
  CHECK(count(s) == 1);
  CHECK(poll(s) == STATUS_WAIT_0);
  CHECK(poll(s) == STATUS_TIMEOUT);
}

TEST_CASE("nt 27, 28, 29: Release adds up to the limit, and says what was before") {
  const handle s = semaphore(1, 3);
  LONG before = 77;
  CHECK(NtReleaseSemaphore(s, 3, &before) == STATUS_SEMAPHORE_LIMIT_EXCEEDED);
  CHECK(NtReleaseSemaphore(s, 0x7fffffff, &before) == STATUS_SEMAPHORE_LIMIT_EXCEEDED);
  CHECK(NtReleaseSemaphore(s, -1, &before) == STATUS_SEMAPHORE_LIMIT_EXCEEDED);
  CHECK(before == 77);
  CHECK(count(s) == 1);
  CHECK(NtReleaseSemaphore(s, 2, &before) == STATUS_SUCCESS);
  CHECK(before == 1);
  CHECK(count(s) == 3);
  CHECK(NtReleaseSemaphore(s, 1, nullptr) == STATUS_SEMAPHORE_LIMIT_EXCEEDED);
}

TEST_CASE("nt 30: Release of 0 is refused, as on Windows") {
  const handle s = semaphore(1, 3);
  LONG before = 77;
  CHECK(NtReleaseSemaphore(s, 0, &before) == STATUS_INVALID_PARAMETER);
  CHECK(before == 77);
  CHECK(count(s) == 1);
}

TEST_CASE("nt 31, 32: Release wakes as many as it has for, and the count is without them") {
  const handle s = semaphore(0, 10);
  blocked first([&] { return wait(s); });
  blocked second([&] { return wait(s); });
  blocked third([&] { return wait(s); });
  REQUIRE(seen_waiting(s, 3));
  LONG before = 77;
  CHECK(NtReleaseSemaphore(s, 2, &before) == STATUS_SUCCESS);
  CHECK(before == 0);
  REQUIRE(seen_waiting(s, 1));
  CHECK(count(s) == 0);
  CHECK(NtReleaseSemaphore(s, 4, &before) == STATUS_SUCCESS);
  CHECK(before == 0);
  CHECK(count(s) == 3);
  CHECK(first.result() == STATUS_WAIT_0);
  CHECK(second.result() == STATUS_WAIT_0);
  CHECK(third.result() == STATUS_WAIT_0);
}

TEST_CASE("nt 33: a query of the wrong length, class or handle") {
  const handle s = semaphore(0, 1);
  SEMAPHORE_BASIC_INFORMATION info[2];
  const auto other = static_cast<SEMAPHORE_INFORMATION_CLASS>(1);
  CHECK(NtQuerySemaphore(s, SemaphoreBasicInformation, info, 4, nullptr) == STATUS_INFO_LENGTH_MISMATCH);
  CHECK(NtQuerySemaphore(s, SemaphoreBasicInformation, info, 16, nullptr) == STATUS_INFO_LENGTH_MISMATCH);
  CHECK(NtQuerySemaphore(s, other, info, 8, nullptr) == STATUS_INVALID_INFO_CLASS);
  CHECK(NtQuerySemaphore(nullptr, SemaphoreBasicInformation, info, 8, nullptr) == STATUS_INVALID_HANDLE);
}

TEST_CASE("nt 34: Release refuses other objects, and handles without the right") {
  const handle e = automatic();
  CHECK(NtReleaseSemaphore(e, 1, nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(state(e) == 0);
  const handle s = semaphore(0, 1);
  const handle looks = with(s, SEMAPHORE_QUERY_STATE);
  CHECK(NtReleaseSemaphore(looks, 1, nullptr) == STATUS_ACCESS_DENIED);
  CHECK(count(looks) == 0);
}

TEST_CASE("nt 35, 36, 37: a mutant is owned as often as it was waited for") {
  const handle m = mutant(true);
  CHECK(is(mutant_state(m), 0, true, false));
  CHECK(wait(m) == STATUS_WAIT_0);
  CHECK(is(mutant_state(m), -1, true, false));
  LONG before = 77;
  CHECK(NtReleaseMutant(m, &before) == STATUS_SUCCESS);
  CHECK(before == -1);
  CHECK(NtReleaseMutant(m, &before) == STATUS_SUCCESS);
  CHECK(before == 0);
  CHECK(is(mutant_state(m), 1, false, false));
}

TEST_CASE("nt 38, 39, 52: only the owner may release, and is told that it owns") {
  const handle m = mutant();
  LONG before = 77;
  CHECK(NtReleaseMutant(m, &before) == STATUS_MUTANT_NOT_OWNED);
  CHECK(wait(m) == STATUS_WAIT_0);
  blocked other([&] {
    if (!is(mutant_state(m), 0, false, false)) return STATUS_UNSUCCESSFUL;
    if (poll(m) != STATUS_TIMEOUT) return STATUS_UNSUCCESSFUL;
    return NtReleaseMutant(m, &before);
  });
  CHECK(other.result() == STATUS_MUTANT_NOT_OWNED);
  CHECK(before == 77);
  CHECK(is(mutant_state(m), 0, true, false));
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("nt 40, 41, 42, 43, 44: a mutant whose owner has ended is free, and the next owner is told, once") {
  const handle m = mutant();
  for (int again = 0; again < 2; ++again) {
    CHECK(blocked([&] {
            static_cast<void>(wait(m));
            return wait(m);
          }).result() == STATUS_WAIT_0);
    CHECK(is(mutant_state(m), 1, false, true));
    CHECK(blocked([&] {
            const NTSTATUS told = wait(m);
            return is(mutant_state(m), 0, true, false) ? told : STATUS_UNSUCCESSFUL;
          }).result() == STATUS_ABANDONED_WAIT_0);  // and it ends with it again
  }
  CHECK(wait(m) == STATUS_ABANDONED_WAIT_0);
  CHECK(is(mutant_state(m), 0, true, false));
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
  CHECK(wait(m) == STATUS_WAIT_0);
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("nt 45, 46: who waits for a mutant when its owner ends is told so, with the index") {
  const handle m = mutant();
  const handle e = automatic();
  weir::test::gate end;
  blocked owner([&] {
    const NTSTATUS s = wait(m);
    end.pass();
    return s;
  });
  REQUIRE(end.await(1));
  const HANDLE both[] = {e, m};
  blocked waiter([&] { return NtWaitForMultipleObjects(2, both, WaitAny, 0, nullptr); });
  REQUIRE(seen_waiting(m, 1));
  end.open();
  CHECK(owner.result() == STATUS_WAIT_0);
  CHECK(waiter.result() == STATUS_ABANDONED_WAIT_0 + 1);
  CHECK(wait(m) == STATUS_ABANDONED_WAIT_0);
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("nt 47: a wait for all with an abandoned mutant says 0x80, whatever its index") {
  const handle m = mutant();
  const handle e = automatic(true);
  CHECK(blocked([&] { return wait(m); }).result() == STATUS_WAIT_0);
  const HANDLE both[] = {e, m};
  CHECK(NtWaitForMultipleObjects(2, both, WaitAll, 0, nullptr) == STATUS_ABANDONED);
  CHECK(state(e) == 0);
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("nt 49, 50, 51: what needs a right of a mutant, and what does not") {
  const handle m = mutant(true);
  const handle reads = with(m, READ_CONTROL);
  CHECK(poll(reads) == STATUS_ACCESS_DENIED);
  MUTANT_BASIC_INFORMATION info{};
  CHECK(NtQueryMutant(reads, MutantBasicInformation, &info, sizeof info, nullptr) == STATUS_ACCESS_DENIED);
  LONG before = 77;
  CHECK(NtReleaseMutant(reads, &before) == STATUS_SUCCESS);
  CHECK(before == 0);
  const handle waits = with(m, SYNCHRONIZE);
  CHECK(wait(waits) == STATUS_WAIT_0);
  CHECK(NtQueryMutant(waits, MutantBasicInformation, &info, sizeof info, nullptr) == STATUS_ACCESS_DENIED);
  CHECK(NtReleaseMutant(waits, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("nt 53: Release wakes one waiter; with recursion left nobody") {
  const handle m = mutant(true);
  CHECK(wait(m) == STATUS_WAIT_0);
  const auto take = [&] {
    const NTSTATUS s = wait(m);
    return s == STATUS_WAIT_0 ? NtReleaseMutant(m, nullptr) : s;
  };
  blocked first(take);
  blocked second(take);
  REQUIRE(seen_waiting(m, 2));
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
  CHECK(waiting(m) == 2);
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == STATUS_SUCCESS);
  CHECK(second.result() == STATUS_SUCCESS);
}

TEST_CASE("nt 54: a mutant cannot be owned more often than its count tells") {
  const handle m = mutant(true);
  {
    const detail::section s;
    const auto f = s.find(reinterpret_cast<detail::handle_value>(static_cast<HANDLE>(m)), 0);
    f.object->recursion.store(detail::most_recursion, std::memory_order_relaxed);  // as if it had been waited for
  }
  CHECK(mutant_state(m).CurrentCount == std::numeric_limits<LONG>::min());
  CHECK(poll(m) == STATUS_MUTANT_LIMIT_EXCEEDED);
  const HANDLE both[] = {m, m};
  CHECK(NtWaitForMultipleObjects(1, both, WaitAny, 0, &zero) == STATUS_MUTANT_LIMIT_EXCEEDED);
  CHECK(mutant_state(m).CurrentCount == std::numeric_limits<LONG>::min());
  LONG before = 0;
  CHECK(NtReleaseMutant(m, &before) == STATUS_SUCCESS);
  CHECK(before == std::numeric_limits<LONG>::min());
  CHECK(poll(m) == STATUS_WAIT_0);
  const detail::section s;
  s.find(reinterpret_cast<detail::handle_value>(static_cast<HANDLE>(m)), 0)
      .object->recursion.store(1, std::memory_order_relaxed);
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
}

// A signaler may still lock a cell for the sake of the object that it was before.
TEST_CASE("nt 35: one that is made owned is, whoever locks its cell meanwhile") {
  detail::segment& seg = detail::own_segment();
  const auto cell_of = [](HANDLE h) {
    const detail::section s;
    return s.find(reinterpret_cast<detail::handle_value>(h), 0).object;
  };
  handle m = mutant();
  std::atomic<detail::native_cell*> last{cell_of(m)};  // the next to be used
  m.close();
  std::atomic<bool> over{false};
  std::thread signaler([&] {
    while (!over.load(std::memory_order_relaxed)) {
      detail::native_cell& c = *last.load(std::memory_order_relaxed);  // a cell is never given back
      detail::word::bits w = 0;
      if (detail::try_lock(seg, c, w)) detail::unlock(seg, c, w);
    }
  });
  int wrong = 0;
  int same = 0;
  for (int i = 0; i < weir::test::scaled(1000); ++i) {
    weir::rcu::default_domain().barrier();  // the cell is free
    m = mutant(true);
    same += cell_of(m) == last.load(std::memory_order_relaxed) ? 1 : 0;  // our own
    if (!is(mutant_state(m), 0, true, false) || NtReleaseMutant(m, nullptr) != STATUS_SUCCESS) ++wrong;
    last.store(cell_of(m), std::memory_order_relaxed);
    m.close();
  }
  over.store(true, std::memory_order_relaxed);
  signaler.join();
  CHECK(wrong == 0);
  CHECK(same > 0);
}

}  // namespace
