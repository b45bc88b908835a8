"""Made-up samples and rooms; run as a program, the test modules named, with a last line that counts their cases."""

import os
import sys
import unittest

sys.path[:0] = [os.getcwd(), os.path.dirname(os.path.abspath(__file__))]

from bench.report.model import Derived, Figure, Owed, Program, Room, Row  # noqa: E402


def sample(row, ns, share=1.0, company=1.0, wall_ms=10.0, stolen_ms=0.0, others=0.0):
    return {"row": row, "ns": ns, "share": share, "company": company, "wall_ms": wall_ms, "stolen_ms": stolen_ms,
            "others": others}


MACHINE = {
    "cpu": "Made <up> & co", "architecture": "x86_64", "cores": 2, "virtual": True, "kernel": "Linux 6.1",
    "compiler": "gcc 12.2.0", "commit": "abc", "when": "2024-01-01T00:00:00+00:00", "measured_on_cpus": [0, 1],
    "strategy": "membarrier", "reason": "membarrier: registered", "forced": "",
}

PLAIN = Program("plain", full_ms=20, quick_ms=10, rows=(Row("base", "b", "the base"), Row("ours", "o", "ours", "base")))
PINNED = Program("pinned", full_ms=20, quick_ms=10, may_refuse=True, rows=(Row("special", "o", "pinned", "base"),))


def room(programs=(PLAIN, PINNED), owed=(), derived=None):
    if derived is None:
        derived = (Derived("sum", "things", "both", ("base", "ours"), lambda r: r["base"] + r["ours"], "no sum"),)
    return Room(name="made", title="made up", about="plain", programs=programs, derived=derived, owed=owed,
                conclusion=lambda r: "It is <so>.", notes=lambda r: ["A note & more."],
                figures=lambda r: [Figure("A figure", "Its caption.", "<svg></svg>")])


OWED = (
    Owed("ours <= 1.5x base", "ours", "base", 1.5),
    Owed("ours <= 1.1x base", "ours", "base", 1.1),
    Owed("ours <= 1.5x base where special is >= 10x", "ours", "base", 1.5, where=("special", 10)),
)


def main(modules):
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromName(m) for m in modules)
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"cases: {result.testsRun - failed - len(result.skipped)} passed, {failed} failed", flush=True)
    return 1 if failed or result.testsRun == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
