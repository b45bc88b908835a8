"""What a room is made of, and what a run of it yields."""

from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Tuple


@dataclass(frozen=True)
class Row:
    """One line of the table: `inner` is what the program calls it."""

    name: str
    inner: str
    about: str
    reference: Optional[str] = None  # the row that its ratio is to
    # Which value of the sample it is, and in what unit it is shown: `scale` of these are one of those. Several rows may
    # be of one sample.
    field: str = "ns"
    unit: str = "ns"
    scale: float = 1.0


@dataclass(frozen=True)
class Program:
    """A process that takes one sample of each of its rows in every round."""

    path: str  # below bazel-bin
    rows: Tuple[Row, ...]
    full_ms: int  # how long a sample takes
    quick_ms: int
    # The program is built for one strategy, and refuses to start where that cannot be had: its rows are absent then.
    may_refuse: bool = False


@dataclass(frozen=True)
class Derived:
    """A row that is computed, round by round, from the samples of that round."""

    name: str
    unit: str
    about: str
    needs: Tuple[str, ...]
    # A round's samples by row -> the value; None: there is none (the reason is `why_none`).
    compute: Callable[[Dict[str, float]], Optional[float]]
    why_none: str


@dataclass(frozen=True)
class Owed:
    """A ratio that the room promises. A miss is a result, not a failure."""

    text: str
    row: str
    reference: Optional[str]  # None: the row itself, in every round
    limit: float
    # Promised only where this row is at least so many times the reference.
    where: Optional[Tuple[str, float]] = None
    at_least: bool = False  # the limit is from below


@dataclass(frozen=True)
class Figure:
    title: str
    caption: str
    svg: str


@dataclass(frozen=True)
class Room:
    name: str
    title: str
    about: str  # which program knows the strategy and the compiler
    programs: Tuple[Program, ...]
    derived: Tuple[Derived, ...]
    owed: Tuple[Owed, ...]
    # In plain words, for text and page: what the figures come to, and what to know when reading them.
    conclusion: Callable[["Result"], str]
    notes: Callable[["Result"], List[str]]
    figures: Callable[["Result"], List[Figure]]


@dataclass
class Series:
    """The samples of one row, one for each round, in order."""

    name: str
    unit: str
    about: str
    reference: Optional[str] = None
    samples: List[float] = field(default_factory=list)
    retaken: int = 0  # samples that were taken again
    disturbed: int = 0  # samples that were kept although they were disturbed


@dataclass
class Result:
    """A run of a room."""

    room: Room
    machine: Dict[str, object]
    rows: Dict[str, Series] = field(default_factory=dict)
    absent: Dict[str, str] = field(default_factory=dict)  # row -> why
    rounds: int = 0
    seconds: float = 0.0
    steal_known: bool = True  # the kernel says what the hypervisor takes

    @property
    def retaken(self) -> int:
        return sum(r.retaken for r in self.rows.values())

    @property
    def disturbed(self) -> int:
        derived = {d.name for d in self.room.derived}
        return sum(r.disturbed for r in self.rows.values() if r.name not in derived)
