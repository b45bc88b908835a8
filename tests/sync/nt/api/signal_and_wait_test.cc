// SignalAndWait: items 95 to 102 of the list of what NT does.
#include "tests/support/catch.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;

TEST_CASE("nt 95, 96, 102: SignalAndWait signals, then waits") {
  const handle to_signal = automatic();
  const handle ready = manual(true);
  CHECK(NtSignalAndWaitForSingleObject(to_signal, ready, 0, nullptr) == STATUS_SUCCESS);
  CHECK(state(to_signal) == 1);
  CHECK(NtResetEvent(to_signal, nullptr) == STATUS_SUCCESS);
  int failed = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (NtSignalAndWaitForSingleObject(to_signal, to_signal, 0, nullptr) != STATUS_SUCCESS) ++failed;
  }
  CHECK(failed == 0);
  const handle never = automatic();
  CHECK(NtSignalAndWaitForSingleObject(to_signal, never, 0, &zero) == STATUS_TIMEOUT);
  CHECK(state(to_signal) == 1);
  CHECK(NtSignalAndWaitForSingleObject(to_signal, NtCurrentThread(), 0, &zero) == STATUS_TIMEOUT);
}

TEST_CASE("nt 97, 98, 99, 100: a signal that is refused, and no wait") {
  const handle ready = automatic(true);
  const handle full = semaphore(1, 1);
  CHECK(NtSignalAndWaitForSingleObject(full, ready, 0, nullptr) == STATUS_SEMAPHORE_LIMIT_EXCEEDED);
  CHECK(NtSignalAndWaitForSingleObject(mutant(), ready, 0, nullptr) == STATUS_MUTANT_NOT_OWNED);
  const handle e = automatic();
  CHECK(NtSignalAndWaitForSingleObject(with(e, SYNCHRONIZE), ready, 0, nullptr) == STATUS_ACCESS_DENIED);
  CHECK(state(e) == 0);
  CHECK(NtSignalAndWaitForSingleObject(with(full, SYNCHRONIZE), ready, 0, nullptr) == STATUS_ACCESS_DENIED);
  CHECK(NtSignalAndWaitForSingleObject(own_thread(), ready, 0, nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtSignalAndWaitForSingleObject(NtCurrentThread(), ready, 0, nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtSignalAndWaitForSingleObject(NtCurrentThread(), nullptr, 0, nullptr) == STATUS_INVALID_HANDLE);
  CHECK(NtSignalAndWaitForSingleObject(keyed(), ready, 0, nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtSignalAndWaitForSingleObject(timer(SynchronizationTimer), ready, 0, nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(state(ready) == 1);
  const handle s = semaphore(0, 1);
  CHECK(NtSignalAndWaitForSingleObject(s, s, 0, nullptr) == STATUS_SUCCESS);
  const handle m = mutant(true);
  CHECK(NtSignalAndWaitForSingleObject(m, ready, 0, nullptr) == STATUS_SUCCESS);
  CHECK(is(mutant_state(m), 1, false, false));
}

TEST_CASE("nt 98, 99: to release a mutant needs no right, as on Windows") {
  const handle m = mutant(true);
  CHECK(NtSignalAndWaitForSingleObject(with(m, READ_CONTROL), manual(true), 0, nullptr) == STATUS_SUCCESS);
  CHECK(is(mutant_state(m), 1, false, false));
}

TEST_CASE("nt 101: with a bad handle to wait for nothing is signaled") {
  const handle e = automatic();
  CHECK(NtSignalAndWaitForSingleObject(e, nullptr, 0, nullptr) == STATUS_INVALID_HANDLE);
  CHECK(NtSignalAndWaitForSingleObject(e, with(e, EVENT_MODIFY_STATE), 0, nullptr) == STATUS_ACCESS_DENIED);
  CHECK(NtSignalAndWaitForSingleObject(nullptr, e, 0, nullptr) == STATUS_INVALID_HANDLE);
  // Both are bad: told is the one to signal, but for its type and the right, which are asked for when it is signaled.
  CHECK(NtSignalAndWaitForSingleObject(nullptr, with(e, EVENT_MODIFY_STATE), 0, nullptr) == STATUS_INVALID_HANDLE);
  CHECK(NtSignalAndWaitForSingleObject(with(e, SYNCHRONIZE), nullptr, 0, nullptr) == STATUS_INVALID_HANDLE);
  CHECK(state(e) == 0);
}

}  // namespace
