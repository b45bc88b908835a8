// Keyed events and addresses: items 114 to 120 of the list of what NT does.
#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;
using weir::test::eventually;
using weir::test::scaled;

alignas(8) char keys[16];
const void* const key = &keys[0];
const void* const other_key = &keys[8];

TEST_CASE("nt 114: an odd key is refused before the handle is looked at") {
  CHECK(NtWaitForKeyedEvent(automatic(), &keys[1], 0, &zero) == STATUS_INVALID_PARAMETER_1);
  CHECK(NtReleaseKeyedEvent(reinterpret_cast<HANDLE>(0x7777774), &keys[1], 0, &zero) == STATUS_INVALID_PARAMETER_1);
  CHECK(NtWaitForKeyedEvent(automatic(), key, 0, &zero) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtReleaseKeyedEvent(reinterpret_cast<HANDLE>(0x7777774), key, 0, &zero) == STATUS_INVALID_HANDLE);
}

TEST_CASE("nt 115: who waits and who releases meet in pairs, or their time is up") {
  const handle k = keyed();
  const LARGE_INTEGER soon = milliseconds(2);
  CHECK(NtWaitForKeyedEvent(k, key, 0, &zero) == STATUS_TIMEOUT);
  CHECK(NtReleaseKeyedEvent(k, key, 0, &zero) == STATUS_TIMEOUT);
  CHECK(NtWaitForKeyedEvent(k, key, 0, &soon) == STATUS_TIMEOUT);
  CHECK(NtReleaseKeyedEvent(k, key, 0, &soon) == STATUS_TIMEOUT);
  {
    blocked waiter([&] { return NtWaitForKeyedEvent(k, key, 0, nullptr); });
    REQUIRE(eventually([&] { return waiter.meets(); }));
    CHECK(NtReleaseKeyedEvent(k, other_key, 0, &zero) == STATUS_TIMEOUT);
    CHECK(NtReleaseKeyedEvent(keyed(), key, 0, &zero) == STATUS_TIMEOUT);
    CHECK(NtWaitForKeyedEvent(k, key, 0, &zero) == STATUS_TIMEOUT);
    CHECK(NtReleaseKeyedEvent(k, key, 0, &zero) == STATUS_SUCCESS);
    CHECK(waiter.result() == STATUS_SUCCESS);
  }
  blocked releaser([&] { return NtReleaseKeyedEvent(k, key, 0, nullptr); });
  REQUIRE(eventually([&] { return releaser.meets(); }));
  CHECK(NtWaitForKeyedEvent(k, key, 0, nullptr) == STATUS_SUCCESS);
  CHECK(releaser.result() == STATUS_SUCCESS);
}

TEST_CASE("those who wait at a key are released in their order, and an APC interrupts one") {
  handle k = keyed();
  std::atomic<int> order{0};
  const auto take = [&] {
    const NTSTATUS s = NtWaitForKeyedEvent(k, key, 1, nullptr);
    return s == STATUS_SUCCESS ? order.fetch_add(1, std::memory_order_relaxed) : s;
  };
  blocked first(take);
  REQUIRE(eventually([&] { return first.meets(); }));
  blocked interrupted(take);
  REQUIRE(eventually([&] { return interrupted.meets(); }));
  blocked second(take);
  REQUIRE(eventually([&] { return second.meets(); }));
  CHECK(NtAlertThread(interrupted.thread()) == STATUS_SUCCESS);
  CHECK(interrupted.result() == STATUS_ALERTED);
  const handle same = duplicate(k, 0, DUPLICATE_SAME_ACCESS);
  k.close();  // the waits keep it
  CHECK(NtReleaseKeyedEvent(same, key, 0, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == 0);
  CHECK(NtReleaseKeyedEvent(same, key, 0, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == 1);
}

TEST_CASE("nt 116: no handle is the process's own keyed event") {
  blocked waiter([&] { return NtWaitForKeyedEvent(nullptr, key, 0, nullptr); });
  CHECK(NtReleaseKeyedEvent(nullptr, key, 0, nullptr) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_SUCCESS);
}

TEST_CASE("nt 117: to wait and to wake are rights of their own, and to wait for a keyed event itself is another") {
  const handle k = keyed();
  CHECK(NtReleaseKeyedEvent(with(k, KEYEDEVENT_WAIT), key, 0, &zero) == STATUS_ACCESS_DENIED);
  CHECK(NtWaitForKeyedEvent(with(k, KEYEDEVENT_WAIT), key, 0, &zero) == STATUS_TIMEOUT);
  CHECK(NtWaitForKeyedEvent(with(k, KEYEDEVENT_WAKE), key, 0, &zero) == STATUS_ACCESS_DENIED);
  CHECK(NtReleaseKeyedEvent(with(k, KEYEDEVENT_WAKE), key, 0, &zero) == STATUS_TIMEOUT);
  CHECK(poll(k) == STATUS_ACCESS_DENIED);  // not among all of them
  const handle all = keyed(KEYEDEVENT_ALL_ACCESS | SYNCHRONIZE);
  CHECK(poll(all) == STATUS_WAIT_0);
  CHECK(wait(all) == STATUS_WAIT_0);
  CHECK(NtSignalAndWaitForSingleObject(all, all, 0, &zero) == STATUS_OBJECT_TYPE_MISMATCH);
  handle h;
  CHECK(NtCreateKeyedEvent(h.to(), KEYEDEVENT_ALL_ACCESS, nullptr, 1) == STATUS_INVALID_PARAMETER);
}

TEST_CASE("whoever meets at a key does so once, whatever times are up") {
  const handle k = keyed();
  const int rounds = scaled(20'000);
  std::atomic<int> met[2] = {};
  const auto side = [&](int which, bool short_time) {
    for (int i = 0; i < rounds; ++i) {
      const LARGE_INTEGER soon = ticks(short_time ? -(i % 50) : -2'000);
      const NTSTATUS s = which == 0 ? NtWaitForKeyedEvent(k, key, 0, &soon) : NtReleaseKeyedEvent(k, key, 0, &soon);
      if (s == STATUS_SUCCESS) met[which].fetch_add(1, std::memory_order_relaxed);
    }
    return STATUS_SUCCESS;
  };
  {
    blocked waits([&] { return side(0, true); });
    blocked releases([&] { return side(1, false); });
    blocked also_waits([&] { return side(0, false); });
  }
  CHECK(met[0].load(std::memory_order_relaxed) == met[1].load(std::memory_order_relaxed));
}

TEST_CASE("nt 118, 119: a wait at an address compares so many bytes") {
  alignas(8) std::uint64_t value = 0x1122334455667788;
  for (const SIZE_T size : {0u, 3u, 5u, 6u, 7u, 9u, 16u}) {
    CHECK(RtlWaitOnAddress(&value, &value, size, &zero) == STATUS_INVALID_PARAMETER);
  }
  for (const SIZE_T size : {1u, 2u, 4u, 8u}) {
    std::uint64_t compare = value;
    CHECK(RtlWaitOnAddress(&value, &compare, size, &zero) == STATUS_TIMEOUT);
    auto* const bytes = reinterpret_cast<unsigned char*>(&compare);
    bytes[size - 1] ^= 1;
    CHECK(RtlWaitOnAddress(&value, &compare, size, nullptr) == STATUS_SUCCESS);
    bytes[size - 1] ^= 1;
    if (size < 8) bytes[size] ^= 1;
    CHECK(RtlWaitOnAddress(&value, &compare, size, &zero) == STATUS_TIMEOUT);
  }
  const LARGE_INTEGER soon = milliseconds(2);
  CHECK(RtlWaitOnAddress(&value, &value, 8, &soon) == STATUS_TIMEOUT);
}

TEST_CASE("nt 120: a wake at an address is for those who wait, and not remembered") {
  std::atomic<std::uint32_t> value{0};
  std::uint32_t was = 0;
  RtlWakeAddressSingle(&value);
  RtlWakeAddressAll(&value);
  CHECK(RtlWaitOnAddress(&value, &was, 4, &zero) == STATUS_TIMEOUT);
  const auto sleep = [&] { return RtlWaitOnAddress(&value, &was, 4, nullptr); };
  blocked first(sleep);
  REQUIRE(eventually([&] { return first.meets(); }));
  blocked second(sleep);
  blocked third(sleep);
  REQUIRE(eventually([&] { return second.meets() && third.meets(); }));
  RtlWakeAddressSingle(reinterpret_cast<char*>(&value) + 1);
  CHECK(first.meets());
  RtlWakeAddressSingle(&value);
  CHECK(first.result() == STATUS_SUCCESS);
  CHECK(second.meets());
  RtlWakeAddressAll(&value);
  CHECK(second.result() == STATUS_SUCCESS);
  CHECK(third.result() == STATUS_SUCCESS);
}

TEST_CASE("nobody sleeps at an address past a wake, also if its time is up at that moment") {
  std::atomic<std::uint32_t> turn{0};
  const auto rounds = static_cast<std::uint32_t>(scaled(20'000)) & ~1u;
  const auto play = [&](std::uint32_t me) {
    for (std::uint32_t i = me; i < rounds; i += 2) {
      for (std::uint32_t now = turn.load(std::memory_order_acquire); now != i;
           now = turn.load(std::memory_order_acquire)) {
        const LARGE_INTEGER soon = ticks(-static_cast<LONGLONG>(i % 30));
        static_cast<void>(RtlWaitOnAddress(&turn, &now, 4, i % 3 == 0 ? &soon : nullptr));
      }
      turn.store(i + 1, std::memory_order_release);
      RtlWakeAddressSingle(&turn);
    }
    return STATUS_SUCCESS;
  };
  blocked even([&] { return play(0); });
  blocked odd([&] { return play(1); });
  CHECK(even.result() == STATUS_SUCCESS);
  CHECK(odd.result() == STATUS_SUCCESS);
  CHECK(turn.load(std::memory_order_relaxed) == rounds);
}

}  // namespace
