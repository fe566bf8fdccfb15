"""What was measured, against what, and whether it is enough. Pure: no clock, no database.

A figure with an `against` is judged by its ratio to it, which travels from machine to machine; one without, by its own
value, which does not. `Figure.is_gross` says which misses are so large that no noisy neighbour explains them.
"""

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

GROSS = 2.0


@dataclass(frozen=True, slots=True)
class Target:
    """`limit` is the least that will do, or with `at_most` the most. A `stretch` is told and fails nothing."""

    limit: float
    at_most: bool = False
    stretch: bool = False

    def holds(self, value: float, slack: float = 1.0) -> bool:
        """Whether the value is within the limit, made `slack` times looser."""
        return value <= self.limit * slack if self.at_most else value >= self.limit / slack


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `base` is the other's value in the same unit: the ratio is value / base unless given."""

    name: str
    value: float
    unit: str
    against: str = ""
    base: float | None = None
    ratio: float | None = None
    target: Target | None = None

    @property
    def judged(self) -> float:
        return self.value if self.compared is None else self.compared

    @property
    def compared(self) -> float | None:
        """The ratio to what it is measured against; None when it is against nothing."""
        if self.ratio is not None or self.base is None:
            return self.ratio
        return self.value / self.base if self.base else math.inf

    @property
    def met(self) -> bool | None:
        return None if self.target is None else self.target.holds(self.judged)

    @property
    def is_gross(self) -> bool:
        """A ratio more than twice worse than its target. Never a time or a size alone: the machine may be busy."""
        if self.target is None or self.target.stretch or self.compared is None:
            return False
        return not self.target.holds(self.judged, GROSS)

    @property
    def is_missed(self) -> bool:
        return self.met is False and self.target is not None and not self.target.stretch

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "against": self.against,
            "ratio": None if self.compared is None else _rounded(self.compared),
            "target": self.aim,
            "met": self.met,
        }

    @property
    def aim(self) -> str | None:
        """`ratio >= 1`, `value <= 100`; a stretch ends in `(stretch)`; None where nothing is asked."""
        if self.target is None:
            return None
        what = "value" if self.compared is None else "ratio"
        sign = "<=" if self.target.at_most else ">="
        return f"{what} {sign} {self.target.limit:g}" + (" (stretch)" if self.target.stretch else "")


@dataclass(slots=True)
class Rounds:
    """Rates of several contenders, measured in turn: `rates[name][n]` belongs to round n."""

    rates: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, rate: float) -> None:
        self.rates.setdefault(name, []).append(rate)

    def median(self, name: str) -> float:
        return statistics.median(self.rates[name])

    def ratio(self, name: str, against: str) -> float:
        """The median of the rounds' own ratios: what slows a whole round down does not touch it."""
        pairs = zip(self.rates[name], self.rates[against], strict=True)
        return statistics.median(one / other for one, other in pairs)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of them do not exceed (nearest rank). Raises: ValueError for no values."""
    if not values:
        raise ValueError("no values")
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def json_lines(figures: Iterable[Figure]) -> str:
    return "".join(json.dumps(figure.as_json(), ensure_ascii=False) + "\n" for figure in figures)


def table(figures: Sequence[Figure]) -> str:
    """The figures for people, in columns."""
    head = ("what", "value", "unit", "against", "ratio", "target", "")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    right = {1, 4}
    lines = [
        "  ".join(cell.rjust(width) if at in right else cell.ljust(width) for at, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    ]
    return "\n".join(line.rstrip() for line in [lines[0], "-" * len(lines[0].rstrip()), *lines[1:]]) + "\n"


_MARKS: Mapping[bool | None, str] = {True: "✓", False: "✗", None: ""}


def _row(figure: Figure) -> tuple[str, ...]:
    told = figure.as_json()
    ratio = "" if told["ratio"] is None else f"{told['ratio']:.2f} ×"
    mark = "·" if figure.met is False and not figure.is_missed else _MARKS[figure.met]
    return (figure.name, f"{told['value']:,}", figure.unit, figure.against, ratio, figure.aim or "", mark)


def _rounded(value: float) -> float:
    """Three digits that mean something."""
    if not math.isfinite(value) or value == 0:
        return value
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return round(value, digits) if digits else round(value)
