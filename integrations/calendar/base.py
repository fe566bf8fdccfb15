"""When people attend: opening hours and holidays, as a pure value. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class HolidayCard:
    date: date
    name: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When people attend. `slots` maps a weekday (Monday 0) to its (opens, closes) pairs, in order."""

    zone: ZoneInfo
    slots: Mapping[int, tuple[tuple[time, time], ...]]
    holidays: Mapping[date, HolidayCard] = field(default_factory=dict)
    always_open: bool = False

    def holiday(self, now: datetime) -> HolidayCard | None:
        return self.holidays.get(now.astimezone(self.zone).date())

    def is_open(self, now: datetime) -> bool:
        local = now.astimezone(self.zone)
        if local.date() in self.holidays:
            return False
        clock = local.time()
        return any(opens <= clock < closes for opens, closes in self._slots(local.date()))

    def next_opening(self, now: datetime) -> datetime | None:
        """The next moment somebody attends; None when no day of the coming year has hours."""
        local = now.astimezone(self.zone)
        for ahead in range(370):
            day = local.date() + timedelta(days=ahead)
            if day in self.holidays:
                continue
            for opens, closes in self._slots(day):
                if opens < closes and (ahead or local.time() < closes):
                    return max(local, datetime.combine(day, opens, self.zone))
        return None

    def next_closing(self, now: datetime) -> datetime | None:
        """When attention stops, from a moment in which there is some; None when there is none, or it never stops."""
        moment = now.astimezone(self.zone)
        if not self.is_open(moment):
            return None
        limit = moment + timedelta(days=370)
        while moment < limit:
            moment = self._closing(moment)
            if not self.is_open(moment):
                return moment
        return None

    def after(self, start: datetime, minutes: int) -> datetime:
        """`start` plus that many minutes of attention; plain minutes where nobody ever attends."""
        moment, left = start, timedelta(minutes=minutes)
        while (opens := self.next_opening(moment)) is not None:
            closes = self._closing(opens)
            if opens + left <= closes:
                return opens + left
            left -= closes - opens
            moment = closes
        return start + timedelta(minutes=minutes)

    def _closing(self, moment: datetime) -> datetime:
        local = moment.astimezone(self.zone)
        for opens, closes in self._slots(local.date()):
            if opens <= local.time() < closes:
                if closes == time.max:
                    return datetime.combine(local.date() + timedelta(days=1), time.min, self.zone)
                return datetime.combine(local.date(), closes, self.zone)
        return local

    def _slots(self, day: date) -> tuple[tuple[time, time], ...]:
        if self.always_open:
            return ((time.min, time.max),)
        return self.slots.get(day.weekday(), ())
