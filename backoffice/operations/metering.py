"""The counters of all processes, by the minute: adding to them, forgetting old ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from backoffice.common.metrics import Tally
from backoffice.operations.models import Metric

KEPT = timedelta(days=30)

# Both databases speak this; the ORM's upsert can only replace a value, not add to it.
_ADD = """
INSERT INTO {table} (minute, name, bound, count, total) VALUES {rows}
ON CONFLICT (minute, name, bound)
DO UPDATE SET count = {table}.count + excluded.count, total = {table}.total + excluded.total
"""


def minute_of(at: datetime) -> int:
    """Minutes since 1970."""
    return int(at.timestamp()) // 60


def store(tallies: Sequence[Tally], *, at: datetime) -> None:
    """Add what a process counted to its minute and to the sums since ever: one statement.

    Rows go in one order, so two processes that flush at once wait for each other and never lock each other out.

    Raises:
        DatabaseError: nothing was added.
    """
    if not tallies:
        return
    rows = sorted(
        (minute, tally.name, tally.bound, tally.count, tally.total)
        for tally in tallies
        for minute in (Metric.SINCE_EVER, minute_of(at))
    )
    statement = _ADD.format(table=Metric._meta.db_table, rows=", ".join(["(%s, %s, %s, %s, %s)"] * len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])


def prune(*, now: datetime) -> int:
    """Forget the minutes older than `KEPT`; the sums since ever stay. Returns how many rows went."""
    old = Metric.objects.filter(minute__gt=Metric.SINCE_EVER, minute__lt=minute_of(now - KEPT))
    return old.delete()[0]
