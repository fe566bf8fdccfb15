"""The form of one connection, and «Probar conexión» with what is typed, before it is kept."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.connections import services
from backoffice.connections.adapters import try_out
from backoffice.connections.kinds import KINDS, provider_of
from backoffice.connections.models import Connection
from backoffice.connections.selectors import standing_of, tone_of
from backoffice.panel.pages.base import page, person, require, show
from backoffice.panel.pages.connections.cards import HOME
from backoffice.panel.pages.connections.forms import ConnectionForm
from integrations.registry import Provider

ADD, CHANGE = "connections.add_connection", "connections.change_connection"


@page(ADD)
@never_cache
def add(request: HttpRequest, kind: str, provider: str) -> HttpResponse:
    found = provider_of(kind, provider)
    if found is None:
        raise Http404
    return _edit(request, Connection(kind=kind, provider=provider, name=_free_name(kind, found.label)), found)


@page("connections.view_connection")
@never_cache
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    connection = Connection.objects.filter(pk=pk).first()
    found = provider_of(connection.kind, connection.provider) if connection else None
    if connection is None or found is None:
        raise Http404
    if request.method == "POST":
        require(request, CHANGE)
    return _edit(request, connection, found)


@page(ADD, CHANGE)
@require_POST
@never_cache
def try_typed(request: HttpRequest) -> HttpResponse:
    """A fragment: how these values do. Nothing of them is kept but that they were tried."""
    connection = _named(request)
    require(request, CHANGE if connection.pk else ADD)
    provider = provider_of(connection.kind, connection.provider)
    if provider is None:
        raise Http404
    form = ConnectionForm(request.POST, connection=connection, provider=provider)
    form.fields["name"].required = False
    if not form.is_valid():
        wrong = [(form[name].label, error) for name, errors in form.errors.items() for error in errors]
        return render(request, "panel/connections/tried.html", {"wrong": wrong})
    tried = try_out(provider, form.settings, form.secrets)
    services.record_test(
        connection=connection if form.is_as_kept else None,
        name=form.cleaned_data["name"] or connection.name or provider.label,
        provider=provider.name,
        tried=tried,
        by=person(request),
    )
    return render(request, "panel/connections/tried.html", {"tried": tried, "tone": tone_of(tried.health.state)})


def _edit(request: HttpRequest, connection: Connection, provider: Provider) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    form = ConnectionForm(typed, connection=connection, provider=provider)
    if typed is not None and form.is_valid():
        is_new, changed = connection.pk is None, not form.is_as_kept
        connection.name, connection.enabled = form.cleaned_data["name"], form.cleaned_data["enabled"]
        try:
            services.save_connection(
                connection=connection, settings=form.settings, secrets=form.changes, by=person(request)
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"La conexión «{connection.name}» quedó guardada.")
            again = f"?probar={connection.pk}" if (is_new or changed) and connection.enabled else ""
            return redirect(reverse(HOME) + again)
    context = {
        "form": form,
        "connection": connection,
        "provider": provider,
        "kind": KINDS[connection.kind],
        "one": standing_of(connection.pk) if connection.pk else None,
        "may_save": request.user.has_perm(CHANGE if connection.pk else ADD),
    }
    title = form.initial["name"] if connection.pk else f"Conectar {provider.label}"
    return show(request, "panel/connections/editor.html", title, **context)


def _named(request: HttpRequest) -> Connection:
    """The connection that the form is about: a kept one, or a new one of the provider it names."""
    pk = request.POST.get("pk", "")
    if not pk:
        return Connection(kind=request.POST.get("kind", ""), provider=request.POST.get("provider", ""))
    found = Connection.objects.filter(pk=int(pk)).first() if pk.isascii() and pk.isdecimal() and len(pk) < 19 else None
    if found is None:
        raise Http404
    return found


def _free_name(kind: str, label: str) -> str:
    taken = set(Connection.objects.filter(kind=kind).values_list("name", flat=True))
    if label not in taken:
        return label
    return next(name for number in range(2, len(taken) + 3) if (name := f"{label} {number}") not in taken)
