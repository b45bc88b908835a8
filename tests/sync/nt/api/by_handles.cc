#include "tests/sync/nt/api/by_handles.h"

#include "weir/sync/nt/ticks.h"

namespace weir::test::nt {

using namespace weir::nt::test;  // the model's words
using weir::nt::status;

namespace {

answer told(NTSTATUS s, std::int32_t value = 0) { return {static_cast<status>(s), value, false, false}; }

// As NT takes it; null: never.
const LARGE_INTEGER* time_of(const weir::park::timeout& time, LARGE_INTEGER& t) {
  if (time.is_never()) return nullptr;
  t.QuadPart = 0;
  if (time.only_polls()) return &t;
  const weir::park::deadline d = detail::own_segment().start(time);
  t.QuadPart = d.what() == weir::park::deadline::kind::wall ? weir::nt::system_time(d.at())
                                                            : -d.left().count() / weir::nt::nanoseconds_per_tick;
  return &t;
}

answer queried(HANDLE h, what kind) {
  switch (kind) {
    case what::auto_event:
    case what::manual_event: {
      EVENT_BASIC_INFORMATION info{};
      const NTSTATUS s = NtQueryEvent(h, EventBasicInformation, &info, sizeof info, nullptr);
      return told(s, info.EventState);
    }
    case what::semaphore: {
      SEMAPHORE_BASIC_INFORMATION info{};
      const NTSTATUS s = NtQuerySemaphore(h, SemaphoreBasicInformation, &info, sizeof info, nullptr);
      return told(s, static_cast<std::int32_t>(info.CurrentCount));
    }
    case what::mutant: break;
  }
  MUTANT_BASIC_INFORMATION info{};
  const NTSTATUS s = NtQueryMutant(h, MutantBasicInformation, &info, sizeof info, nullptr);
  return {static_cast<status>(s), info.CurrentCount, info.OwnedByCaller != 0, info.AbandonedState != 0};
}

}  // namespace

answer make_by(HANDLE by, what kind, const HANDLE* of_wait, const call& c) {
  LONG previous = 0;
  switch (c.does) {
    case verb::set: {
      const NTSTATUS s = NtSetEvent(by, &previous);
      return told(s, previous);
    }
    case verb::reset: {
      const NTSTATUS s = NtResetEvent(by, &previous);
      return told(s, previous);
    }
    case verb::pulse: {
      const NTSTATUS s = NtPulseEvent(by, &previous);
      return told(s, previous);
    }
    case verb::release: {
      LONG count = 0;
      const NTSTATUS s = NtReleaseSemaphore(by, static_cast<LONG>(c.many), &count);
      return told(s, static_cast<std::int32_t>(count));
    }
    case verb::release_mutant: {
      const NTSTATUS s = NtReleaseMutant(by, &previous);
      return told(s, previous);
    }
    case verb::query: return queried(by, kind);
    case verb::end:
    case verb::own_often: return {};
    case verb::wait_any:
    case verb::wait_all: break;
  }
  LARGE_INTEGER t{};
  const LARGE_INTEGER* const when = time_of(c.time, t);
  if (c.wait.count == 1 && c.does == verb::wait_any) return told(NtWaitForSingleObject(of_wait[0], 0, when));
  return told(NtWaitForMultipleObjects(c.wait.count, of_wait, c.does == verb::wait_all ? WaitAll : WaitAny, 0, when));
}

by_handles::by_handles(const world& w) : kinds_(w.objects) {
  for (unsigned i = 0; i < objects; ++i) {
    const auto& o = w.objects[i];
    switch (o.kind) {
      case what::auto_event: handles_[i] = automatic(o.value != 0); break;
      case what::manual_event: handles_[i] = manual(o.value != 0); break;
      case what::semaphore: handles_[i] = semaphore(static_cast<LONG>(o.value), static_cast<LONG>(o.limit)); break;
      case what::mutant: handles_[i] = mutant(); break;
    }
  }
}

bool by_handles::takes(call& c) noexcept {
  if (c.does == verb::end || c.does == verb::own_often) return false;
  const bool is_wait = c.does == verb::wait_any || c.does == verb::wait_all;
  if (!is_wait && c.object == alert) return false;
  c.wait.alert = no_alert;
  return true;
}

answer by_handles::make(detail::native_record&, const call& c) {
  if (c.does == verb::end) {
    for (const handle& h : handles_) {
      while (NtReleaseMutant(h, nullptr) == STATUS_SUCCESS) continue;
    }
    return {};
  }
  std::array<HANDLE, objects> of_wait{};
  for (unsigned i = 0; i < c.wait.count; ++i) of_wait[i] = handles_[c.wait.objects[i]];
  return make_by(handles_[c.object], kinds_[c.object].kind, of_wait.data(), c);
}

std::string by_handles::compare(const world& w) const {
  for (unsigned i = 0; i < objects; ++i) {
    const auto& o = w.objects[i];
    const answer a = queried(handles_[i], o.kind);
    const bool same = a.result == status::success && a.value == w.query(i) && a.abandoned == w.is_abandoned(i);
    if (!same) return "object " + std::to_string(i) + " is worth " + text_of(a);
  }
  return "";
}

}  // namespace weir::test::nt
