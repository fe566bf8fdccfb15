"""Opening hours: one row a weekday, as many slots as needed, HH:MM (ISPBOT-HRS-02…05)."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from backoffice.common.errors import DomainError
from backoffice.company import services
from backoffice.company.models import OpeningHours
from backoffice.company.selectors import attention_now
from backoffice.panel.pages.base import page, require, show

Typed = tuple[str, str]


@dataclass
class Day:
    """A weekday as it is on the screen: what was typed, and what is wrong with it."""

    number: int
    name: str
    slots: list[Typed] = field(default_factory=list)
    error: str = ""


@page("company.view_openinghours")
def hours(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, _stored())
    require(request, "company.change_openinghours")
    days = _typed(request.POST)
    for day in days:
        day.error = _trouble(day)
    if any(day.error for day in days):
        return _show(request, days)
    services.set_hours(hours={day.number: _written(day) for day in days})
    messages.success(request, "Horarios guardados. Ya están en vigencia.")
    return redirect("admin:panel_hours")


def _show(request: HttpRequest, days: list[Day]) -> HttpResponse:
    standing = attention_now()
    return show(
        request,
        "panel/hours.html",
        "Horarios de atención",
        days=days,
        always_open=standing.schedule.always_open,
        standing=standing,
    )


def _stored() -> list[Day]:
    days = [Day(number, str(name)) for number, name in OpeningHours.Weekday.choices]
    for row in OpeningHours.objects.all():
        opens, closes = services.show_slot((row.opens, row.closes)).split("-")
        days[row.weekday].slots.append((opens, closes))
    return days


def _typed(data: QueryDict) -> list[Day]:
    days = []
    for number, name in OpeningHours.Weekday.choices:
        pairs = zip(data.getlist(f"abre-{number}"), data.getlist(f"cierra-{number}"), strict=False)
        slots = [(opens.strip(), closes.strip()) for opens, closes in pairs if opens.strip() or closes.strip()]
        days.append(Day(number, str(name), slots))
    return days


def _written(day: Day) -> list[str]:
    return [f"{opens}-{closes}" for opens, closes in day.slots]


def _trouble(day: Day) -> str:
    """Why the day cannot be kept, if it cannot. Blanks are told apart from hours that do not exist."""
    try:
        for opens, closes in day.slots:
            if not opens or not closes:
                raise DomainError("Falta una de las dos horas.")
            services.parse_time(opens)
            services.parse_time(closes, closing=True)
        services.parse_slots(_written(day))
    except DomainError as error:
        return error.message
    return ""
