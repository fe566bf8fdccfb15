"""«Precintos»: the account of every number, and the four things that happen to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.network import services
from backoffice.network.models import Seal
from backoffice.network.selectors.seals import report
from backoffice.panel.pages.base import back, page, person, require, show
from backoffice.panel.pages.network.forms import (
    HandSealsForm,
    PanelForm,
    ReceiveSealsForm,
    UseSealForm,
    VoidSealsForm,
)


def _use(data: dict[str, Any], by: User) -> str:
    told = {name: data[name] for name in ("code", "service", "box", "technician")}
    seal = services.use_seal(**told, by=by)
    return f"El {seal} quedó en {seal.place}."


def _hand(data: dict[str, Any], by: User) -> str:
    count = services.hand_seals(first=data["first"], last=data["last"], technician=data["technician"], by=by)
    who = f"Los tiene {data['technician']}" if data["technician"] else "Volvieron a la oficina"
    return f"{who}: {_seals(count)}."


def _void(data: dict[str, Any], by: User) -> str:
    return f"Anulado: {_seals(services.void_seals(**data, by=by))}."


def _receive(data: dict[str, Any], by: User) -> str:
    batch = services.receive_seals(**data, by=by)
    return f"Recibidos: {_seals(batch.last - batch.first + 1)}, {batch}."


def _seals(count: int) -> str:
    return "un precinto" if count == 1 else f"{count} precintos"


@dataclass(frozen=True)
class Deed:
    """One thing that is done with seals: its form, who may, and the service that does it."""

    title: str
    icon: str
    form: type[PanelForm]
    permission: str
    run: Callable[[dict[str, Any], User], str]
    button: str


DEEDS: dict[str, Deed] = {
    "usar": Deed("Anotar uno usado", "lock", UseSealForm, "network.change_seal", _use, "Anotar"),
    "entregar": Deed("Entregar a un técnico", "person", HandSealsForm, "network.change_seal", _hand, "Entregar"),
    "anular": Deed("Anular", "block", VoidSealsForm, "network.change_seal", _void, "Anular"),
    "recibir": Deed(
        "Recibir una tanda", "inventory_2", ReceiveSealsForm, "network.add_sealbatch", _receive, "Cargar tanda"
    ),
}


@page("network.view_seal")
def seals(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("que", "")
    forms = {key: deed.form(auto_id=f"{key}_%s") for key, deed in DEEDS.items()}
    if request.method == "POST":
        if name not in DEEDS:
            raise DomainError("Elegí qué pasó con los precintos.")
        require(request, DEEDS[name].permission)
        forms[name] = DEEDS[name].form(request.POST, auto_id=f"{name}_%s")
        if _done(request, DEEDS[name], forms[name]):
            return redirect("admin:panel_seals")
    deeds = [
        (key, deed, forms[key], key == name) for key, deed in DEEDS.items() if request.user.has_perm(deed.permission)
    ]
    return show(request, "network/seals.html", "Precintos", deeds=deeds, report=report())


def _done(request: HttpRequest, deed: Deed, form: PanelForm) -> bool:
    if not form.is_valid():
        return False
    data = {name: value for name, value in form.cleaned_data.items() if name != "customer"}
    try:
        messages.success(request, deed.run(data, person(request)))
    except DomainError as error:
        form.refuse(error)
        return False
    return True


@page("network.change_seal")
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what was noted by mistake."""
    seal = get_object_or_404(Seal, pk=pk)
    services.restore_seal(seal=seal, reason=request.POST.get("reason", ""), by=person(request))
    messages.success(request, f"El {seal} está otra vez en la oficina.")
    return back(request, "admin:panel_seals")
