"""The room `nt`: what NT's objects cost in one process, beside the designs that others have published."""

from statistics import median
from typing import Dict, List, Tuple

from bench.nt import figures
from bench.report import judge
from bench.report.model import Owed, Program, Result, Room, Row
from bench.report.words import number, times

# What each row is, whoever does it.
_ABOUT = {
    "set_wait_uncontended": "an auto event set, and a wait for it, through handles, nobody else there",
    "set_wait_uncontended_object": "the same, with the object in hand",
    "mutant_uncontended": "a mutant waited for and released",
    "semaphore_uncontended": "a semaphore waited for and released by one",
    "wait_any_64_ready": "a wait for any of 64 manual events, all of them set",
    "wait_any_64_last_ready": "a wait for any of 64 manual events, of which the last one is set",
    "wait_all_2_ready": "a wait for all of two manual events that are set",
    "wait_all_8_ready": "a wait for all of eight manual events that are set",
    "create_close": "an event made and closed, by its handle",
    "create_close_object": "an event made and ended, object in hand",
    "handover_1core": "a hand-over between two threads on one CPU, by two auto events",
    "handover_2core": "a hand-over between two threads, each on its CPU",
    "wait_any_64_handover_1core": "a hand-over on one CPU, each a wait for any of 64, by the last one",
    "zigzag_2s": "a hand-over between two threads that run where the system likes",
    "contended_2core": "{acquire, release} of a lock that two threads want all the time, each on its CPU",
    "contended_10m": "the same, where the system likes",
    "handle_lookup": "from a handle to its object: type and rights checked, the object looked at",
    "handle_lookup_hazard": "the same, by a table of the same shape under hazard pointers",
    "handle_lookup_shared_mutex": "the same, by a table under std::shared_mutex, shared",
}

# Milliseconds of a sample, in full and quick. Threads that sleep and wake take longer to be measured.
_KINDS = {"alone": (20, 12), "one core": (80, 40), "two": (80, 40)}
_REFERENCES = {
    "set_wait_uncontended": "cas_pair",
    "set_wait_uncontended_object": "cas_pair",
    "mutant_uncontended": "cas_pair",
    "semaphore_uncontended": "cas_pair",
    "wait_all_2_ready": "cas_pair",
    "wait_all_8_ready": "cas_pair",
    "handover_1core": "futex_handover_1core",
    "handover_2core": "futex_handover_2core",
    "wait_any_64_handover_1core": "handover_1core",
    "contended_2core": "robust_mutex_contended_2core",
    "contended_10m": "robust_mutex_contended_10m",
    "handle_lookup": "handle_lookup_shared_mutex",
    "handle_lookup_hazard": "handle_lookup",
}
_LESSER = "of a hundred that take the lock, how many are the thread's that has it less often"


def _kind(inner: str) -> str:
    if inner.endswith("_1core"):
        return "one core"
    return "two" if "handover" in inner or inner.startswith(("zigzag", "contended")) else "alone"


def _programs(path: str, rows: List[Row]) -> Tuple[Program, ...]:
    """A process for what one thread does alone; one for two threads on one CPU, which has no other: who measures how
    long it is worth to spin finds that nothing is; and one for two threads on several CPUs. Of one lock it is also told
    how even it is."""
    rows = rows + [Row(f"{r.name}_lesser", r.inner, _LESSER, field="lesser", unit="%") for r in rows
                   if r.inner == "contended_2core"]
    some = [(ms, tuple(r for r in rows if _kind(r.inner) == kind)) for kind, ms in _KINDS.items()]
    return tuple(Program(f"bench/nt/{path}", full_ms=ms[0], quick_ms=ms[1], rows=of) for ms, of in some if of)


def _side_by_side(programs: Tuple[Program, ...]) -> Tuple[Program, ...]:
    """What is compared is measured within a second or two."""
    return tuple(p for kind in _KINDS for p in programs if _kind(p.rows[0].inner) == kind)


def _ours(path: str, rows: Dict[str, str]) -> Tuple[Program, ...]:
    """Row -> what the program calls it."""
    return _programs(path, [Row(name, inner, _ABOUT[name], _REFERENCES.get(name)) for name, inner in rows.items()])


def _in_hand(*names: str) -> Dict[str, str]:
    both = ("set_wait_uncontended", "create_close")  # there is one through handles too
    return {f"{n}_object" if n in both else n: n for n in names}


def _rival(prefix: str, what: str, *names: str, handles: bool = False) -> Tuple[Program, ...]:
    """`handles`: it has a table of them; else it is compared with what has its object in hand."""
    rows = []
    for name in names:
        answered = f"{name}_object" if not handles and f"{name}_object" in _ABOUT else name
        rows.append(Row(f"{prefix}_{answered}", name, f"{what}: {_ABOUT[answered]}", answered))
    return _programs(prefix, rows)


_LIMITS = _programs("limits", [
    Row("cas_pair", "cas_pair", "a compare_exchange() to take a word, and one to give it"),
    Row("futex_handover_1core", "futex_handover_1core", f"bare futex(2): {_ABOUT['handover_1core']}"),
    Row("futex_handover_2core", "futex_handover_2core", f"bare futex(2): {_ABOUT['handover_2core']}"),
    Row("futex_spin_handover_2core", "futex_spin_handover_2core",
        "the same, with up to 2,000 looks at the word before sleeping", "futex_handover_2core"),
])

_ALONE = ("set_wait_uncontended", "mutant_uncontended", "semaphore_uncontended")
_READY = ("wait_any_64_ready", "wait_all_2_ready", "wait_all_8_ready")
_HAND_OVERS = ("handover_1core", "handover_2core", "zigzag_2s")
_LOCKS = ("contended_2core", "contended_10m")

_OBJECTS = _ours("objects", _in_hand(*_ALONE, "wait_any_64_ready", "wait_any_64_last_ready", "wait_all_2_ready",
                                     "wait_all_8_ready", "create_close", *_HAND_OVERS, "wait_any_64_handover_1core",
                                     *_LOCKS))
_THROUGH_HANDLES = _ours("handles", {n: n for n in ("set_wait_uncontended", "create_close")})


def _lookups(*names: str) -> Tuple[Program, ...]:
    one = [Row(name, name, _ABOUT[name], _REFERENCES.get(name)) for name in names]
    two = [Row(f"{r.name}_2t", f"{r.name}_2t", f"{r.about}; two threads, each on its CPU",
               r.reference and f"{r.reference}_2t") for r in one]
    return _programs("lookup", one + two)


_LOOKUPS = _lookups("handle_lookup", "handle_lookup_hazard", "handle_lookup_shared_mutex")

_RIVALS = (
    *_rival("esync", "eventfd and poll", *_ALONE, *_READY, "create_close", *_HAND_OVERS,
            "wait_any_64_handover_1core", *_LOCKS),
    *_rival("fsync", "a shared futex, woken whenever it is set", *_ALONE, *_READY, *_HAND_OVERS,
            "wait_any_64_handover_1core", *_LOCKS),
    *_rival("futex_count", "a futex with a count of its sleepers", *_ALONE, *_HAND_OVERS, *_LOCKS),
    *_rival("sem_t", "sem_t", "semaphore_uncontended", *_HAND_OVERS, *_LOCKS),
    *_rival("robust_mutex", "pthread's robust mutex", "mutant_uncontended", *_LOCKS),
    *_rival("cond", "mutex, condition variable and flag", "set_wait_uncontended", "semaphore_uncontended",
            *_HAND_OVERS, *_LOCKS),
    *_rival("wine_server", "Wine's server", *_ALONE, *_READY, "create_close", "handover_1core",
            "wait_any_64_handover_1core", "zigzag_2s", "contended_10m", handles=True),
)


def _slower(limit: float, row: str, reference: str) -> Owed:
    return Owed(f"{row} >= {limit:g}x {reference}", row, reference, limit, at_least=True)


def _at_most(limit: float, row: str, reference: str) -> Owed:
    return Owed(f"{row} <= {limit:g}x {reference}", row, reference, limit)


_OWED = (
    _at_most(1.25, "set_wait_uncontended_object", "cas_pair"),
    _at_most(1.3, "mutant_uncontended", "cas_pair"),
    _at_most(1.3, "semaphore_uncontended", "cas_pair"),
    _at_most(2, "set_wait_uncontended", "cas_pair"),
    _at_most(1.5, "wait_all_2_ready", "cas_pair"),
    _at_most(5, "wait_all_8_ready", "cas_pair"),
    _at_most(0.25, "handle_lookup", "handle_lookup_shared_mutex"),
    _at_most(0.05, "handle_lookup_2t", "handle_lookup_shared_mutex_2t"),
    _at_most(1.05, "handover_1core", "futex_handover_1core"),
    _at_most(1, "contended_2core", "robust_mutex_contended_2core"),
    _at_most(2.2, "wait_any_64_handover_1core", "handover_1core"),
    _slower(5, "wine_server_handover_1core", "handover_1core"),
    _slower(200, "wine_server_set_wait_uncontended", "set_wait_uncontended"),
)


def _middle(result: Result, row: str) -> str:
    return f"{number(median(result.rows[row].samples))} {result.rows[row].unit}"


def _beside(result: Result, row: str, reference: str, what: str) -> str:
    ratio = judge.ratio(result, row, reference)
    return f", {times(ratio)} {what}" if ratio is not None else ""


def conclusion(result: Result) -> str:
    alone = "set_wait_uncontended_object"
    said = f"To set an event and to wait for it costs {_middle(result, alone)} where nobody else is there"
    said += _beside(result, alone, "cas_pair", "what two exchanges cost")
    said += f"; to hand over on one CPU {_middle(result, 'handover_1core')}"
    said += _beside(result, "handover_1core", "futex_handover_1core", "what the bare futex(2) takes")
    if "contended_2core" in result.rows:
        said += f"; a lock that two threads want all the time {_middle(result, 'contended_2core')}"
        said += _beside(result, "contended_2core", "robust_mutex_contended_2core", "what a robust mutex costs")
    return f"{said}."


def notes(result: Result) -> List[str]:
    said = ["The loops of what one thread does alone are each measured in four places, 16 bytes apart; a second thread "
            "sleeps meanwhile.",
            "zigzag_2s and contended_10m are called after the benchmarks in msync's README, of two seconds and of 10 "
            "million rounds; a sample here is shorter, and told by the round."]
    if "handle_lookup" in result.rows:
        said.append("handle_lookup goes by numbers, from the table to the segment; the tables beside it hold pointers, "
                    "and an object for each handle, or a line that all who look write to.")
    if any(name.startswith("wine_server") for name in result.rows):
        said.append("Wine's program and its server have one CPU together, but in the rows called after msync's: on two "
                    "CPUs each call would have to wake the other one.")
    if any(name.startswith(("esync", "fsync")) for name in result.rows):
        said.append("esync, fsync and futex_count are the least programs of those designs, made for this page: without "
                    "their handle tables, servers and logs. Their waits for all are not atomic, as in the originals; "
                    "none of the rivals keeps an order of waiters, pulses for those who wait, or tells of the end of "
                    "an owner, but robust_mutex the latter.")
    if "contended_2core_lesser" in result.rows:
        said.append("Of what contends for a lock, the fastest is who lets one thread have it for long: the rows that "
                    "end in _lesser say how far that went; 50 % is even.")
    return said


ROOM = Room(
    name="nt",
    title="what NT's objects cost in one process, beside esync, fsync and what POSIX has",
    about="bench/nt/objects",
    programs=_side_by_side(_LIMITS + _OBJECTS + _THROUGH_HANDLES + _LOOKUPS + _RIVALS),
    derived=(),
    owed=_OWED,
    conclusion=conclusion,
    notes=notes,
    figures=figures.all_of,
)
