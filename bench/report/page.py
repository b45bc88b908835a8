"""The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from html import escape
from statistics import median
from typing import Dict, List

from bench.report import judge
from bench.report.model import Result, Series
from bench.report.style import STYLE
from bench.report.words import count, number, times


def _head() -> str:
    return ('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Weir: benchmarks</title><style>{STYLE}</style></head><body><main>\n")


def _machine(facts: Dict) -> str:
    cpus = " and ".join(str(c) for c in facts["measured_on_cpus"])
    kind = ", a virtual machine" if facts["virtual"] else ""
    strategy = f"{facts['reason']}" + (f" (forced: WEIR_BARRIER={facts['forced']})" if facts["forced"] else "")
    pairs = [("Processor", f"{facts['cpu']} ({facts['architecture']}), {count(facts['cores'], 'CPU')}{kind}"),
             ("Measured on", f"CPU {cpus}"), ("System", facts["kernel"]), ("Compiler", facts["compiler"]),
             ("Commit", facts["commit"]), ("When", facts["when"]), ("Strategy", strategy)]
    return "<dl>" + "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in pairs if v) + "</dl>"


def _row(result: Result, s: Series) -> str:
    ratio = times(judge.ratio(result, s.name, s.reference)) if s.reference else ""
    beside = f"{ratio} <code>{escape(s.reference)}</code>" if s.reference and ratio else ""
    flag = f' <span class="missed">disturbed: {s.disturbed} of {len(s.samples)}</span>' if s.disturbed else ""
    return (f'<tr><td><code>{escape(s.name)}</code>{flag}<br><span class="soft">{escape(s.about)}</span></td>'
            f'<td class="right">{number(median(s.samples))} {escape(s.unit)}</td>'
            f'<td class="right">{number(min(s.samples))} to {number(max(s.samples))}</td>'
            f'<td class="keep">{beside}</td></tr>')


def _table(result: Result) -> str:
    rows = "".join(_row(result, s) for s in result.rows.values())
    return ('<div class="scroll"><table><tr><th>Row</th><th class="right">Median</th>'
            f'<th class="right">Min to max</th><th>Ratio to</th></tr>{rows}</table></div>')


def _owed(result: Result) -> str:
    lines = []
    for p in judge.promises(result):
        why = f' <span class="soft">({escape(str(p["why"]))})</span>' if p["why"] else ""
        verdict = str(p["verdict"])
        lines.append(f'<tr><td class="keep {verdict.replace(" ", "-")}">{verdict}</td>'
                     f'<td>{escape(str(p["owed"]))}{why}</td><td class="right">{escape(judge.shown(p))}</td></tr>')
    return ('<div class="scroll"><table><tr><th></th><th>Owed</th><th class="right">Here</th></tr>'
            f'{"".join(lines)}</table></div>')


def _absent(result: Result) -> str:
    if not result.absent:
        return ""
    rows = "".join(f"<tr><td><code>{escape(n)}</code></td><td>{escape(w)}</td></tr>" for n, w in result.absent.items())
    return f'<div class="card"><h3>Absent here</h3><table>{rows}</table></div>'


def _how(result: Result) -> str:
    kept = (f"{count(result.disturbed, 'sample')} had to be kept although disturbed: the rows say which"
            if result.disturbed else "none had to be kept although disturbed")
    text = (f"{count(result.rounds, 'round')} in {result.seconds:.0f} s. In each round every row was measured once, "
            "one after the other, so that whatever changes with time changes for all of them; implementations that "
            "must not meet in one program run as programs of their own. Threads were bound to their CPUs, and their "
            "share of the CPU time was checked for each sample: a sample during which foreign work took the CPU was "
            f"taken again ({count(result.retaken, 'time')}; {kept}). {judge.unseen(result)} "
            "Ratios are medians of the rounds' ratios.")
    return f'<div class="card"><h3>How it was measured</h3><p>{escape(text)}</p></div>'


def _room(result: Result) -> str:
    parts = [f'<h2>Room <code style="font-size:inherit">{escape(result.room.name)}</code></h2>',
             f'<p class="soft">{escape(result.room.title)}</p>',
             f'<p class="lead">{escape(result.room.conclusion(result))}</p>']
    if result.disturbed:
        parts.append(f'<p class="warn">{escape(judge.warning(result))}</p>')
    for figure in result.room.figures(result):
        parts.append(f'<div class="card"><h3>{escape(figure.title)}</h3><p>{escape(figure.caption)}</p>'
                     f"{figure.svg}</div>")
    notes = "".join(f"<p>{escape(n)}</p>" for n in result.room.notes(result))
    if result.room.owed:
        parts.append('<div class="card"><h3>What is owed</h3><p>Ratios that the library promises, as measured in this '
                     f"run.</p>{_owed(result)}</div>")
    parts.append(f'<div class="card"><h3>All rows</h3>{_table(result)}{notes}</div>')
    parts += [_absent(result), _how(result)]
    return "\n".join(parts)


def page(results: List[Result]) -> str:
    parts = [_head(), "<h1>Weir, measured</h1>",
             '<p class="soft">Readers made free by making writers pay: what that costs on this machine.</p>',
             f'<div class="card">{_machine(results[0].machine)}</div>']
    parts += [_room(r) for r in results]
    return "\n".join(parts) + "\n</main></body></html>\n"
