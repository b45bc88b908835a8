"""The room `hazard`: what protecting an object costs its reader, and retiring it a writer, beside ck and boost."""

from statistics import median
from typing import List, Sequence, Tuple

from bench.hazard import figures
from bench.report import judge
from bench.report.model import Owed, Program, Result, Room, Row
from bench.report.words import number, times


def _pairs(path: str, rows: Sequence[Tuple[str, str, str, str]], ms: Tuple[int, int]) -> Program:
    """(row, what the program calls it, about, reference; "": none), each by one thread and by two at once."""
    one = [Row(name, inner, about, reference or None) for name, inner, about, reference in rows]
    two = [Row(f"{r.name}_2t", f"{r.inner}_2t", f"{r.about}; two threads, each on its CPU",
               r.reference and f"{r.reference}_2t") for r in one]
    return Program(f"bench/hazard/{path}", full_ms=ms[0], quick_ms=ms[1], rows=tuple(one + two))


_READ = (
    _pairs("read", (
        ("plain_load", "plain_load", "{load the pointer; add what it points to}: nothing is protected", ""),
        ("plain_load_3", "plain_load_3", "the same of three pointers", "plain_load"),
        ("cas", "cas", "a relaxed load and a compare_exchange() of a word that nobody else uses", ""),
        ("protect_reused", "protect_reused", "protect(), the read and reset_protection(), by a pointer that is kept",
         "plain_load"),
        ("protect_new", "protect_new", "make_pointer(), protect(), the read, and the pointer dropped", "plain_load"),
        ("protect_local", "protect_local", "the read, in a hazard::local", "plain_load"),
        ("array_3", "array_3", "make_array<3>(), three protect() and reads, and the array dropped", "plain_load_3"),
        ("shared_mutex", "shared_mutex", "the read, under std::shared_mutex, shared", "plain_load"),
        ("atomic_shared_ptr", "atomic_shared_ptr", "the read, through std::atomic<std::shared_ptr>", "plain_load"),
    ), (30, 16)),
    _pairs("read_ck", (
        ("ck_hp_protect_reused", "protect_reused", "ck_hp: set, checked, read and reset, by a record that is kept",
         "plain_load"),
    ), (30, 16)),
)


def _retire(path: str, rows: Sequence[Tuple[str, str, str, str]]) -> Program:
    """(row, what the program calls it, about, reference; "": none), and the peak of each."""
    every = []
    for name, inner, about, reference in rows:
        every.append(Row(name, inner, about, reference or None))
        peak = reference.startswith("ck") and f"{reference}_peak" or None
        every.append(Row(f"{name}_peak", inner, "the most objects that were unreclaimed at once", peak, field="peak",
                         unit="objects"))
    return Program(f"bench/hazard/{path}", full_ms=120, quick_ms=100, rows=tuple(every))


def _mixed(path: str, prefix: str, what: str, twin: str) -> Program:
    def row(inner: str, name: str, about: str, unit: str, scale: float) -> Row:
        reference = twin and f"{twin}{inner}_{name}" or None
        return Row(f"{prefix}{inner}_{name}", inner, f"{what}: {about}", reference, name, unit, scale)

    return Program(f"bench/hazard/{path}", full_ms=200, quick_ms=120, rows=(
        row("rw", "reads", "reads of a reader beside a writer, both as fast as can be", "M/s", 1e6),
        row("rw", "updates", "updates of that writer: allocate, exchange, retire", "M/s", 1e6),
        row("rw", "peak", "the most objects that were unreclaimed at once", "objects", 1),
        row("rwlim", "reads", "reads beside a writer that is held to 100,000 updates a second", "M/s", 1e6),
    ))


_THRESHOLD = 4096  # the default one
_LARGE = 8192
_CK_THRESHOLD = 4096

_RETIRE = (
    _retire("retire_weir", (
        ("retire_1t", "1t", f"retire(), an object, one thread; threshold {_THRESHOLD:,}", "ck_hp_retire_1t"),
        ("retire_2t", "2t", f"an object of each of two threads; threshold {_THRESHOLD:,}", "ck_hp_retire_2t"),
        ("retire_2t_8192", "2t_8192", f"an object of each of two threads; threshold {_LARGE:,}", "ck_hp_retire_2t"),
        ("retire_1t_written", "1t_written", "retire_1t, with a deleter that writes to the object",
         "ck_hp_retire_1t_written"),
        ("retire_2t_written", "2t_written", "retire_2t, with a deleter that writes to the object",
         "ck_hp_retire_2t_written"),
    )),
    _retire("retire_ck", (
        ("ck_hp_retire_1t", "1t", f"ck_hp_free(), an object, one thread; threshold {_CK_THRESHOLD:,}", ""),
        ("ck_hp_retire_2t", "2t", f"ck_hp_free(), an object of each of two threads; threshold {_CK_THRESHOLD:,}", ""),
        ("ck_hp_retire_1t_written", "1t_written", "ck_hp_retire_1t, with a deleter that writes to the object", ""),
        ("ck_hp_retire_2t_written", "2t_written", "ck_hp_retire_2t, with a deleter that writes to the object", ""),
    )),
    _mixed("mixed_weir", "", "the default domain", "ck_hp_"),
    _mixed("mixed_ck", "ck_hp_", "ck_hp", ""),
)

_CONTAINERS = (
    _pairs("containers", (
        ("stack_push_pop", "stack", "{push, pop} on one stack, by hazard pointers", "mutex_stack_push_pop"),
        ("queue_enq_deq", "queue", "{enqueue, dequeue} on one queue, by hazard pointers", "mutex_queue_enq_deq"),
        ("rcu_stack_push_pop", "rcu_stack", "the same stack, by RCU", "mutex_stack_push_pop"),
        ("rcu_queue_enq_deq", "rcu_queue", "the same queue, by RCU", "mutex_queue_enq_deq"),
        ("mutex_stack_push_pop", "mutex_stack", "std::vector under a std::mutex", ""),
        ("mutex_queue_enq_deq", "mutex_queue", "std::deque under a std::mutex", ""),
    ), (30, 16)),
    _pairs("containers_boost", (
        ("boost_stack_push_pop", "stack", "boost::lockfree::stack, nodes reserved", "mutex_stack_push_pop"),
        ("boost_queue_enq_deq", "queue", "boost::lockfree::queue, nodes reserved", "mutex_queue_enq_deq"),
    ), (30, 16)),
)


def most_unreclaimed(threads: int, threshold: int, protected: int = 0) -> int:
    """The bound that hazard/options.h states."""
    return threads * (2 * threshold + 250) + protected


def _at_most(limit: float, row: str, reference: str) -> Owed:
    return Owed(f"{row} <= {limit:g}x {reference}", row, reference, limit)


def _at_least(limit: float, row: str) -> Owed:
    reference = f"ck_hp_{row}"
    return Owed(f"{row} >= {limit:g}x {reference}", row, reference, limit, at_least=True)


def _bounded(row: str, limit: int) -> Owed:
    return Owed(f"{row} <= {limit:,}", row, None, limit)


_OWED = (
    _at_most(1.4, "protect_reused", "plain_load"),
    _at_most(2.4, "protect_new", "plain_load"),
    _at_most(2.1, "protect_local", "plain_load"),
    _at_most(0.65, "retire_1t", "cas"),
    _bounded("retire_1t_peak", most_unreclaimed(1, _THRESHOLD)),
    _at_most(0.9, "retire_2t", "ck_hp_retire_2t"),
    _bounded("retire_2t_peak", most_unreclaimed(2, _THRESHOLD)),
    _at_most(1, "retire_2t_8192", "cas"),
    _bounded("retire_2t_8192_peak", most_unreclaimed(2, _LARGE)),
    _at_least(8, "rw_reads"),
    _at_least(1.7, "rw_updates"),
    _bounded("rw_peak", most_unreclaimed(1, _THRESHOLD, protected=1)),
    _at_least(10, "rwlim_reads"),
)


def _middle(result: Result, row: str) -> str:
    return f"{number(median(result.rows[row].samples))} {result.rows[row].unit}"


def conclusion(result: Result) -> str:
    said = f"To protect an object costs {_middle(result, 'protect_local')} with the read of it"
    beside = judge.ratio(result, "protect_local", "plain_load")
    if beside is not None:
        said += f", {times(beside)} what the read costs alone"
    said += f"; to retire one, until it is reclaimed, {_middle(result, 'retire_1t')}"
    if "rwlim_reads" not in result.rows:
        return f"{said}."
    said += f". Beside 100,000 updates a second a thread reads {_middle(result, 'rwlim_reads')}"
    beside = judge.ratio(result, "rwlim_reads", "ck_hp_rwlim_reads")
    return f"{said}{f', {times(beside)} what it reads with ck_hp' if beside is not None else ''}."


def notes(result: Result) -> List[str]:
    said = ["The loops of the read side are each measured in four places, 16 bytes apart: some processors run the same "
            "loop a quarter slower or faster by where it lies.",
            f"A thread looks for what it can reclaim when it has retired a threshold of objects: {_THRESHOLD:,} by "
            f"default, {_LARGE:,} in rows that say so; or up to twice as many, while another thread's barrier is to "
            f"serve it.",
            "Deleters of the retire rows count, and do not touch the object; those of the rows that end in _written "
            "write to it. ck writes to an object when it is retired, Weir does not.",
            "What RCU's stack and queue retire is reclaimed by a thread of the domain's, beside what is measured."]
    if any(name.startswith("ck_hp") for name in result.rows):
        said.append(f"ck is this system's, linked statically, in programs of their own, compiled as C; one hazard "
                    f"pointer for each thread, and a threshold of {_CK_THRESHOLD:,}, as Weir's. With 128, two threads "
                    f"retire slower there.")
    if any(name.startswith("boost") for name in result.rows):
        said.append("The nodes of boost.lockfree come from a list of its own and never go back; those of Weir's stack "
                    "and queue are allocated, and freed when they are reclaimed.")
    return said


ROOM = Room(
    name="hazard",
    title="what protecting an object costs its reader, and retiring it a writer, beside ck and boost",
    about="bench/hazard/read",
    programs=_READ + _RETIRE + _CONTAINERS,
    derived=(),
    owed=_OWED,
    conclusion=conclusion,
    notes=notes,
    figures=figures.all_of,
)
