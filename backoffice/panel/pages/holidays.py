"""«Feriados nacionales»: those of a year, computed, to load the ones that the company keeps."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from backoffice.common.dates import parse_date
from backoffice.company import services
from backoffice.company.models import Holiday
from backoffice.company.selectors import today
from backoffice.panel.pages.base import page, require, show
from integrations.calendar.argentina import national_holidays
from integrations.understanding.dates import weekday_name


@dataclass(frozen=True)
class Day:
    """A national holiday, and whether it is loaded already."""

    date: date
    weekday: str
    name: str
    loaded: bool


@page("company.view_holiday")
def national(request: HttpRequest) -> HttpResponse:
    """This year and the two that follow; POST loads the ticked days (HRS-06)."""
    year = today().year
    years = [year, year + 1, year + 2]
    asked = request.GET.get("anio", "")
    chosen = next((one for one in years if str(one) == asked), year)
    if request.method == "POST":
        require(request, "company.add_holiday")
        ticked = [parse_date(text) for text in request.POST.getlist("dia")]
        count = services.load_national_holidays(days=ticked)
        messages.success(request, _told(count))
        return redirect("admin:company_holiday_changelist")
    loaded = dict(Holiday.objects.filter(date__year=chosen).values_list("date", "name"))
    days = [Day(day, weekday_name(day), name, day in loaded) for day, name in national_holidays(chosen)]
    left = sum(not day.loaded for day in days)
    return show(request, "panel/holidays.html", "Feriados nacionales", days=days, left=left, years=years, chosen=chosen)


def _told(count: int) -> str:
    if not count:
        return "No había ninguno nuevo para cargar."
    return "Se cargó un feriado." if count == 1 else f"Se cargaron {count} feriados."
