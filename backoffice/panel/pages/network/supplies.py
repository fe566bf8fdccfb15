"""«Registrar movimiento» of cables, connectors and whatever else has no serial."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from backoffice.common.errors import DomainError
from backoffice.network import services
from backoffice.network.models import Supply
from backoffice.panel.pages.base import page, person, show
from backoffice.panel.pages.network.forms import MoveSuppliesForm


@page("network.change_supply")
def move(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = MoveSuppliesForm(request.POST)
        if form.is_valid():
            try:
                supply = _move(request, form.cleaned_data)
            except DomainError as error:
                form.refuse(error)
            else:
                messages.success(request, f"Anotado. Ahora hay {supply.amount} de {supply}.")
                return redirect("admin:network_supply_changelist")
    else:
        form = MoveSuppliesForm(initial=_asked(request.GET.get("insumo", "")))
    return show(request, "network/move_supplies.html", "Registrar movimiento", form=form)


def _move(request: HttpRequest, data: dict[str, Any]) -> Supply:
    item, deposit, quantity, reason = data["item"], data["deposit"], data["quantity"], data["reason"]
    by = person(request)
    if data["what"] == MoveSuppliesForm.TO:
        supply = Supply.objects.filter(item=item, deposit=deposit).select_related("item", "deposit").first()
        if supply is None:
            raise DomainError(f"En {deposit} no hay {item}.", field="deposit")
        return services.transfer_supply(supply=supply, deposit=data["other"], quantity=quantity, reason=reason, by=by)
    change = quantity if data["what"] == MoveSuppliesForm.IN else -quantity
    return services.change_supply(item=item, deposit=deposit, change=change, reason=reason, by=by)


def _asked(pk: str) -> dict[str, Any]:
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return {}
    supply = Supply.objects.filter(pk=int(pk)).first()
    return {"item": supply.item_id, "deposit": supply.deposit_id} if supply else {}
