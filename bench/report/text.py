"""The report as plain text: what most people read."""

import textwrap
from statistics import median
from typing import Dict, List

from bench.report import judge
from bench.report.model import Result, Series
from bench.report.words import count, number, times

WIDTH = 110


def _wrapped(label: str, text: str) -> List[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"{label:<10}", subsequent_indent=" " * 10)


def machine(facts: Dict) -> List[str]:
    cpus = " and ".join(str(c) for c in facts["measured_on_cpus"])
    kind = ", a virtual machine" if facts["virtual"] else ""
    lines = _wrapped("machine", f"{facts['cpu']} ({facts['architecture']}), {count(facts['cores'], 'CPU')}{kind}; "
                                f"measured on CPU {cpus}")
    lines += _wrapped("system", f"{facts['kernel']}, {facts['compiler']}, commit {facts['commit']}")
    if facts["strategy"]:
        forced = f" [forced: WEIR_BARRIER={facts['forced']}]" if facts["forced"] else ""
        lines += _wrapped("strategy", f"{facts['reason']}{forced}")
    return lines


def _cells(result: Result, s: Series) -> List[str]:
    value = judge.ratio(result, s.name, s.reference) if s.reference else None
    ratio = f"{times(value)} {s.reference}" if value is not None else ""
    flag = f"disturbed: {s.disturbed} of {len(s.samples)}" if s.disturbed else ""
    return [s.name, f"{number(median(s.samples))} {s.unit}", f"{number(min(s.samples))} to {number(max(s.samples))}",
            ratio, flag]


def table(result: Result) -> List[str]:
    rows = [["", "median", "min to max", "ratio to", ""]]
    rows += [_cells(result, s) for s in result.rows.values()]
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    align = ["<", ">", ">", "<", "<"]
    return ["  ".join(f"{c:{align[i]}{widths[i]}}" for i, c in enumerate(r)).rstrip() for r in rows]


def owed(result: Result) -> List[str]:
    lines = []
    for p in judge.promises(result):
        why = f" ({p['why']})" if p["why"] else ""
        lines.append(f"{p['verdict']:<9} {p['owed']}: {judge.shown(p)}{why}")
    return lines


def room(result: Result) -> List[str]:
    lines = [f"room {result.room.name}: {result.room.title}",
             f"{count(result.rounds, 'round')} in {result.seconds:.0f} s; {count(result.retaken, 'sample')} taken "
             f"again because foreign work took the CPU; {result.disturbed} kept although disturbed", ""]
    lines += ["  " + line for line in table(result)]
    if result.absent:
        lines += ["", "absent here"]
        lines += [f"  {name}: {why}" for name, why in result.absent.items()]
    if result.room.owed:
        lines += ["", "owed, as ratios of this run (median of the rounds' ratios)"]
        lines += ["  " + line for line in owed(result)]
    lines.append("")
    for note in result.room.notes(result):
        lines += textwrap.wrap(note, WIDTH)
    lines += textwrap.wrap(result.room.conclusion(result), WIDTH)
    lines += textwrap.wrap(judge.warning(result), WIDTH)
    lines += textwrap.wrap(judge.unseen(result), WIDTH)
    return lines
