"""The pictures of the room `rcu`."""

from typing import List, Tuple

from bench.report.lanes import Group, Lane, lanes_of, plot
from bench.report.model import Figure, Result


def sections(result: Result) -> str:
    def lanes(suffix: str) -> List[Lane]:
        names: List[Tuple[str, str, str]] = [
            ("plain_load", "no section", "plain"),
            ("qsbr_reader", "qsbr_domain", "ours"),
            ("liburcu_qsbr", "liburcu qsbr", "rival"),
            ("reader", "rcu::reader", "ours"),
            ("reader_pinned", "rcu::reader, pinned", "ours"),
            ("lock_unlock", "lock(), unlock()", "ours"),
            ("urcu_compat", "Weir's urcu.h", "ours"),
            ("liburcu_memb", "liburcu memb", "rival"),
            ("liburcu_bp", "liburcu bp", "rival"),
            ("reader_nested", "two rcu::reader", "ours"),
            ("liburcu_memb_nested", "liburcu memb, nested", "rival"),
            ("urcu_compat_lib", "Weir's urcu.h, called", "ours"),
            ("liburcu_memb_lib", "liburcu memb, called", "rival"),
            ("shared_mutex", "std::shared_mutex", "dear"),
            ("atomic_shared_ptr", "atomic<shared_ptr>", "dear"),
        ]
        return lanes_of(result, [(name + suffix, label, style) for name, label, style in names])

    groups = [Group("One thread", lanes("")), Group("Two threads, each on its CPU", lanes("_2t"))]
    return plot("cost of a section", groups, "ns for a section with a read, logarithmic", logarithmic=True)


def grace_periods(result: Result) -> str:
    def lanes(call: str) -> List[Lane]:
        name = f"synchronize_{call}"
        return lanes_of(result, [
            (name, "synchronize()", "ours"),
            (f"liburcu_memb_{name}", "liburcu memb", "rival"),
            (f"{name}_p99", "synchronize(), p99", "ours"),
            (f"liburcu_memb_{name}_p99", "liburcu memb, p99", "rival"),
        ])

    groups = [
        Group("Nobody reads", lanes("idle")),
        Group("1,024 threads have read, and sleep", lanes("1024")),
        Group("A thread reads on another CPU", lanes("active")),
        Group("Eight threads call at once, and one reads on another CPU", lanes("8_active")),
        Group("Eight threads call at once, nobody reads", lanes("8_idle")),
    ]
    return plot("cost of a grace period", groups, "us for a call, logarithmic", logarithmic=True)


def retiring(result: Result) -> str:
    groups = [
        Group("One thread", lanes_of(result, [
            ("retire_1t", "retire()", "ours"),
            ("liburcu_call_rcu_1t", "call_rcu()", "rival"),
            ("liburcu_defer_1t", "defer_rcu()", "rival"),
        ])),
        Group("Two threads", lanes_of(result, [
            ("retire_2t", "retire()", "ours"),
            ("liburcu_call_rcu_2t", "call_rcu()", "rival"),
        ])),
    ]
    return plot("cost of retiring an object", groups, "ns for an object, until it is reclaimed, logarithmic",
                logarithmic=True)


def all_of(result: Result) -> List[Figure]:
    beside = "Points are rounds. In brackets: how many times the row that the table names. The scale is logarithmic."
    figures = [Figure(
        "What a reader pays", f"A section with one read in it, back to back, beside other ways to the same. {beside}",
        sections(result))]
    if "synchronize_idle" in result.rows:
        figures.append(Figure("What a writer pays who waits", f"A grace period, by who else is there. {beside}",
                              grace_periods(result)))
    if "retire_1t" in result.rows or "liburcu_call_rcu_1t" in result.rows:
        figures.append(Figure(
            "What a writer pays who does not wait",
            f"Retiring objects as fast as can be, up to the end of the last deleter. {beside}", retiring(result)))
    return figures
