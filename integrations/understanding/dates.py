"""Dates as they are said in Spanish, with no system locale, and the months and days that customers name."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from integrations.understanding.words import fold

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)} | {"setiembre": 9}
_WEEKDAY_NUMBERS = {fold(name): number for number, name in enumerate(_WEEKDAYS)}
_NEAR = {-1: "ayer", 0: "hoy", 1: "mañana"}
_FAR = timedelta(days=180)  # beyond it a date without its year is unclear

_ISO = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_SLASHED = re.compile(r"(?<![0-9/])([0-9]{1,2})[/-]([0-9]{1,2})(?:[/-]([0-9]{4}|[0-9]{2}))?(?![0-9/-])")
_NAMED = re.compile(rf"\b([0-9]{{1,2}}) (?:de )?({'|'.join(_MONTH_NUMBERS)})(?: (?:de |del )?([0-9]{{4}}))?\b")
_PART_OF_DAY = re.compile(r"\b(?:(?:a|por|de|en) la|esta) manana\b")
_DAY_ONLY = re.compile(r"\b(?:el|hasta el|dia) ([0-9]{1,2})\b(?! (?:dias|horas|pesos|mil)\b)")


def month_name(month: int | date) -> str:
    """The Spanish name of a month, given as 1 to 12 or as a date. Raises IndexError for any other number."""
    number = month if isinstance(month, int) else month.month
    if not 1 <= number <= 12:
        raise IndexError(f"no month {number}")
    return _MONTHS[number - 1]


def weekday_name(day: date) -> str:
    """The Spanish name of a date's weekday, as "miércoles"."""
    return _WEEKDAYS[day.weekday()]


def spoken_date(day: date, today: date) -> str:
    """A date as one says it: "hoy", "mañana", "ayer" or "el lunes 30/11", with the year only when it is far away."""
    near = _NEAR.get((day - today).days)
    if near:
        return near
    year = f"/{day.year}" if abs(day - today) > _FAR else ""
    return f"el {weekday_name(day)} {day.day:02}/{day.month:02}{year}"


def spoken_when(moment: datetime, now: datetime) -> str:
    """A moment as one says it, in the time zone of `now`: "hoy a las 14:00", "el lunes 30/11 a las 08:00".

    Raises:
        ValueError: one of the two has no time zone.
    """
    if moment.tzinfo is None or now.tzinfo is None:
        raise ValueError("both moments need a time zone")
    local = moment.astimezone(now.tzinfo)
    article = "a la" if local.hour == 1 else "a las"
    return f"{spoken_date(local.date(), now.date())} {article} {local.hour:02}:{local.minute:02}"


def find_month(words: Sequence[str]) -> int | None:
    """The first month (1 to 12) named among folded words, as in "la factura de octubre"; None without one."""
    return next((_MONTH_NUMBERS[word] for word in words if word in _MONTH_NUMBERS), None)


def parse_date(text: str, today: date) -> date | None:
    """The day a person names ("mañana", "el viernes", "5/12", "3 de diciembre", "el 10"); None without one.

    A weekday, a day or a day and month without year mean the next one from `today` on ("el lunes", said on a Monday,
    is in a week). Dates that do not exist give None.
    """
    text = text[:200]
    if iso := _ISO.search(text):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if slashed := _SLASHED.search(text):
        return _next(int(slashed[1]), int(slashed[2]), slashed[3], today)
    folded = fold(text)
    if named := _NAMED.search(folded):
        return _next(int(named[1]), _MONTH_NUMBERS[named[2]], named[3], today)
    return _relative(folded, today)


def _relative(folded: str, today: date) -> date | None:
    folded = _PART_OF_DAY.sub("", folded)
    words = folded.split()
    if "hoy" in words:
        return today
    if "manana" in words:
        return today + timedelta(days=2 if "pasado manana" in folded else 1)
    for word in words:
        if (weekday := _WEEKDAY_NUMBERS.get(word)) is not None:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if day_only := _DAY_ONLY.search(folded):
        return _next_day_of_month(int(day_only[1]), today)
    return None


def _next(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _day(today.year, month, day)
    return this_year if this_year and this_year >= today else _day(today.year + 1, month, day)


def _next_day_of_month(day: int, today: date) -> date | None:
    if day >= today.day:
        return _day(today.year, today.month, day)
    following = today.replace(day=1) + timedelta(days=32)
    return _day(following.year, following.month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
