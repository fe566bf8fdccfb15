"""When somebody may enter, by their shifts; pure, in the company's local time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Protocol

DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
GRACE = timedelta(minutes=15)  # to end what one was writing


class Shift(Protocol):
    """Weekdays («01234», Monday is 0) and hours; one whose end is before its beginning goes on after midnight."""

    days: str
    starts: time
    ends: time


def inside(shifts: Iterable[Shift], moment: datetime) -> bool:
    """Whether `moment`, local, falls in one of the shifts. Of no shifts at all: always."""
    every = list(shifts)
    return not every or any(_covers(shift, moment) for shift in every)


def over(shifts: Iterable[Shift], moment: datetime) -> bool:
    """Whether whoever entered in their shift must leave: it ended, and the time to finish too."""
    every = list(shifts)
    return not inside(every, moment) and not inside(every, moment - GRACE)


def _covers(shift: Shift, moment: datetime) -> bool:
    today, yesterday = str(moment.weekday()), str((moment.weekday() - 1) % 7)
    now = moment.time()
    if shift.starts < shift.ends:
        return today in shift.days and shift.starts <= now < shift.ends
    return (today in shift.days and now >= shift.starts) or (yesterday in shift.days and now < shift.ends)


def told(shifts: Iterable[Shift]) -> str:
    """«lunes a viernes de 08:00 a 14:00 y sábado de 09:00 a 13:00»"""
    parts = [f"{_days(one.days)} de {one.starts:%H:%M} a {one.ends:%H:%M}" for one in shifts]
    return _and(parts)


def _days(days: str) -> str:
    """«lunes a viernes», «lunes, miércoles y viernes», «todos los días»"""
    if len(days) == len(DAYS):
        return "todos los días"
    runs: list[list[int]] = []
    for day in map(int, days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names: list[str] = []
    for run in runs:
        names += [f"{DAYS[run[0]]} a {DAYS[run[-1]]}"] if len(run) > 2 else [DAYS[day] for day in run]
    return _and(names)


def _and(parts: Sequence[str]) -> str:
    return " y ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
