"""The plot that most rooms want: a lane for each row, its rounds as points, its median marked."""

from dataclasses import dataclass
from statistics import median
from typing import List, Optional, Sequence, Tuple

from bench.report import judge, svg
from bench.report.model import Result, Series
from bench.report.words import number, times

WIDTH = 760
LABELS = 218  # where the axis begins
RIGHT = 96  # room for the last value
LANE = 30
TOP = 10


@dataclass(frozen=True)
class Lane:
    label: str
    series: Series
    style: str  # "ours", "rival", "dear", "plain"
    remark: str = ""  # beside the value


@dataclass(frozen=True)
class Group:
    heading: str
    lanes: Sequence[Lane]


def lanes_of(result: Result, names: Sequence[Tuple[str, str, str]]) -> List[Lane]:
    """(row, label, style), as far as the rows are there; in brackets, the ratio to the row's reference."""
    lanes = []
    for name, label, style in names:
        if name in result.rows:
            series = result.rows[name]
            ratio = judge.ratio(result, name, series.reference) if series.reference else None
            lanes.append(Lane(label, series, style, f"({times(ratio)})" if ratio else ""))
    return lanes


def _height(groups: Sequence[Group]) -> int:
    return TOP + sum(len(g.lanes) * LANE + (26 if g.heading else 0) for g in groups) + 44


def _axis(drawing: svg.Drawing, ticks: List[float], x: svg.Scale, bottom: float, unit: str) -> None:
    for tick in ticks:
        drawing.line(x(tick), TOP, x(tick), bottom, "grid")
        drawing.text(x(tick), bottom + 18, f"{tick:,.10g}", "tick", "middle")
    drawing.text(WIDTH - RIGHT, bottom + 36, unit, "tick", "end")


def _lane(drawing: svg.Drawing, lane: Lane, y: float, x: svg.Scale, bar_from: Optional[float]) -> None:
    s = lane.series
    middle, low, high = median(s.samples), min(s.samples), max(s.samples)
    drawing.text(LABELS - 12, y + 4, lane.label, "name", "end")
    if bar_from is not None:
        drawing.rect(bar_from, y - 9, x(middle) - bar_from, 18, f"bar {lane.style}", 3)
    drawing.line(x(low), y, x(high), y, f"range {lane.style}")
    for sample in s.samples:
        drawing.dot(x(sample), y, 2.2, f"sample {lane.style}")
    hint = f"{s.name}: {number(middle)} {s.unit} (median of {len(s.samples)}), {number(low)} to {number(high)}"
    drawing.dot(x(middle), y, 5, f"median {lane.style}", hint)
    end = max(x(high), x(middle) + 5) + 9
    drawing.text(end, y + 4, number(middle) + (f"  {lane.remark}" if lane.remark else ""), "value")


def plot(title: str, groups: Sequence[Group], unit: str, logarithmic: bool) -> str:
    """Bars from zero on a linear scale; points on a logarithmic one, which has no zero for a bar to begin at."""
    groups = [g for g in groups if g.lanes]
    values = [v for g in groups for lane in g.lanes for v in lane.series.samples]
    height = _height(groups)
    drawing = svg.Drawing(WIDTH, height, title)
    bottom = height - 44
    if logarithmic:
        low, high = min(values) * 0.7, max(values) * 1.3
        x = svg.logarithmic(low, high, LABELS, WIDTH - RIGHT)
        ticks = [t * m for t in svg.decades(low / 10, high) for m in (1, 2, 5) if low <= t * m <= high]
        bar_from = None
    else:
        x = svg.linear(0, max(values) * 1.02, LABELS, WIDTH - RIGHT)
        ticks = svg.steps(max(values) * 1.02)
        bar_from = LABELS
    _axis(drawing, ticks, x, bottom, unit)
    y = TOP
    for group in groups:
        if group.heading:
            drawing.text(4, y + 19, group.heading, "heading")
            y += 26
        for lane in group.lanes:
            _lane(drawing, lane, y + LANE / 2, x, bar_from)
            y += LANE
    return str(drawing)
