"""When the next copy is due (pure)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backoffice.safekeeping.models import BackupSettings

Frequency = BackupSettings.Frequency
SUNDAY = 6
LATE: dict[str, timedelta] = {
    Frequency.DAILY: timedelta(hours=26),
    Frequency.WEEKLY: timedelta(days=7, hours=2),
    Frequency.MONTHLY: timedelta(days=31, hours=2),
}
"""How old the last good copy may be before somebody has to look."""


def next_due(frequency: str, at: time, after: datetime, clock: ZoneInfo) -> datetime | None:
    """The first moment after `after` at which a copy is due by the company's clock; None when they are off."""
    if frequency not in LATE:
        return None
    day = after.astimezone(clock).date()
    while True:
        due = datetime.combine(day, at, tzinfo=clock)
        if due > after and _is_the_day(frequency, day):
            return due
        day += timedelta(days=1)


def _is_the_day(frequency: str, day: date) -> bool:
    if frequency == Frequency.WEEKLY:
        return day.weekday() == SUNDAY
    return frequency == Frequency.DAILY or day.day == 1
