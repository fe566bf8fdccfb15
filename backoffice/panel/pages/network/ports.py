"""A port: who is on it, and what can be done with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.network import services
from backoffice.network.models import NapPort
from backoffice.panel.pages.base import page, person, require, show
from backoffice.panel.pages.network.forms import ConnectForm, PortStateForm


@page("network.view_napport")
def port(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _port(pk), ConnectForm(), PortStateForm())


@page("network.change_napport")
@require_POST
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to the service that was chosen; whoever answers to the name, when it is only one.

    A customer is looked for by name, so it is for whoever may see customers.
    """
    require(request, "customers.view_customer")
    row, form = _port(pk), ConnectForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.connect(port=row, service=data["service"], note=data["note"], by=person(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{data['service'].customer} quedó en el puerto {row.number} de {row.box}.")
            return redirect("admin:panel_nap_port", pk)
    return _page(request, row, form, PortStateForm())


@page("network.change_napport")
@require_POST
def set_state(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _port(pk), PortStateForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            done = services.set_port(port=row, state=data["state"], note=data["note"], by=person(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"El puerto {row.number} quedó {done.get_state_display().lower()}.")
            return redirect("admin:panel_nap_port", pk)
    return _page(request, row, ConnectForm(), form)


def _port(pk: int) -> NapPort:
    related = ("box__zone", "box__pon__olt", "service__customer", "service__plan")
    return get_object_or_404(NapPort.objects.select_related(*related), pk=pk)


def _page(request: HttpRequest, row: NapPort, connecting: ConnectForm, stating: PortStateForm) -> HttpResponse:
    shown = {
        "port": row,
        "connecting": connecting,
        "stating": stating,
        "past": row.history.select_related("history_user")[:20],
        "neighbours": row.box.ports.select_related("service__customer"),
    }
    return show(request, "network/port.html", f"Puerto {row.number} de {row.box}", **shown)
