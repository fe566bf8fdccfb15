"""Verbs of the company: when people attend. The parsers below read what staff type and say what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import pairwise
from typing import BinaryIO

from django.core.files.base import File
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from backoffice.common.bulk import bulk_create_with_history
from backoffice.common.dates import parse_date
from backoffice.common.errors import DomainError
from backoffice.company.models import Holiday, OpeningHours
from integrations.calendar.argentina import FIRST_YEAR, LAST_YEAR, national_holidays

Slot = tuple[time, time]
TOGETHER = timedelta(seconds=2)
LOGO_BYTES = 5 * 1024 * 1024
LOGO_PIXELS = 25_000_000
LOGO_FORMATS = ("PNG", "JPEG")

_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")
_SLOT = re.compile(r"\s*([^\s–-]+)\s*(?:-|–|\ba\b)\s*([^\s–-]+)\s*")


@transaction.atomic
def set_hours(*, hours: Mapping[int, Sequence[str]]) -> None:
    """Replace the slots of the given weekdays (Monday 0), as ["08:00-12:00", "14:00-18:00"]; none is a closed day.

    Slots that stay as they were keep their row and their history.

    Raises:
        DomainError: a slot that cannot be read, is inverted or overlaps another; `.field` is the weekday.
    """
    wanted = {day: parse_slots(slots, day=day) for day, slots in hours.items()}
    rows = list(OpeningHours.objects.filter(weekday__in=wanted))
    kept = {(row.weekday, row.opens, row.closes) for row in rows}
    asked = {(day, opens, closes) for day, slots in wanted.items() for opens, closes in slots}
    gone = [row.pk for row in rows if (row.weekday, row.opens, row.closes) not in asked]
    if gone:
        OpeningHours.objects.filter(pk__in=gone).delete()
    fresh = sorted(asked - kept)
    bulk_create_with_history([OpeningHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in fresh])


@transaction.atomic
def restore_hours(*, at: datetime) -> None:
    """Have the whole week's hours as they were just after that moment; what was saved together counts as one change."""
    hours: dict[int, list[str]] = {day: [] for day in OpeningHours.Weekday.values}
    for row in OpeningHours.history.as_of(at + TOGETHER):
        hours[row.weekday].append(show_slot((row.opens, row.closes)))
    set_hours(hours=hours)


@transaction.atomic
def add_holiday(*, day: str | date, name: str, message: str = "") -> Holiday:
    """A day when nobody attends.

    Raises:
        DomainError: a date that does not exist or is loaded already, or no name.
    """
    when = day if isinstance(day, date) else parse_date(day)
    reason = " ".join(name.split())
    if not reason:
        raise DomainError("Poné el motivo del feriado.", field="name")
    if Holiday.objects.filter(date=when).exists():
        raise DomainError(f"El {when:%d/%m/%Y} ya está cargado.", field="date")
    return Holiday.objects.create(date=when, name=reason, message=message.strip())


@transaction.atomic
def load_national_holidays(*, days: Sequence[date]) -> int:
    """Load those of Argentina's national holidays; the ones that are loaded already stay as they are. How many are new.

    Raises:
        DomainError: a day that is no national holiday of its year.
    """
    years = {day.year for day in days if FIRST_YEAR <= day.year <= LAST_YEAR}
    known = {day: name for year in years for day, name in national_holidays(year)}
    if unknown := [day for day in days if day not in known]:
        raise DomainError(f"El {unknown[0]:%d/%m/%Y} no es un feriado nacional.")
    loaded = set(Holiday.objects.filter(date__in=days).values_list("date", flat=True))
    fresh = [Holiday(date=day, name=known[day][:80]) for day in sorted(set(days) - loaded)]
    bulk_create_with_history(fresh, reason="Feriados nacionales")
    return len(fresh)


def parse_time(text: str, *, closing: bool = False) -> time:
    """A time as HH:MM in 24 hours. A closing may be 24:00, which is kept as the day's last instant.

    Raises:
        DomainError: it is written otherwise ("8:0") or does not exist ("25:00").
    """
    typed = text.strip()
    match = _TIME.fullmatch(typed)
    if match is None:
        raise DomainError(f"«{typed}» no es una hora válida: escribila como HH:MM, por ejemplo 08:00.")
    hour, minute = int(match[1]), int(match[2])
    if closing and (hour, minute) == (24, 0):
        return time.max
    if hour > 23 or minute > 59:
        raise DomainError(f"«{typed}» no existe: las horas van de 00:00 a 23:59.")
    return time(hour, minute)


def parse_slot(text: str) -> Slot:
    """A slot as "08:00-12:00".

    Raises:
        DomainError: it cannot be read, or closes before it opens.
    """
    match = _SLOT.fullmatch(text)
    if match is None:
        raise DomainError(f"«{text.strip()}» no es un horario: escribilo como 08:00-12:00.")
    opens, closes = parse_time(match[1]), parse_time(match[2], closing=True)
    if closes <= opens:
        raise DomainError(f"En «{text.strip()}» la hora de cierre tiene que ser posterior a la de apertura.")
    return opens, closes


def parse_slots(slots: Sequence[str], *, day: int | None = None) -> list[Slot]:
    """The slots of one day, in order; blank ones are skipped.

    Raises:
        DomainError: as `parse_slot`, or two of them overlap; it names the day when it is given.
    """
    try:
        read = sorted(parse_slot(slot) for slot in slots if slot.strip())
        for before, after in pairwise(read):
            if after[0] < before[1]:
                raise DomainError(f"Los horarios {show_slot(before)} y {show_slot(after)} se superponen.")
    except DomainError as error:
        if day is None:
            raise
        label = OpeningHours.Weekday(day).label
        raise DomainError(f"{label}: {error.message}", field=str(day)) from None
    return read


def show_slot(slot: Slot) -> str:
    """The inverse of `parse_slot`."""
    opens, closes = slot
    return f"{opens:%H:%M}-{'24:00' if closes == time.max else f'{closes:%H:%M}'}"


def check_logo(file: "BinaryIO | File[bytes]", *, size: int) -> None:
    """Refuse a logo that is not a PNG or a JPG by its content, or weighs more than 5 MB. The file is left at its start.

    Raises:
        DomainError: with the reason; `.field` is "logo".
    """
    if size > LOGO_BYTES:
        raise DomainError(f"El logo pesa {size / 1024 / 1024:.1f} MB: máximo 5MB.".replace(".", ",", 1), field="logo")
    file.seek(0)
    data = file.read(LOGO_BYTES + 1)
    file.seek(0)
    if len(data) > LOGO_BYTES:
        raise DomainError("El logo pesa demasiado: máximo 5MB.", field="logo")
    try:
        with Image.open(BytesIO(data), formats=LOGO_FORMATS) as image:
            if image.width * image.height > LOGO_PIXELS:
                raise DomainError("El logo es demasiado grande: achicalo a menos de 5000 × 5000.", field="logo")
            image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise DomainError("El logo tiene que ser una imagen PNG o JPG.", field="logo") from None
