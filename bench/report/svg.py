"""Drawing by hand: scales, and elements of SVG. Colours are classes of the page's style sheet (style.py)."""

import math
from html import escape
from typing import Callable, List, Sequence, Tuple

Scale = Callable[[float], float]


def linear(low: float, high: float, start: float, end: float) -> Scale:
    return lambda v: start + (v - low) / (high - low) * (end - start)


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    a, b = math.log10(low), math.log10(high)
    return lambda v: start + (math.log10(v) - a) / (b - a) * (end - start)


def decades(low: float, high: float) -> List[float]:
    """The powers of ten from `low` to `high`."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return [10.0**e for e in range(first, last + 1)]


def steps(high: float, about: int = 5) -> List[float]:
    """Round numbers from 0 to `high`."""
    raw = high / about
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= raw)
    return [i * step for i in range(int(high / step + 1e-9) + 1)]


class Drawing:
    def __init__(self, width: int, height: int, title: str):
        self._head = (f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}" '
                      f'xmlns="http://www.w3.org/2000/svg">')
        self._parts: List[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        self._parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{style}"/>')

    def rect(self, x: float, y: float, width: float, height: float, style: str, radius: float = 0) -> None:
        self._parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" '
                           f'rx="{radius}" class="{style}"/>')

    def dot(self, x: float, y: float, radius: float, style: str, hint: str = "") -> None:
        inner = f"<title>{escape(hint)}</title>" if hint else ""
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="{style}">{inner}</circle>')

    def text(self, x: float, y: float, said: str, style: str = "", anchor: str = "start") -> None:
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{style}">'
                           f"{escape(said)}</text>")

    def curve(self, points: Sequence[Tuple[float, float]], style: str) -> None:
        path = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(f'<path d="{path}" class="{style}"/>')

    def __str__(self) -> str:
        return self._head + "".join(self._parts) + "</svg>"
