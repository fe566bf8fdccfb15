"""The counters of all processes, by the minute and the hour: adding to them, reading them, forgetting old ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Model, Sum

from backoffice.common.metrics import BOUNDS, SLOWEST, Counter, Tally, Timer
from backoffice.operations import hours
from backoffice.operations.models import HourCount, Metric

KEPT = timedelta(days=30)
HOURS_KEPT = timedelta(days=62)  # a whole month, and eight times the same weekday

# Both databases speak this; the ORM's upsert can only replace a value, not add to it.
_ADD = """
INSERT INTO {table} (minute, name, bound, count, total) VALUES {rows}
ON CONFLICT (minute, name, bound)
DO UPDATE SET count = {table}.count + excluded.count, total = {table}.total + excluded.total
"""
_ADD_HOURS = """
INSERT INTO {table} (name, hour, count) VALUES {rows}
ON CONFLICT (name, hour) DO UPDATE SET count = {table}.count + excluded.count
"""


def minute_of(at: datetime) -> int:
    """Minutes since 1970."""
    return int(at.timestamp()) // 60


def store(tallies: Sequence[Tally], *, at: datetime) -> None:
    """Add what a process counted to its minute, its hour and the sums since ever: two statements, both or none.

    Raises:
        DatabaseError: nothing was added.
    """
    if tallies:
        store_minutes({minute_of(at): tallies})


@transaction.atomic(savepoint=False)
def store_minutes(minutes: Mapping[int, Sequence[Tally]]) -> None:
    """`store` for several minutes at once.

    Rows go in one order, so two processes that tell at once wait for each other and never lock each other out.
    """
    added: dict[tuple[int, str, int], tuple[int, int]] = {}
    by_hour: dict[tuple[str, int], int] = {}
    for minute, tallies in minutes.items():
        for tally in tallies:
            for key in ((Metric.SINCE_EVER, tally.name, tally.bound), (minute, tally.name, tally.bound)):
                count, total = added.get(key, (0, 0))
                added[key] = (count + tally.count, total + tally.total)
            if not tally.bound:
                hour = (tally.name, minute // 60)
                by_hour[hour] = by_hour.get(hour, 0) + tally.count
    _insert(_ADD, Metric, [(*key, *sums) for key, sums in sorted(added.items())])
    _insert(_ADD_HOURS, HourCount, [(*key, count) for key, count in sorted(by_hour.items())])


def _insert(statement: str, model: type[Model], rows: Sequence[tuple[int | str, ...]]) -> None:
    if not rows:
        return
    places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(table=model._meta.db_table, rows=places), [value for row in rows for value in row]
        )


def prune(*, now: datetime) -> int:
    """Forget old minutes and hours; the sums since ever stay. Returns how many rows went."""
    old = Metric.objects.filter(minute__gt=Metric.SINCE_EVER, minute__lt=minute_of(now - KEPT))
    return old.delete()[0] + hours.prune(now=now, kept=HOURS_KEPT)


def quantile(slots: Mapping[int, int], share: float) -> float | None:
    """The time in ms under which that share of what was measured stayed; None when nothing was.

    `slots` counts by upper bound. Inside a slot it goes in a straight line, as Prometheus does; of what is slower
    than the last bound only that bound is known.
    """
    wanted = share * sum(slots.values())
    if not wanted:
        return None
    passed, lower = 0, 0
    for bound in (*BOUNDS, SLOWEST):
        inside = slots.get(bound, 0)
        if inside and passed + inside >= wanted:
            return float(lower) if bound == SLOWEST else lower + (bound - lower) * (wanted - passed) / inside
        passed, lower = passed + inside, bound
    return float(BOUNDS[-1])


@dataclass(frozen=True, slots=True)
class Span:
    """What was counted in a while: `counts` by name, `times` by name and slot."""

    counts: dict[str, int] = field(default_factory=dict)
    times: dict[str, dict[int, int]] = field(default_factory=dict)

    def count(self, name: Counter) -> int:
        return self.counts.get(name, 0)

    def quantile(self, name: Timer, share: float) -> float | None:
        return quantile(self.times.get(name, {}), share)

    def add(self, name: str, bound: int, count: int) -> None:
        if bound:
            slots = self.times.setdefault(name, {})
            slots[bound] = slots.get(bound, 0) + count
        else:
            self.counts[name] = self.counts.get(name, 0) + count


def spans(now: datetime, *, count: int, minutes: int) -> list[Span]:
    """The last `count` stretches of that many minutes, oldest first; the last holds this very minute. One query."""
    last = minute_of(now) // minutes
    rows = Metric.objects.filter(minute__gte=(last - count + 1) * minutes).values_list("name", "bound")
    found = [Span() for _ in range(count)]
    for name, bound, stretch, times in rows.annotate(stretch=F("minute") / minutes, times=Sum("count")):
        if stretch <= last:
            found[stretch - last - 1].add(name, bound, times)
    return found


def together(stretches: Iterable[Span]) -> Span:
    """All of them as one."""
    whole = Span()
    for span in stretches:
        for name, times in span.counts.items():
            whole.add(name, 0, times)
        for name, slots in span.times.items():
            for bound, times in slots.items():
                whole.add(name, bound, times)
    return whole
