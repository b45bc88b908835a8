#include "tests/sync/nt/calls.h"

#include "tests/sync/nt/kinds.h"

namespace weir::nt::test {

namespace {

constexpr const char* verbs[] = {"set",   "reset",    "pulse",    "release", "release_mutant",
                                 "query", "wait_any", "wait_all", "end",     "own_often"};

bool is_event(what k) { return k == what::auto_event || k == what::manual_event; }

answer told(status s, std::int32_t value = 0) { return {s, value, false, false}; }

}  // namespace

std::string text_of(const call& c) {
  std::string s = verbs[static_cast<int>(c.does)];
  if (c.does != verb::wait_any && c.does != verb::wait_all) {
    s += "(" + std::to_string(c.object);
    if (c.does == verb::release) s += ", " + std::to_string(c.many);
    return s + ")";
  }
  s += "(";
  for (unsigned i = 0; i < c.wait.count; ++i) s += (i != 0 ? "," : "") + std::to_string(c.wait.objects[i]);
  if (c.wait.alert != no_alert) s += " or alert";
  return s + (c.time.only_polls() ? ", now)" : c.time.is_never() ? ")" : ", some time)");
}

std::string text_of(const answer& a) {
  return std::to_string(static_cast<std::int32_t>(a.result)) + " " + std::to_string(a.value) +
         (a.owned ? " owned" : "") + (a.abandoned ? " abandoned" : "");
}

world draw_world(std::mt19937& random) {
  world w{};
  for (auto& o : w.objects) {
    o.kind = static_cast<what>(random() % 4);
    if (is_event(o.kind)) o.value = static_cast<std::uint32_t>(random() % 2);
    if (o.kind == what::semaphore) {
      o.limit = semaphore_limit;
      o.value = static_cast<std::uint32_t>(random() % 3);
    }
  }
  w.objects[alert] = {0, 0, 0, 0, what::auto_event, 0};
  return w;
}

call draw_call(std::mt19937& random, const world& w) {
  call c;
  c.object = static_cast<unsigned>(random() % objects);
  const what k = w.objects[c.object].kind;
  const auto dice = static_cast<unsigned>(random() % 16);
  if (dice < 7) {
    c.does = random() % 3 == 0 ? verb::wait_all : verb::wait_any;
    c.wait.all = c.does == verb::wait_all ? 1 : 0;
    c.wait.count = static_cast<std::uint8_t>(random() % 3 != 0 ? 1 + random() % 3 : 1 + random() % objects);
    for (unsigned i = 0; i < c.wait.count; ++i) c.wait.objects[i] = static_cast<std::uint8_t>(random() % alert);
    c.wait.alert = random() % 4 == 0 ? static_cast<std::uint8_t>(alert) : no_alert;
    if (c.object != alert && random() % 4 != 0) c.wait.objects[0] = static_cast<std::uint8_t>(c.object);
  } else if (dice == 7) {
    c.does = verb::query;
  } else if (dice == 8 && random() % 8 == 0) {
    c.does = verb::end;
  } else if (is_event(k)) {
    c.does = dice < 12 ? verb::set : dice < 14 ? verb::pulse : verb::reset;
  } else if (k == what::semaphore) {
    c.does = verb::release;
    c.many = static_cast<std::uint32_t>(random() % 8 == 0 ? 0xffffffff - random() % 3 : random() % 4);
  } else {
    c.does = dice == 15 && random() % 16 == 0 ? verb::own_often : verb::release_mutant;
  }
  return c;
}

std::optional<answer> make_on(world& w, unsigned thread, const call& c, bool polls) {
  const auto as = [](const answered& a) { return told(a.result, a.previous); };
  switch (c.does) {
    case verb::set: return told(status::success, w.set(c.object));
    case verb::reset: return told(status::success, w.reset(c.object));
    case verb::pulse: return told(status::success, w.pulse(c.object));
    case verb::release: return as(w.release(c.object, c.many));
    case verb::release_mutant: return as(w.release_mutant(thread, c.object));
    case verb::query: {
      answer a = told(status::success, w.query(c.object));
      a.owned = w.objects[c.object].kind == what::mutant && w.is_owned_by(c.object, thread);
      a.abandoned = w.is_abandoned(c.object);
      return a;
    }
    case verb::end: w.end(thread); return answer{};
    case verb::own_often: {
      const bool owned = w.is_owned_by(c.object, thread);
      if (owned) w.objects[c.object].value = most_recursion - 1;
      return told(status::success, owned ? 1 : 0);
    }
    case verb::wait_any:
    case verb::wait_all: break;
  }
  if (!w.begin(thread, c.wait, polls)) return std::nullopt;
  return told(w.collect(thread));
}

subject::subject(const world& w) : kinds_(w.objects) {
  for (unsigned i = 0; i < objects; ++i) {
    const auto& o = kinds_[i];
    const std::uint32_t value = o.kind == what::mutant ? 0 : o.value;
    cells_[i] = detail::own_segment().make(kind_for(o.kind), value, o.limit, 0);
  }
}

subject::~subject() {
  for (detail::native_cell* c : cells_) detail::own_segment().drop(*c);
}

answer subject::make(detail::native_record& me, const call& c) {
  detail::segment& seg = detail::own_segment();
  detail::native_cell& x = *cells_[c.object];
  const auto as = [](const detail::answer& a) { return told(a.result, a.previous); };
  switch (c.does) {
    case verb::set: return told(status::success, detail::set_event(seg, x));
    case verb::reset: return told(status::success, detail::reset_event(seg, x));
    case verb::pulse: return told(status::success, detail::pulse_event(seg, x));
    case verb::release:
      return c.many == 0 ? told(status::invalid_parameter) : as(detail::release_semaphore(seg, x, c.many));
    case verb::release_mutant: return as(detail::release_mutant(seg, me, x));
    case verb::query: {
      if (kinds_[c.object].kind != what::mutant) return told(status::success, detail::query_value<detail::segment>(x));
      const detail::mutant_state m = detail::query_mutant(seg, &me, x);
      return {status::success, m.count, m.owned, m.abandoned};
    }
    case verb::end: detail::abandon_all(seg, me); return {};
    case verb::own_often: {
      const bool owned = detail::query_mutant(seg, &me, x).owned;
      if (owned) x.recursion.store(most_recursion - 1, std::memory_order_relaxed);  // its owner's
      return told(status::success, owned ? 1 : 0);
    }
    case verb::wait_any:
    case verb::wait_all: break;
  }
  detail::native_cell* cells[objects + 1];
  std::uint32_t size = 0;
  for (; size < c.wait.count; ++size) cells[size] = cells_[c.wait.objects[size]];
  if (c.wait.alert != no_alert) cells[size++] = cells_[c.wait.alert];
  const detail::wanted<detail::segment> what{cells, c.wait.count, size, c.does == verb::wait_all};
  const auto nothing = [] {};
  return told(what.all ? detail::wait_all(seg, me, what, c.time, nothing)
                       : detail::wait_any(seg, me, what, c.time, nothing));
}

std::string subject::compare(const world& w) const {
  using namespace detail;
  for (unsigned i = 0; i < objects; ++i) {
    const word::bits bits = cells_[i]->word.load(std::memory_order_acquire);
    const auto& o = w.objects[i];
    const bool is_mutant = o.kind == what::mutant;
    bool same = (bits & word::locked) == 0 && ((bits & word::queued) != 0) == w.has_queue(i);
    same = same && (is_mutant ? 0 : o.value) == word::value_of(bits);
    same = same && (o.abandoned != 0) == ((bits & word::abandoned) != 0);
    same = same && (o.owner == 0) == (word::owner_of(bits) == 0);
    if (is_mutant && o.owner != 0) {
      // Its owner is between two calls.
      same = same && cells_[i]->recursion.load(std::memory_order_relaxed) == o.value;
    }
    if (!same) return "object " + std::to_string(i) + " has the word " + std::to_string(bits);
  }
  return "";
}

detail::native_record& record_for(unsigned thread) {
  constexpr detail::number first = 1000;  // as many threads at once no test has
  return *detail::own_segment().make_record(first + thread);
}

}  // namespace weir::nt::test
