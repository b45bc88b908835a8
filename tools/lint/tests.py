"""Tests assert on the main thread only, and never sleep to make sure."""
import re

from source import closing

ASSERTION = re.compile(
    r"\b((?:REQUIRE|CHECK|STATIC_REQUIRE)(?:_\w+)?|CHECKED_\w+|SUCCEED|FAIL|FAIL_CHECK|INFO|CAPTURE|WARN|SECTION)\s*\("
)
THREAD = re.compile(r"\bstd::j?thread\b\s*(?:\w+\s*(?:\[[^\]]*\]\s*)?)?([({])")
POOL = re.compile(r"\bstd::(?:vector|array|deque|list)\s*<\s*std::j?thread\b[^;{}()=]*?>\s+(\w+)")
SLEEP = re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<![\w.>:])(?:::)?sleep\s*\(")


def assertions_stay_on_the_main_thread(sources):
    for s in sources:
        if not (s.is_cxx and s.under("tests")):
            continue
        starts = [m.start(1) for m in THREAD.finditer(s.code)]
        for pool in POOL.findall(s.code):
            starts += [m.end() - 1 for m in re.finditer(rf"\b{pool}\s*\.\s*(?:emplace|push)_back\s*\(", s.code)]
            starts += [m.end() - 1 for m in re.finditer(rf"\b{pool}\s*[({{]", s.code)]
        told = set()
        for start in sorted(starts):
            for m in ASSERTION.finditer(s.code, start, closing(s.code, start)):
                if m.start() not in told:
                    told.add(m.start())
                    yield (s.path, s.line_of(m.start()),
                           f"{m.group(1)} in another thread: Catch2 is not thread-safe; assert after the join")


def tests_do_not_sleep(sources):
    for s in sources:
        if s.is_cxx and s.under("tests"):
            for m in SLEEP.finditer(s.code):
                yield s.path, s.line_of(m.start()), "a test that sleeps is slow or wrong: wait for a gate"
