"""The pictures of the room `barrier`."""

from statistics import median
from typing import Callable, List

from bench.report import svg
from bench.report.lanes import Group, Lane, lanes_of, plot
from bench.report.model import Figure, Result
from bench.report.words import number

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 62, 40, 44, 346


def _medians(result: Result) -> dict:
    return {name: median(s.samples) for name, s in result.rows.items()}


def _axes(drawing: svg.Drawing, x: svg.Scale, y: svg.Scale, x_ticks: List[float], y_ticks: List[float]) -> None:
    for tick in x_ticks:
        drawing.line(x(tick), TOP, x(tick), BOTTOM, "grid")
        drawing.text(x(tick), BOTTOM + 18, f"{tick:,.0f}", "tick", "middle")
    for tick in y_ticks:
        drawing.line(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid")
        drawing.text(LEFT - 8, y(tick) + 4, f"{tick:,.10g}", "tick", "end")
    drawing.text((LEFT + WIDTH - RIGHT) / 2, BOTTOM + 42, "reads per write", "axis", "middle")
    drawing.text(8, 16, "ns per read, the write's cost spread over the reads", "axis")


def _crossing(drawing: svg.Drawing, x: svg.Scale, at: List[float], cost: float, y: svg.Scale) -> None:
    """The number of reads where the curves meet: its spread as a band, its median as a line."""
    middle = median(at)
    drawing.rect(x(min(at)), TOP, x(max(at)) - x(min(at)), BOTTOM - TOP, "band")
    drawing.line(x(middle), TOP, x(middle), BOTTOM, "mark")
    drawing.text(x(middle) - 10, TOP - 8, "full() on both sides is cheaper", "dear", "end")
    drawing.text(x(middle) + 10, TOP - 8, "light() and heavy() are cheaper", "ours")
    drawing.dot(x(middle), y(cost), 5, "crossing", f"{number(middle)} reads per write")
    drawing.text(x(middle) + 12, y(cost) - 14, f"{number(middle)} reads per write", "strong")


def break_even(result: Result) -> str:
    m = _medians(result)
    fence = m["full"] - m["store_load"]
    pair: Callable[[float], float] = lambda reads: m["light"] + m["heavy_spinning"] / reads
    fences: Callable[[float], float] = lambda reads: m["full"] + fence / reads
    # Three decades on either side of the crossing show both ends of both curves.
    most = 10 ** (len(str(int(m["break_even"]))) + 3)
    least = 1.0
    low, high = m["light"] * 0.6, pair(least) * 1.5
    x = svg.logarithmic(least, most, LEFT, WIDTH - RIGHT)
    y = svg.logarithmic(low, high, BOTTOM, TOP)
    drawing = svg.Drawing(WIDTH, HEIGHT, "cost of a read against reads per write")
    _axes(drawing, x, y, svg.decades(least, most), svg.decades(low, high))
    _crossing(drawing, x, result.rows["break_even"].samples, fences(m["break_even"]), y)
    points = [least * (most / least) ** (i / 160) for i in range(161)]
    drawing.curve([(x(p), y(fences(p))) for p in points], "curve dear")
    drawing.curve([(x(p), y(pair(p))) for p in points], "curve ours")
    early = most**0.05
    drawing.text(x(early), y(fences(early)) + 24, f"full() and full(): {number(m['full'])} ns a read", "dear")
    write = number(m["heavy_spinning"])
    drawing.text(x(early) + 12, y(pair(early)) - 6, f"light() and heavy(): {write} ns a write", "ours")
    drawing.text(WIDTH - RIGHT - 6, y(pair(most)) - 12, f"{number(m['light'])} ns a read", "ours", "end")
    return str(drawing)


def fast_path(result: Result) -> str:
    lanes = lanes_of(result, [
        ("store_load", "nothing between", "plain"),
        ("light", "light()", "ours"),
        ("light_pinned", "light(), pinned", "ours"),
        ("full", "full(), a seq_cst fence", "dear"),
        ("seq_cst_store", "a seq_cst store", "dear"),
    ])
    return plot("cost of the fast path", [Group("", lanes)], "ns for a store and a load", logarithmic=False)


def heavy(result: Result) -> str:
    def lanes(suffix: str) -> List[Lane]:
        return lanes_of(result, [
            (f"heavy_{suffix}", "heavy()", "ours"),
            (f"membarrier_{suffix}", "membarrier(2)", "rival"),
            (f"mprotect_{suffix}", "mprotect(2), twice", "rival"),
        ])

    groups = [
        Group("One thread in the process", lanes("alone")),
        Group("A second thread, asleep", lanes("asleep")),
        Group("A second thread that runs on another CPU", lanes("spinning")),
        Group("Eight threads call at once, and one runs on another CPU", lanes("concurrent_8")),
    ]
    return plot("cost of the slow path", groups, "ns for a call, logarithmic", logarithmic=True)


def all_of(result: Result) -> List[Figure]:
    figures = []
    if "break_even" in result.rows:
        figures.append(Figure(
            "When the pair pays",
            "A reader announces itself with a store and then looks with a load; a writer does the reverse. Each needs "
            "a barrier between the two. Either both use full(), or the reader uses light(), which is all but free, and "
            "the writer heavy(), which is dear: the more reads there are to a write, the less of that falls on each. "
            "The band shows where the crossing lay in the rounds.", break_even(result)))
    if "store_load" in result.rows:
        figures.append(Figure(
            "What a reader pays",
            "A store and a load of another variable with each kind of barrier between. Points are rounds, bars end at "
            "their median. In brackets: how many times the loop without a barrier.", fast_path(result)))
    if "heavy_alone" in result.rows:
        figures.append(Figure(
            "What a writer pays",
            "heavy() beside the bare system calls that do such a thing, by who else is there. In brackets: how many "
            "times the bare membarrier(2) in the same company. The scale is logarithmic.", heavy(result)))
    return figures
