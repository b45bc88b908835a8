"""What may be believed of a sample, and what is made of the samples of a row."""

from statistics import median
from typing import Dict, List, Optional

from bench.report.model import Owed, Result
from bench.report.words import number, times

# Of its CPU, that a measuring thread must have had: what it lost is in the figure.
SHARE = 0.985
# Of a sample, that must be left when the time is struck out in which the thread that heavy() is to interrupt did not
# run (bench/support/slices.h).
COMPANY = 0.5
# Others that ran, to each CPU, on average of a few looks: on other CPUs than ours they slow us down as well, since two
# CPUs may be one core's.
OTHERS = 0.2
# A sample much shorter than asked for was calibrated while others ran.
SHORTEST = 0.3


def disturbed(sample: Dict[str, float], wanted_ms: float) -> bool:
    """Whether foreign work ran, or took the CPU from one of our threads, while the sample was taken."""
    absent = sample["share"] < SHARE or sample["company"] < COMPANY
    return absent or sample["others"] > OTHERS or sample["stolen_ms"] > 0 or sample["wall_ms"] < SHORTEST * wanted_ms


def better(a: Dict[str, float], b: Dict[str, float], wanted_ms: float) -> Dict[str, float]:
    """The less disturbed of two samples of a row in one round. Never decides by what was measured."""
    if disturbed(a, wanted_ms) != disturbed(b, wanted_ms):
        return b if disturbed(a, wanted_ms) else a
    quiet = lambda s: (-s["others"], s["company"], s["share"])
    return a if quiet(a) >= quiet(b) else b


def ratio(result: Result, row: str, reference: str) -> Optional[float]:
    """The median of the ratios, each of two samples of one round: the machine's clock drifts between rounds."""
    if row not in result.rows or reference not in result.rows:
        return None
    pairs = zip(result.rows[row].samples, result.rows[reference].samples)
    return median(a / b for a, b in pairs)


def warning(result: Result) -> str:
    """What to say first to who reads figures of a machine that was not idle; nothing if it was."""
    if result.disturbed == 0:
        return ""
    taken = sum(len(s.samples) for s in result.rows.values() if s.name not in {d.name for d in result.room.derived})
    return (f"The machine was not left alone: {result.disturbed} of {taken} samples had to be kept although disturbed. "
            "Rows that are flagged are to be measured again on an idle machine.")


def unseen(result: Result) -> str:
    """What the check for disturbances cannot see."""
    if not result.steal_known:
        return "What a hypervisor takes from our CPUs is not told here at all, and is in the figures."
    return ("What a hypervisor takes is told in ticks of 10 ms, and only as far as it tells its guest: the rest is in "
            "the figures.")


def promises(result: Result) -> List[Dict[str, object]]:
    """Each owed ratio: its value, and reached, missed or why neither."""
    return [_promise(result, o) for o in result.room.owed]


def shown(promise: Dict[str, object]) -> str:
    """The value of a promise as people write it."""
    value = promise["value"]
    if value is None:
        return "-"
    return times(value) if promise["reference"] else f"{number(value)} at most"


def _value(result: Result, owed: Owed) -> Optional[float]:
    if owed.reference is not None:
        return ratio(result, owed.row, owed.reference)
    # A bound is one only if it holds in every round.
    return max(result.rows[owed.row].samples) if owed.row in result.rows else None


def _promise(result: Result, owed: Owed) -> Dict[str, object]:
    value = _value(result, owed)
    answer: Dict[str, object] = {"owed": owed.text, "row": owed.row, "reference": owed.reference,
                                 "limit": owed.limit, "value": value, "why": ""}
    if value is None:
        gone = owed.row if owed.row in result.absent or owed.reference is None else owed.reference
        answer.update(verdict="absent", why=f"there is no {gone} here")
        return answer
    reached = value >= owed.limit if owed.at_least else value <= owed.limit
    answer["verdict"] = "reached" if reached else "missed"
    if owed.where is not None and owed.reference is not None:
        row, least = owed.where
        there = ratio(result, row, owed.reference)
        if there is None or there < least:
            shown = "absent" if there is None else f"only {there:.1f}x"
            answer.update(verdict="not owed", why=f"{row} is {shown} here")
        else:
            answer["why"] = f"{row} is {there:.1f}x"
    rows = [result.rows[r] for r in (owed.row, owed.reference) if r is not None]
    flagged = sum(r.disturbed for r in rows)
    if flagged:
        remark = f"{flagged} of {sum(len(r.samples) for r in rows)} samples disturbed"
        answer["why"] = "; ".join(filter(None, [str(answer["why"]), remark]))
    return answer
