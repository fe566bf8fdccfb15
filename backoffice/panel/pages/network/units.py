"""«Mover equipos»: one, or all that were scanned, to one place."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from backoffice.common.errors import DomainError
from backoffice.network import services
from backoffice.network.models import Unit, Whereabouts
from backoffice.network.selectors.stock import counts_by_state, find_units
from backoffice.network.services.stock import Destination
from backoffice.panel.pages.base import page, person, show
from backoffice.panel.pages.network.forms import MoveUnitsForm


@page("network.change_unit")
def move(request: HttpRequest) -> HttpResponse:
    """What is refused comes back with everything that was typed, each line with its reason."""
    if request.method == "POST":
        form = MoveUnitsForm(request.POST)
        if form.is_valid():
            try:
                moved = _move(request, form)
            except DomainError as error:
                form.refuse(error)
            else:
                _tell(request, moved)
                return redirect("admin:network_unit_changelist")
    else:
        asked = {"serials": request.GET.get("serie", "")[:200], "state": request.GET.get("estado", "technician")}
        form = MoveUnitsForm(initial=asked)
    labels = dict(Whereabouts.State.choices)
    counts = [(labels[state], count, state) for state, count in counts_by_state().items()]
    return show(request, "network/move_units.html", "Mover equipos", form=form, counts=counts)


def _move(request: HttpRequest, form: MoveUnitsForm) -> list[Unit]:
    data = form.cleaned_data
    to = Destination(data["state"], data["deposit"], data["technician"], data["service"])
    return services.move_units(units=find_units(data["serials"]), to=to, reason=data["reason"], by=person(request))


def _tell(request: HttpRequest, moved: list[Unit]) -> None:
    what = moved[0].serial if len(moved) == 1 else f"{len(moved)} equipos"
    state = str(moved[0].get_state_display()).lower()
    place = f": {moved[0].place}" if moved[0].state in Whereabouts.HOLDERS else ""
    messages.success(request, f"{what} · {state}{place}.")
