"""The room `barrier`: what light() costs the fast path, what heavy() costs the slow one, and when the pair pays."""

from statistics import median
from typing import Dict, List, Optional

from bench.barrier import figures
from bench.report import judge
from bench.report.model import Derived, Owed, Program, Result, Room, Row
from bench.report.words import number, times

_FAST = Program("bench/barrier/fast_path", full_ms=60, quick_ms=40, rows=(
    Row("store_load", "store_load", "a relaxed store, a relaxed load, nothing between"),
    Row("light", "light", "light() between", "store_load"),
    Row("full", "full", "full() between: a seq_cst fence", "store_load"),
    Row("seq_cst_store", "seq_cst_store", "nothing between, but the store is seq_cst", "store_load"),
))
_FAST_PINNED = Program("bench/barrier/fast_path_pinned", full_ms=60, quick_ms=40, may_refuse=True, rows=(
    Row("store_load_pinned", "store_load", "as store_load, in the program with the barrier pinned", "store_load"),
    Row("light_pinned", "light", "light() between, the strategy pinned when built", "store_load_pinned"),
))
_HEAVY = Program("bench/barrier/heavy", full_ms=60, quick_ms=40, rows=(
    Row("heavy_alone", "alone", "heavy(), one thread in the process", "membarrier_alone"),
    Row("heavy_asleep", "asleep", "heavy(), a second thread sleeps", "membarrier_asleep"),
    Row("heavy_spinning", "spinning", "heavy(), a second thread runs on another CPU", "membarrier_spinning"),
))
_MEMBARRIER = Program("bench/barrier/membarrier", full_ms=60, quick_ms=40, rows=(
    Row("membarrier_alone", "alone", "the bare membarrier(2), one thread"),
    Row("membarrier_asleep", "asleep", "the bare membarrier(2), a second thread sleeps"),
    Row("membarrier_spinning", "spinning", "the bare membarrier(2), a second thread runs"),
))
_MPROTECT = Program("bench/barrier/mprotect", full_ms=60, quick_ms=40, rows=(
    Row("mprotect_alone", "alone", "two calls of mprotect(2), one thread", "membarrier_alone"),
    Row("mprotect_spinning", "spinning", "two calls of mprotect(2), a second thread runs", "membarrier_spinning"),
))
_HEAVY_CROWD = Program("bench/barrier/heavy", full_ms=250, quick_ms=150, rows=(
    Row("heavy_concurrent_8", "crowd", "heavy() by 8 threads at once, wall time / calls", "membarrier_concurrent_8"),
))
_MEMBARRIER_CROWD = Program("bench/barrier/membarrier", full_ms=250, quick_ms=150, rows=(
    Row("membarrier_concurrent_8", "crowd", "membarrier(2) by 8 threads at once, wall time / calls"),
))


def break_even(round_: Dict[str, float]) -> Optional[float]:
    """How many reads per write make both ways cost the same.

    With R reads to a write, each read being the loop's store and load:

        light + heavy:  R * light + heavy_spinning
        full + full:    R * full  + (full - store_load)

    so R = (heavy_spinning - (full - store_load)) / (full - light). The writer's own fence is what full() adds to the
    store and load. None where light() saves nothing worth naming, as with the strategy fence.
    """
    saved = round_["full"] - round_["light"]
    extra = round_["heavy_spinning"] - (round_["full"] - round_["store_load"])
    if saved < 0.1 * round_["full"] or extra <= 0:
        return None
    return extra / saved


def conclusion(result: Result) -> str:
    pays = result.rows.get("break_even")
    if pays is None:
        why = result.absent.get("break_even", "not measured")
        return f"Whether light() and heavy() pay cannot be said here: {why}."
    return (f"From about {number(median(pays.samples))} reads per write on, light() and heavy() cost less here than "
            f"full() on both sides; {number(min(pays.samples))} to {number(max(pays.samples))} in the rounds.")


def notes(result: Result) -> List[str]:
    said = []
    drift = judge.ratio(result, "store_load_pinned", "store_load")
    if drift is not None and abs(drift - 1) > 0.05:
        said.append(f"The same loop, store_load, takes {times(drift)} in the pinned program as in the other: "
                    "light_pinned is to be compared with store_load_pinned.")
    if "break_even" in result.rows:
        said.append("break_even = (heavy_spinning - (full - store_load)) / (full - light), from the rows of one round. "
                    "It counts the time of the writer's call and of the reads. A reader that is interrupted by heavy() "
                    "loses time too, at most as much as the call takes: who counts that as well has at most about "
                    "twice the number.")
    return said


ROOM = Room(
    name="barrier",
    title="what light() costs a reader, what heavy() costs a writer, and when the pair pays",
    about="bench/barrier/fast_path",
    programs=(_FAST, _FAST_PINNED, _HEAVY, _MEMBARRIER, _MPROTECT, _HEAVY_CROWD, _MEMBARRIER_CROWD),
    derived=(
        Derived("break_even", "reads", "reads per write from which light() and heavy() cost less than full() twice",
                ("store_load", "light", "full", "heavy_spinning"), break_even, "light() saves nothing here"),
    ),
    owed=(
        Owed("light <= 1.5x store_load where full is >= 10x", "light", "store_load", 1.5, where=("full", 10)),
        Owed("light_pinned <= 1.1x store_load", "light_pinned", "store_load", 1.1),
        Owed("light_pinned <= 1.1x store_load of the same program", "light_pinned", "store_load_pinned", 1.1),
        Owed("heavy_alone <= 1.5x membarrier_alone", "heavy_alone", "membarrier_alone", 1.5),
        Owed("heavy_spinning <= 1.1x membarrier_spinning", "heavy_spinning", "membarrier_spinning", 1.1),
        Owed("heavy_concurrent_8 <= 0.5x membarrier_concurrent_8",
             "heavy_concurrent_8", "membarrier_concurrent_8", 0.5),
    ),
    conclusion=conclusion,
    notes=notes,
    figures=figures.all_of,
)
