"""Tests assert in the main thread of their own process only, and never sleep to make sure."""
import re

from source import arguments, closing

ASSERTION = re.compile(
    r"\b((?:REQUIRE|CHECK|STATIC_REQUIRE)(?:_\w+)?|CHECKED_\w+|SUCCEED|FAIL|FAIL_CHECK|INFO|CAPTURE|WARN|SECTION)\s*\("
)
THREAD = re.compile(r"\bstd::j?thread\b\s*(?:\w+\s*(?:\[[^\]]*\]\s*)?)?([({])")
POOL = re.compile(r"\bstd::(?:vector|array|deque|list)\s*<\s*std::j?thread\b[^;{}()=]*?>\s+(\w+)")
# The test's own: a thread of a crew, a child process (tests/support).
BESIDE = re.compile(r"\.\s*add\s*(\()|\bforked\s*(\()|\bbeside(?:\s+\w+)?\s*([({])")
SLEEP = re.compile(r"\b(?:sleep_for|sleep_until|usleep|(?:clock_)?nanosleep)\s*\(|(?<![\w.>:])(?:::)?sleep\s*\("
                   r"|\bp?poll\s*\(\s*(?:nullptr|NULL|0)\s*,|\bp?select\s*\(\s*0\s*,")
# A wait with a time and without a condition; with one, it is a gate.
WAIT = re.compile(r"(?:\.|->)wait_(?:for|until)\s*(\()")
SCRIPT_SLEEP = {".py": re.compile(r"\btime\.sleep\s*\(|\bfrom time import\b.*\bsleep\b"),
                ".sh": re.compile(r"^\s*sleep\s|[;&|]\s*sleep\s", re.MULTILINE)}


def assertions_stay_on_the_main_thread(sources):
    for s in sources:
        if not (s.is_cxx and s.under("tests")):
            continue
        starts = [m.start(1) for m in THREAD.finditer(s.code)]
        starts += [m.start(m.lastindex) for m in BESIDE.finditer(s.code)]
        for pool in POOL.findall(s.code):
            starts += [m.end() - 1 for m in re.finditer(rf"\b{pool}\s*\.\s*(?:emplace|push)_back\s*\(", s.code)]
            starts += [m.end() - 1 for m in re.finditer(rf"\b{pool}\s*[({{]", s.code)]
        told = set()
        for start in sorted(starts):
            for m in ASSERTION.finditer(s.code, start, closing(s.code, start)):
                if m.start() not in told:
                    told.add(m.start())
                    yield (s.path, s.line_of(m.start()),
                           f"{m.group(1)} in another thread or process is not Catch2's way: assert after its end")


def tests_do_not_sleep(sources):
    for s in sources:
        if not s.under("tests"):
            continue
        found = []
        if s.is_cxx:
            found += SLEEP.finditer(s.code)
            found += [m for m in WAIT.finditer(s.code) if len(arguments(s.code, m.start(1))) < 3]
        for end, sleep in SCRIPT_SLEEP.items():
            if s.path.endswith(end):
                found += sleep.finditer(s.text)
        for m in found:
            yield s.path, s.line_of(m.start()), "a test that sleeps is slow or wrong: wait for a gate"
