"""Opening hours: one row a weekday, as many slots as needed, HH:MM (ISPBOT-HRS-02…05)."""

import re
from dataclasses import dataclass, field
from datetime import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from backoffice.common.errors import DomainError
from backoffice.company import services
from backoffice.company.models import Company, OpeningHours
from backoffice.panel.pages.base import page, require, show

HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
Typed = tuple[str, str]


@dataclass
class Day:
    """A weekday as it is on the screen: what was typed, and what is wrong with it."""

    number: int
    name: str
    slots: list[Typed] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@page("company.view_openinghours")
def hours(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, _stored())
    require(request, "company.change_openinghours")
    days = _typed(request.POST)
    week = {day.number: _parsed(day) for day in days}
    if not any(day.errors for day in days) and _save(days, week):
        messages.success(request, "Horarios guardados. Ya están en vigencia.")
        return redirect("admin:panel_hours")
    return _show(request, days)


def _show(request: HttpRequest, days: list[Day]) -> HttpResponse:
    always = Company.objects.filter(pk=1, always_open=True).exists()
    return show(request, "panel/hours.html", "Horarios de atención", days=days, always_open=always)


def _stored() -> list[Day]:
    days = [Day(number, str(name)) for number, name in OpeningHours.Weekday.choices]
    for row in OpeningHours.objects.all():
        days[row.weekday].slots.append((f"{row.opens:%H:%M}", f"{row.closes:%H:%M}"))
    return days


def _typed(data: QueryDict) -> list[Day]:
    days = []
    for number, name in OpeningHours.Weekday.choices:
        pairs = zip(data.getlist(f"abre-{number}"), data.getlist(f"cierra-{number}"), strict=False)
        slots = [(opens.strip(), closes.strip()) for opens, closes in pairs if opens.strip() or closes.strip()]
        days.append(Day(number, str(name), slots))
    return days


def _parsed(day: Day) -> list[tuple[time, time]]:
    slots = []
    for opens, closes in day.slots:
        wrong = [text for text in (opens, closes) if not HOUR.fullmatch(text)]
        if wrong:
            day.errors.append(" ".join(_complaint(text) for text in wrong))
        else:
            slots.append((time.fromisoformat(opens), time.fromisoformat(closes)))
    return slots


def _complaint(text: str) -> str:
    if not text:
        return "Falta una de las dos horas."
    return f"«{text}» no es una hora: usá HH:MM, por ejemplo 08:00 o 18:30."


def _save(days: list[Day], week: dict[int, list[tuple[time, time]]]) -> bool:
    try:
        services.set_opening_hours(week=week)
    except DomainError as error:
        guilty = next((day for day in days if error.message.startswith(day.name)), days[0])
        guilty.errors.append(error.message)
        return False
    return True
