"""The pictures of the room `nt`."""

from typing import List, Sequence, Tuple

from bench.report.lanes import Group, Lane, lanes_of, plot
from bench.report.model import Figure, Result

_RIVALS = (("futex_count", "futex, counted"), ("sem_t", "sem_t"), ("robust_mutex", "robust mutex"),
           ("cond", "mutex and cond"), ("fsync", "fsync's way"), ("esync", "esync's way"),
           ("wine_server", "Wine's server"))


def _group(result: Result, heading: str, row: str, ours: str, limits: Sequence[Tuple[str, str]] = ()) -> Group:
    """Limits, then ours, then whoever else has the row."""
    lanes: List[Lane] = lanes_of(result, [(name, label, "plain") for name, label in limits])
    lanes += lanes_of(result, [(row, ours, "ours")])
    lanes += lanes_of(result, [(f"{prefix}_{row}", label, "dear" if prefix == "wine_server" else "rival")
                               for prefix, label in _RIVALS])
    return Group(heading, lanes)


def alone(result: Result) -> str:
    pair = [("cas_pair", "two exchanges")]
    return plot("cost without contention", [
        _group(result, "An auto event: set, wait", "set_wait_uncontended_object", "nt::event", pair),
        _group(result, "The same, through handles", "set_wait_uncontended", "NtSetEvent, NtWait..."),
        _group(result, "A mutant: wait, release", "mutant_uncontended", "nt::mutant"),
        _group(result, "A semaphore: wait, release", "semaphore_uncontended", "nt::semaphore"),
        _group(result, "All of two", "wait_all_2_ready", "nt::wait_all"),
        _group(result, "All of eight", "wait_all_8_ready", "nt::wait_all"),
        _group(result, "Any of 64, all set", "wait_any_64_ready", "nt::wait_any"),
        _group(result, "Any of 64, the last one set", "wait_any_64_last_ready", "nt::wait_any"),
    ], "ns, logarithmic", logarithmic=True)


def lookup(result: Result) -> str:
    def lanes(suffix: str) -> List[Lane]:
        return lanes_of(result, [
            (f"handle_lookup{suffix}", "the table, RCU", "ours"),
            (f"handle_lookup_hazard{suffix}", "hazard pointers", "ours"),
            (f"handle_lookup_shared_mutex{suffix}", "shared_mutex", "dear"),
        ])
    return plot("cost of looking a handle up", [Group("One thread", lanes("")),
                                                Group("Two threads, each on its CPU", lanes("_2t"))],
                "ns, logarithmic", logarithmic=True)


def hand_over(result: Result) -> str:
    return plot("cost of a hand-over", [
        _group(result, "Two threads on one CPU", "handover_1core", "nt::event",
               [("futex_handover_1core", "bare futex(2)")]),
        _group(result, "The same, each waits for any of 64", "wait_any_64_handover_1core", "nt::wait_any"),
        _group(result, "Each on its CPU", "handover_2core", "nt::event",
               [("futex_handover_2core", "bare futex(2)"), ("futex_spin_handover_2core", "futex(2) after looking")]),
        _group(result, "Where the system likes", "zigzag_2s", "nt::event"),
    ], "ns for a hand-over, logarithmic", logarithmic=True)


def contended(result: Result) -> str:
    return plot("cost of a lock that two threads want", [
        _group(result, "Each on its CPU", "contended_2core", "nt::mutant"),
        _group(result, "Where the system likes", "contended_10m", "nt::mutant"),
    ], "ns for {acquire, release}, logarithmic", logarithmic=True)


def all_of(result: Result) -> List[Figure]:
    beside = "Points are rounds. In brackets: how many times the row that the table names. The scale is logarithmic."
    figures = [Figure("What it costs when nobody else is there", f"No call of the system's but where a rival makes "
                      f"one. {beside}", alone(result)),
               Figure("What a hand-over costs", f"One thread wakes the other, and waits for it. {beside}",
                      hand_over(result))]
    if "handle_lookup" in result.rows:
        figures.append(Figure("What a handle costs", f"From its number to the object. {beside}", lookup(result)))
    if any("contended_" in name for name in result.rows if "uncontended" not in name):
        figures.append(Figure("What a lock costs that others want", f"Two threads take and release it all the time. "
                              f"{beside}", contended(result)))
    return figures
