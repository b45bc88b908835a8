"""The run as JSON: schema weir-bench-1."""

from statistics import median
from typing import Dict, List

from bench.report import judge
from bench.report.model import Result, Series

SCHEMA = "weir-bench-1"


def _row(result: Result, s: Series) -> Dict[str, object]:
    row: Dict[str, object] = {
        "room": result.room.name,
        "name": s.name,
        "unit": s.unit,
        "median": median(s.samples),
        "min": min(s.samples),
        "max": max(s.samples),
        "samples": s.samples,
        "retaken": s.retaken,
        "disturbed": s.disturbed,
    }
    if s.reference:
        row.update(reference=s.reference, ratio=judge.ratio(result, s.name, s.reference))
    return row


def document(results: List[Result]) -> Dict[str, object]:
    """Samples are in the order of the rounds: the n-th of two measured rows were taken in one round. A computed row
    lacks the rounds in which it has no value."""
    return {
        "schema": SCHEMA,
        "machine": results[0].machine,
        "rows": [_row(r, s) for r in results for s in r.rows.values()],
        "absent": [{"room": r.room.name, "name": n, "reason": why} for r in results for n, why in r.absent.items()],
        "owed": [dict(p, room=r.room.name) for r in results for p in judge.promises(r)],
        "runs": [{"room": r.room.name, "rounds": r.rounds, "seconds": round(r.seconds, 1), "retaken": r.retaken,
                  "disturbed": r.disturbed, "conclusion": r.room.conclusion(r)} for r in results],
    }
