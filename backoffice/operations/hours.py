"""What was counted by the hour: what a day, a month and the same day of other weeks are read off."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Sum

from backoffice.common.metrics import Counter
from backoffice.operations.models import HourCount

WEEK, DAY_HOURS = 7 * 24, 24


def hour_of(at: datetime) -> int:
    """Hours since 1970."""
    return int(at.timestamp()) // 3600


def counted(names: Iterable[Counter], *, since: datetime) -> dict[str, int]:
    """How many of each since that hour: {"received": 120, "sent": 96}. One query over the hours of the stretch."""
    rows = HourCount.objects.filter(hour__gte=hour_of(since), name__in=list(names)).values_list("name")
    return dict(rows.annotate(times=Sum("count")))


def day_and_usual(name: Counter, *, midnight: datetime, now: datetime, weeks: int) -> tuple[list[int], list[float]]:
    """Each hour of the day that began at `midnight`, up to this one, and the mean of that hour on the same weekday.

    Weeks before anything was counted do not lower the mean. One query.
    """
    first = hour_of(midnight)
    begins = [first - WEEK * week for week in range(weeks + 1)]
    wanted = [hour for begin in begins for hour in range(begin, begin + DAY_HOURS)]
    rows = dict(HourCount.objects.filter(name=name, hour__in=wanted).values_list("hour", "count"))
    by_hour: dict[int, int] = defaultdict(int, rows)
    today = [by_hour[hour] for hour in range(first, min(hour_of(now), first + DAY_HOURS - 1) + 1)]
    measured = [begin for begin in begins[1:] if any(rows.get(begin + place) for place in range(DAY_HOURS))]
    usual = [sum(by_hour[begin + place] for begin in measured) / max(1, len(measured)) for place in range(DAY_HOURS)]
    return today, usual


def prune(*, now: datetime, kept: timedelta) -> int:
    """Forget older hours. Returns how many rows went."""
    return HourCount.objects.filter(hour__lt=hour_of(now - kept)).delete()[0]
