"""The room `rcu`: what a section costs a reader, what waiting or retiring costs a writer, beside liburcu."""

from statistics import median
from typing import List, Sequence, Tuple

from bench.rcu import figures
from bench.report.model import Owed, Program, Result, Room, Row
from bench.report.words import number, times
from bench.report import judge


def _read(path: str, rows: Sequence[Tuple[str, str, str, str]], may_refuse: bool = False) -> Program:
    """(row, what the program calls it, about, reference; "": none), each by one thread and by two at once."""
    one = [Row(name, inner, about, reference or None) for name, inner, about, reference in rows]
    two = [Row(f"{r.name}_2t", f"{r.inner}_2t", f"{r.about}; two threads, each on its CPU",
               r.reference and f"{r.reference}_2t") for r in one]
    return Program(f"bench/rcu/{path}", full_ms=30, quick_ms=16, rows=tuple(one + two), may_refuse=may_refuse)


_READ = (
    _read("read", (
        ("plain_load", "plain_load", "{load the pointer; add what it points to}: no section at all", ""),
        ("reader", "reader", "the same in an rcu::reader", "liburcu_memb"),
        ("reader_nested", "reader_nested", "in two of them", "liburcu_memb_nested"),
        ("lock_unlock", "lock_unlock", "between lock() and unlock() of the default domain", "liburcu_memb"),
        ("shared_mutex", "shared_mutex", "under std::shared_mutex, shared", "plain_load"),
        ("atomic_shared_ptr", "atomic_shared_ptr", "through std::atomic<std::shared_ptr>", "plain_load"),
    )),
    _read("read_liburcu_memb", (
        ("liburcu_memb", "read", "liburcu, flavour memb, inlined in C", "plain_load"),
        ("liburcu_memb_nested", "read_nested", "liburcu memb, two sections, one in the other", "plain_load"),
    )),
    _read("read_urcu_compat", (
        ("urcu_compat", "read", "liburcu's program on Weir's urcu.h, inlined in C", "liburcu_memb"),
    )),
    _read("read_pinned", (
        ("plain_load_pinned", "plain_load", "as plain_load, in the program with the barrier pinned", "plain_load"),
        ("reader_pinned", "reader", "an rcu::reader, the strategy pinned when built", "reader"),
    ), may_refuse=True),
    _read("read_qsbr", (
        ("qsbr_reader", "qsbr_reader", "in a qsbr_domain; one quiescent state in 1,000 reads", "plain_load"),
    )),
    _read("read_liburcu_qsbr", (
        ("liburcu_qsbr", "read", "liburcu, flavour qsbr, inlined; one quiescent state in 1,000 reads", "plain_load"),
    )),
    _read("read_liburcu_memb_lib", (
        ("liburcu_memb_lib", "read", "liburcu memb by calls into the library", "plain_load"),
    )),
    _read("read_urcu_compat_lib", (
        ("urcu_compat_lib", "read", "liburcu's program on Weir's urcu.h, by calls", "liburcu_memb_lib"),
    )),
    _read("read_liburcu_bp", (
        ("liburcu_bp", "read", "liburcu, flavour bp, inlined", "plain_load"),
    )),
)

_CALLS = {
    "idle": "another thread has read, and sleeps",
    "active": "another thread reads all the time, on another CPU",
    "1024": "1,024 threads have read, and sleep",
    "8_active": "by 8 threads of one CPU at once, another thread reads on another CPU; wall time / calls",
    "8_idle": "by 8 threads at once, nobody reads; wall time / calls",
}


def _grace(path: str, prefix: str, what: str, rival: str, calls: Sequence[str], ms: Tuple[int, int]) -> Program:
    rows = []
    for call in calls:
        name = f"synchronize_{call}"
        twin = rival and f"{rival}{name}"
        rows.append(Row(prefix + name, call, f"{what}: {_CALLS[call]}", twin or None, unit="us", scale=1e3))
        rows.append(Row(f"{prefix}{name}_p99", call, f"{what}: one call in a hundred takes longer",
                        twin and f"{twin}_p99" or None, field="p99_ns", unit="us", scale=1e3))
        if call.endswith("active"):
            rows.append(Row(f"{prefix}{name}_reader", call, "of its CPU, that the reader had meanwhile", None,
                            field="reader", unit="%", scale=0.01))
    return Program(f"bench/rcu/{path}", full_ms=ms[0], quick_ms=ms[1], rows=tuple(rows))


def _grace_pair(calls: Sequence[str], ms: Tuple[int, int]) -> Tuple[Program, Program]:
    return (_grace("grace_weir", "", "synchronize()", "liburcu_memb_", calls, ms),
            _grace("grace_liburcu", "liburcu_memb_", "liburcu's synchronize_rcu()", "", calls, ms))


_GRACE = _grace_pair(("idle", "active", "1024"), (60, 30)) + _grace_pair(("8_idle", "8_active"), (150, 100))


def _retire(path: str, rows: Sequence[Tuple[str, str, str, str]]) -> Program:
    """(row, what the program calls it, about, reference; "": none), and the peak of each."""
    every = []
    for name, inner, about, reference in rows:
        every.append(Row(name, inner, about, reference or None))
        every.append(Row(f"{name}_peak", inner, "the most objects that were unreclaimed at once",
                         reference and f"{reference}_peak" or None, field="peak", unit="objects"))
    return Program(f"bench/rcu/{path}", full_ms=120, quick_ms=100, rows=tuple(every))


def _mixed(path: str, prefix: str, what: str, twin: str) -> Program:
    def row(name: str, about: str, unit: str, scale: float) -> Row:
        reference = twin and f"{twin}rw_{name}" or None
        return Row(f"{prefix}rw_{name}", "rw", f"{what}: {about}", reference, name, unit, scale)

    return Program(f"bench/rcu/{path}", full_ms=200, quick_ms=120, rows=(
        row("reads", "sections of a reader beside a writer, both as fast as can be", "M/s", 1e6),
        row("updates", "updates of that writer: allocate, exchange, retire", "M/s", 1e6),
        row("peak", "the most objects that were unreclaimed at once", "objects", 1),
    ))


_RETIRE = (
    _retire("retire_weir", (
        ("retire_1t", "1t", "retire(), an object, one thread", "liburcu_call_rcu_1t"),
        ("retire_2t", "2t", "retire(), an object of each of two threads", "liburcu_call_rcu_2t"),
    )),
    _retire("retire_liburcu", (
        ("liburcu_call_rcu_1t", "call_1t", "liburcu's call_rcu(), an object, one thread", ""),
        ("liburcu_call_rcu_2t", "call_2t", "liburcu's call_rcu(), an object of each of two threads", ""),
        ("liburcu_defer_1t", "defer_1t", "liburcu's defer_rcu(), an object, one thread", ""),
    )),
    _mixed("mixed_weir", "", "the default domain", "liburcu_memb_"),
    _mixed("mixed_liburcu", "liburcu_memb_", "liburcu memb", ""),
)


def _at_most(limit: float, row: str, reference: str) -> Owed:
    return Owed(f"{row} <= {limit:g}x {reference}", row, reference, limit)


def _at_least(limit: float, row: str) -> Owed:
    reference = f"liburcu_memb_{row}"
    return Owed(f"{row} >= {limit:g}x {reference}", row, reference, limit, at_least=True)


def _bounded(row: str) -> Owed:
    return Owed(f"{row} <= 8,192", row, None, 8192)


def _grace_at_most(limit: float, call: str) -> Owed:
    return _at_most(limit, f"synchronize_{call}", f"liburcu_memb_synchronize_{call}")


_OWED = (
    _at_most(0.68, "reader", "liburcu_memb"),
    _at_most(0.68, "reader_nested", "liburcu_memb_nested"),
    _at_most(0.87, "lock_unlock", "liburcu_memb"),
    _at_most(1.05, "reader_pinned", "reader"),
    _at_most(1.1, "qsbr_reader", "plain_load"),
    _at_most(0.9, "urcu_compat", "liburcu_memb"),
    _at_most(0.5, "urcu_compat_lib", "liburcu_memb_lib"),
    _grace_at_most(0.7, "idle"),
    _grace_at_most(0.6, "active"),
    _grace_at_most(0.06, "1024"),
    _grace_at_most(0.3, "8_active"),
    _at_most(0.2, "retire_1t", "liburcu_call_rcu_1t"),
    _bounded("retire_1t_peak"),
    _at_most(0.15, "retire_2t", "liburcu_call_rcu_2t"),
    _bounded("retire_2t_peak"),
    _at_least(1.5, "rw_reads"),
    _at_least(2.5, "rw_updates"),
    _bounded("rw_peak"),
)


def _middle(result: Result, row: str) -> str:
    return f"{number(median(result.rows[row].samples))} {result.rows[row].unit}"


def conclusion(result: Result) -> str:
    section = f"A section costs {_middle(result, 'reader')}"
    beside = judge.ratio(result, "reader", "liburcu_memb")
    if beside is not None:
        section += f", {times(beside)} what liburcu's costs"
    if "synchronize_active" not in result.rows:
        return f"{section}."
    period = f"a grace period while somebody reads {_middle(result, 'synchronize_active')}"
    beside = judge.ratio(result, "synchronize_active", "liburcu_memb_synchronize_active")
    return f"{section}; {period}{f', {times(beside)}' if beside is not None else ''}."


def notes(result: Result) -> List[str]:
    said = ["The loops of the read side are each measured in four places, 16 bytes apart: some processors run the same "
            "loop a quarter slower or faster by where it lies."]
    if any(name.startswith("liburcu") for name in result.rows):
        said.append("liburcu is this system's, in programs of their own, compiled as C: the same header makes slower "
                    "code of C++.")
    readers = [f"{name[:-len('_reader')]} {min(s.samples):.1f}" for name, s in result.rows.items()
               if name.endswith("active_reader")]
    if readers:
        said.append("A grace period is cheap while the reader has lost its CPU, so only the time counts in which it "
                    "ran without a break. The least share of its CPU that it had in a round, in %: "
                    f"{'; '.join(readers)}.")
    return said


ROOM = Room(
    name="rcu",
    title="what a section costs a reader, what waiting and retiring cost a writer, beside liburcu",
    about="bench/rcu/read",
    programs=_READ + _GRACE + _RETIRE,
    derived=(),
    owed=_OWED,
    conclusion=conclusion,
    notes=notes,
    figures=figures.all_of,
)
