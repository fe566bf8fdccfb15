"""The opening hours, said as a sign on the door would."""

from datetime import time
from itertools import groupby

from bot.rules import Rules
from integrations.calendar.base import Schedule

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_Slots = tuple[tuple[time, time], ...]


def spoken_hours(rules: Rules) -> str:
    """When people attend, days with equal hours together: «• Lunes a viernes: 08:00 a 12:00 y 14:00 a 18:00»."""
    schedule = rules.schedule
    if schedule.always_open:
        return rules.text("hours.always")
    lines = _lines(schedule)
    return rules.text("hours.list", horarios="\n".join(lines)) if lines else rules.text("hours.unknown")


def _lines(schedule: Schedule) -> list[str]:
    week = [(day, tuple(schedule.slots.get(day, ()))) for day in range(7)]
    lines = []
    for slots, group in groupby(week, key=lambda pair: pair[1]):
        if slots:
            days = [day for day, _ in group]
            lines.append(f"• {_span(days)}: {_times(slots)}")
    return lines


def _span(days: list[int]) -> str:
    first, last = _DAYS[days[0]], _DAYS[days[-1]]
    if len(days) == 1:
        return first.capitalize()
    return f"{first.capitalize()} {'y' if len(days) == 2 else 'a'} {last}"


def _times(slots: _Slots) -> str:
    return " y ".join(f"{opens:%H:%M} a {closes:%H:%M}" for opens, closes in slots)
