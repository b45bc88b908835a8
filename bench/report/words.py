"""Numbers for people."""

from typing import Optional


def number(value: float) -> str:
    """Three significant digits, thousands apart: 0.251, 8.02, 142, 7,560."""
    if value == 0:
        return "0"
    size = abs(value)
    if size < 100:
        digits = 3 if size < 1 else 2 if size < 10 else 1
        return f"{value:.{digits}f}"
    scale = 1 if size < 1000 else 10 ** (len(str(int(size))) - 3)
    return f"{round(value / scale) * scale:,}"


def times(ratio: Optional[float]) -> str:
    """A ratio: 1.03x, 31.2x; nothing for none."""
    if ratio is None:
        return ""
    return f"{ratio:.2f}x" if ratio < 10 else f"{ratio:,.1f}x" if ratio < 100 else f"{ratio:,.0f}x"


def count(n: int, thing: str) -> str:
    """"1 sample", "2 samples"."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"
