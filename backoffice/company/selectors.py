"""Reads about the company that others need: what day it is there, when people attend."""

from collections import defaultdict
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from integrations.calendar.base import HolidayCard, Schedule

from .models import Company, Holiday, OpeningHours


def zone() -> ZoneInfo:
    name = Company.objects.filter(pk=1).values_list("timezone", flat=True).first()
    return ZoneInfo(name or "America/Argentina/Buenos_Aires")


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
