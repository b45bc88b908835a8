// Property: of any sequence of calls by handles, each is told what the model of handles says, or else, what the model
// of the objects does: handles with fewer rights, of the wrong type, closed, made up, and with bits that are ignored.
#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/api/by_handles.h"

namespace {

using namespace weir::nt::test;
using weir::nt::status;
using weir::park::timeout;
using weir::test::nt::by_handles;
using weir::test::nt::make_by;

// What a call needs of a handle.
constexpr ACCESS_MASK needed(verb v) {
  switch (v) {
    case verb::release_mutant: return 0;
    case verb::query: return EVENT_QUERY_STATE;
    case verb::wait_any:
    case verb::wait_all: return SYNCHRONIZE;
    default: return EVENT_MODIFY_STATE;
  }
}

class handles_and_objects {
 public:
  explicit handles_and_objects(std::uint32_t seed) : random_(seed), world_(draw_world(random_)), objects_(world_) {
    for (unsigned i = 0; i < objects; ++i) known_.push_back({objects_[i], i, EVENT_ALL_ACCESS, false});
  }
  ~handles_and_objects() {
    call ends;
    ends.does = verb::end;
    static_cast<void>(objects_.make(record_for(0), ends));
    while (known_.size() > objects) close_last();
  }
  handles_and_objects(const handles_and_objects&) = delete;
  handles_and_objects& operator=(const handles_and_objects&) = delete;

  // What went wrong; empty: nothing.
  std::string step() {
    switch (random_() % 24) {
      case 0: return duplicate();
      case 1:
        if (known_.size() <= objects) return "";
        return close_last();
      default: return next_call();
    }
  }

 private:
  struct known {
    HANDLE value;
    unsigned object;
    ACCESS_MASK rights;
    bool is_none;  // closed, or made up
  };

  const known& any() { return known_[random_() % known_.size()]; }
  // One of the object's, mostly.
  known one_of(unsigned object) {
    const auto dice = static_cast<unsigned>(random_() % 32);
    if (dice == 0) return {nullptr, object, 0, true};
    if (dice == 1) return {reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(0x7fff'fff0)), object, 0, true};
    if (dice == 2 && closed_ != nullptr) return {closed_, object, 0, true};
    known k = any();
    for (int tries = 0; tries < 12 && k.object != object; ++tries) k = any();
    if (k.object != object) k = known_[object];
    if (dice == 3) k.value = static_cast<char*>(k.value) + 1 + random_() % 3;
    return k;
  }

  std::string duplicate() {
    static constexpr std::array<ACCESS_MASK, 6> some = {SYNCHRONIZE,     EVENT_QUERY_STATE, EVENT_MODIFY_STATE,
                                                        SYNCHRONIZE | 1, SYNCHRONIZE | 2,   READ_CONTROL};
    if (known_.size() >= 32) return close_last();
    known of = one_of(static_cast<unsigned>(random_() % objects));
    const bool same = random_() % 3 == 0;
    const ACCESS_MASK access = some[random_() % some.size()];
    HANDLE made = nullptr;
    const NTSTATUS s = NtDuplicateObject(NtCurrentProcess(), of.value, NtCurrentProcess(), &made, access, 0,
                                         same ? DUPLICATE_SAME_ACCESS : 0);
    if (of.is_none) return s == STATUS_INVALID_HANDLE ? "" : "no handle is duplicated";
    if (s != STATUS_SUCCESS) return "a handle is not duplicated";
    closed_ = nullptr;  // its number may be this one's
    // Of a mutant there is nothing to modify.
    const ACCESS_MASK all = world_.objects[of.object].kind == what::mutant ? MUTANT_ALL_ACCESS : EVENT_ALL_ACCESS;
    known_.push_back({made, of.object, (same ? of.rights : access) & all, false});
    OBJECT_BASIC_INFORMATION info{};
    if (NtQueryObject(made, ObjectBasicInformation, &info, sizeof info, nullptr) != STATUS_SUCCESS)
      return "a duplicate cannot be queried";
    return info.GrantedAccess == (known_.back().rights & all) ? "" : "a duplicate has other rights";
  }

  std::string close_last() {
    closed_ = known_.back().value;
    known_.pop_back();
    return NtClose(closed_) == STATUS_SUCCESS && NtClose(closed_) == STATUS_INVALID_HANDLE ? "" : "a close went wrong";
  }

  std::string next_call() {
    call c = draw_call(random_, world_);
    if (!by_handles::takes(c)) return "";
    const bool is_wait = c.does == verb::wait_any || c.does == verb::wait_all;
    c.time = random_() % 2 == 0 ? timeout::after({}) : timeout::at(std::chrono::seconds(1));
    std::array<HANDLE, objects> of_wait{};
    std::vector<known> used;
    for (unsigned i = 0; i < (is_wait ? c.wait.count : 1u); ++i) {
      used.push_back(one_of(is_wait ? c.wait.objects[i] : c.object));
      of_wait[i] = used.back().value;
    }
    // A call for objects of another type, now and then.
    if (!is_wait && random_() % 16 == 0) used[0] = one_of(static_cast<unsigned>(random_() % objects));
    const what kind = world_.objects[c.object].kind;
    const answer right = expected(c, kind, used);
    const answer got = make_by(used[0].value, kind, of_wait.data(), c);
    if (got == right) return objects_.compare(world_);
    return text_of(c) + ": told " + text_of(got) + ", and not " + text_of(right);
  }

  answer expected(const call& c, what kind, const std::vector<known>& used) {
    const auto refused = [](status s) { return answer{s, 0, false, false}; };
    if (c.does == verb::release && c.many == 0) return refused(status::invalid_parameter);
    const auto is_event = [](what k) { return k == what::auto_event || k == what::manual_event; };
    for (const known& k : used) {
      if (k.is_none) return refused(status::invalid_handle);
      const what its = world_.objects[k.object].kind;
      const bool is_wait = c.does == verb::wait_any || c.does == verb::wait_all;
      if (!is_wait && its != kind && !(is_event(its) && is_event(kind))) return refused(status::object_type_mismatch);
      const ACCESS_MASK wanted = needed(c.does);
      if ((k.rights & wanted) != wanted) return refused(status::access_denied);
    }
    call on = c;  // on the object that the handle is of
    on.object = used[0].object;
    return *make_on(world_, 0, on, true);
  }

  std::mt19937 random_;
  world world_;
  by_handles objects_;
  std::vector<known> known_;  // the first ones are the objects' own
  HANDLE closed_ = nullptr;   // nobody else has its number yet
};

// The first call that is told something else; empty: none.
std::string compare(std::uint32_t seed, int calls) {
  handles_and_objects w(seed);
  for (int i = 0; i < calls; ++i) {
    if (const std::string wrong = w.step(); !wrong.empty())
      return "seed " + std::to_string(seed) + ", call " + std::to_string(i) + ": " + wrong;
  }
  return "";
}

TEST_CASE("calls by handles are told what the model says") {
  const std::uint32_t before = weir::nt::detail::own_handles().count();
  for (std::uint32_t seed = 1; seed <= static_cast<std::uint32_t>(weir::test::scaled(250)); ++seed) {
    REQUIRE(compare(seed, 1000) == "");
  }
  CHECK(weir::nt::detail::own_handles().count() == before);
}

TEST_CASE("the same, of many more", "[.][long]") {
  const auto seed = static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  for (std::uint32_t i = 0; i < 20'000; ++i) REQUIRE(compare(seed + i, 1000) == "");
}

}  // namespace
