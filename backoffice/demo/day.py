"""The last day and weeks in figures, so that the dashboard and «Salud del sistema» show work from the first minute."""

import math
from datetime import datetime, timedelta
from random import Random

from backoffice.common.metrics import Tally
from backoffice.company.selectors import zone
from backoffice.operations.hours import hour_of
from backoffice.operations.metering import minute_of, store_minutes
from backoffice.operations.models import HourCount

STRETCH = timedelta(minutes=30)
OPENS, CLOSES = 7, 24  # people write between these hours
NOTICES = (9, 11)  # when the ISP's system sends its invoices
WEEKS = 7
QUIET = {5: 0.6, 6: 0.4}  # Saturday and Sunday


def load_day(now: datetime) -> None:
    """Half an hour at a time, as the hours of a day go: nobody at night, the most at midday."""
    random = Random(24)  # noqa: S311 - the same day for everybody
    here = zone()
    moments = [now - number * STRETCH for number in range(48)]
    hours = {minute_of(at): at.astimezone(here).hour for at in moments}
    store_minutes({at: _half_hour(hour, random) for at, hour in hours.items() if OPENS <= hour < CLOSES})


def load_weeks(now: datetime) -> None:
    """The hours before that day, which the dashboard compares with today."""
    random, here, rows = Random(7), zone(), []  # noqa: S311 - the same weeks for everybody
    for number in range(25, WEEKS * 7 * 24 + 24):
        at = now - timedelta(hours=number)
        local = at.astimezone(here)
        if OPENS <= local.hour < CLOSES:
            wrote = round(2 * _wrote(local.hour, random) * QUIET.get(local.weekday(), 1))
            rows += [
                HourCount(name="received", hour=hour_of(at), count=wrote),
                HourCount(name="sent", hour=hour_of(at), count=wrote - wrote // 8),
            ]
    HourCount.objects.bulk_create(rows)


def _busy(hour: int) -> float:
    return math.sin((hour - OPENS + 1) / (CLOSES - OPENS + 1) * math.pi)


def _wrote(hour: int, random: Random) -> float:
    """Messages of half an hour: what some forty customers write."""
    return 1 + _busy(hour) * random.randint(1, 5)


def _half_hour(hour: int, random: Random) -> list[Tally]:
    wrote = round(_wrote(hour, random))
    slow, stuck = wrote // 4, int(random.random() < 0.05)
    told = [
        Tally("received", 0, wrote),
        Tally("turns", 0, wrote),
        Tally("answered", 0, wrote - wrote // 6),
        Tally("sent", 0, wrote - wrote // 8),
        Tally("turn", 20, wrote - slow - stuck, (wrote - slow - stuck) * 14),
        Tally("turn", 50, slow, slow * 32),
        Tally("turn", 150, stuck, stuck * 110),
        Tally("outbox", 100, wrote, wrote * 80),
        Tally("queue", 20, 170, 900),
        Tally("queue", 500, 2 * random.randint(2, 9), 1500),
    ]
    if NOTICES[0] <= hour <= NOTICES[1]:
        told.append(Tally("notices_sent", 0, random.randint(4, 9)))
    return [tally for tally in told if tally.count]
