"""Reads about the company that others need: what day it is there, when people attend."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from integrations.calendar.base import HolidayCard, Schedule
from integrations.understanding.dates import spoken_when

from .models import Company, Holiday, OpeningHours


def zone() -> ZoneInfo:
    name = Company.objects.filter(pk=1).values_list("timezone", flat=True).first()
    return ZoneInfo(name or "America/Argentina/Buenos_Aires")


def area_code() -> str:
    """What completes a phone that was written without its area: «261»."""
    return Company.objects.filter(pk=1).values_list("default_area_code", flat=True).first() or ""


def local_now() -> datetime:
    return timezone.now().astimezone(zone())


def today() -> date:
    """The local date, which is what due dates are compared with."""
    return local_now().date()


def schedule() -> Schedule:
    """Opening hours and the holidays to come (three queries)."""
    company = Company.load()
    slots: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for row in OpeningHours.objects.order_by("weekday", "opens"):
        slots[row.weekday].append((row.opens, row.closes))
    tz = ZoneInfo(company.timezone)
    since = timezone.now().astimezone(tz).date()
    holidays = {
        row.date: HolidayCard(row.date, row.name, row.message)
        for row in Holiday.objects.filter(date__gte=since.replace(day=1))
    }
    return Schedule(tz, {day: tuple(times) for day, times in slots.items()}, holidays, company.always_open)


@dataclass(frozen=True)
class Standing:
    """Whether somebody attends at this moment, and in words until when, or why not and since when they will."""

    schedule: Schedule
    is_open: bool
    text: str


def attention_now() -> Standing:
    """How the hours and holidays stand now (three queries)."""
    now, hours = timezone.now(), schedule()
    local = now.astimezone(hours.zone)
    if hours.is_open(now):
        closing = hours.next_closing(now)
        until = f"Cierra {spoken_when(closing, local)}." if closing else "Sin cierre a la vista."
        return Standing(hours, True, until)
    holiday, opening = hours.holiday(now), hours.next_opening(now)
    why = f"Hoy es feriado ({holiday.name}). " if holiday else ""
    when = f"Abre {spoken_when(opening, local)}." if opening else "No hay horarios cargados: no abre nunca."
    return Standing(hours, False, why + when)
