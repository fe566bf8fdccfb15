"""«Conexiones» at a glance: what is connected, how it stood the last time, and «Probar conexión» of what is kept."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.company.models import Company
from backoffice.connections import services
from backoffice.connections.adapters import try_connection
from backoffice.connections.kinds import KINDS, Kind
from backoffice.connections.models import Connection
from backoffice.connections.selectors import Standing, standing_of, standings, tone_of
from backoffice.panel.pages.base import page, person, show
from backoffice.safekeeping.telling import tell_kept
from integrations.registry import Provider

HOME = "admin:panel_connections"


@dataclass(frozen=True, slots=True)
class Group:
    """A kind with its connections, and the providers that nobody connected yet."""

    kind: Kind
    standings: list[Standing]
    offers: list[Provider]


@page("connections.view_connection")
def connections(request: HttpRequest) -> HttpResponse:
    found = standings()
    context = {
        "groups": [_group(kind, [one for one in found if one.connection.kind == kind.name]) for kind in KINDS.values()],
        "transfer": Company.objects.filter(pk=1).first(),
        "try_now": request.GET.get("probar", ""),
    }
    return show(request, "panel/connections/cards.html", "Conexiones", **context)


@page("connections.change_connection")
@require_POST
@never_cache
def try_kept(request: HttpRequest, pk: int) -> HttpResponse:
    """Test what is kept, and show how it went; it waits for the other side in no transaction."""
    connection = get_object_or_404(Connection, pk=pk)
    try:
        tried = try_connection(connection)
    except LookupError:
        raise DomainError("Esta versión no trae ese proveedor.") from None
    services.record_test(
        connection=connection, name=connection.name, provider=connection.provider, tried=tried, by=person(request)
    )
    if "HX-Request" not in request.headers:
        messages.add_message(request, messages.SUCCESS if tried.health.ok else messages.ERROR, tried.health.message)
        return redirect(HOME)
    context = {"one": standing_of(pk), "tried": tried, "tone": tone_of(tried.health.state)}
    return render(request, "panel/connections/standing.html", context)


@page("connections.delete_connection")
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    connection = Connection.objects.filter(pk=pk).first()
    if connection is None:
        raise Http404
    services.delete_connection(connection=connection, by=person(request))
    messages.success(request, f"Se borró la conexión «{connection.name}», con su clave.")
    tell_kept(request, Connection)
    return redirect(HOME)


def _group(kind: Kind, found: list[Standing]) -> Group:
    connected = {one.connection.provider for one in found}
    return Group(kind, found, [provider for provider in kind.providers if provider.name not in connected])
