"""The gateway's pages that are no lists: its key, its test box, and what staff do with a notice."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.company.selectors import local_now
from backoffice.customers.selectors import by_phone_keys
from backoffice.notices import doors, services
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.notices.selectors import URGENT, is_open, is_repeated, sent_lately, unwilling
from backoffice.operations.models import BotControl
from backoffice.panel.pages.base import back, page, person, show
from integrations.understanding import notices
from integrations.understanding.phones import local_display

LIST = "admin:notices_gatewaynotice_changelist"


@page("notices.change_gateway")
@require_POST
@never_cache
def renew_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a key and show it, this once: it goes into no session and no other page has it."""
    gateway = get_object_or_404(Gateway, pk=pk)
    key = services.renew_key(gateway=gateway, by=person(request))
    shown = {"gateway": gateway, "key": key, "address": services.address_of(gateway)}
    return show(request, "panel/gateway_key.html", f"Clave de {gateway}", **shown)


@page("notices.send_gatewaynotice")
@require_POST
def try_notice(request: HttpRequest) -> HttpResponse:
    """A fragment: what would become of what the ISP's system would send. Nothing is stored."""
    try:
        notice = _typed(request)
    except DomainError as error:
        return render(request, "panel/notice_tried.html", {"refused": error.message})
    return render(request, "panel/notice_tried.html", {"sent": request.POST, **_foretold(notice)})


@page("notices.send_gatewaynotice")
@require_POST
def send_notice(request: HttpRequest) -> HttpResponse:
    notice = _typed(request)
    services.store_notice(notice=notice, by=person(request))
    messages.success(request, f"El aviso para {local_display(notice.phone)} espera su turno para salir.")
    return redirect(LIST)


@page("notices.send_gatewaynotice")
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    services.cancel(notice=_notice(pk), by=person(request))
    messages.success(request, "El aviso no va a salir.")
    return back(request, LIST)


@page("notices.send_gatewaynotice")
@require_POST
def cancel_waiting(request: HttpRequest) -> HttpResponse:
    count = services.cancel_waiting(by=person(request))
    messages.success(request, f"Cancelados: {count}." if count else "No había avisos esperando.")
    return redirect(LIST)


@page("notices.send_gatewaynotice")
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    again = services.resend(notice=_notice(pk), by=person(request))
    messages.success(request, "El aviso vuelve a salir.")
    return redirect("admin:notices_gatewaynotice_change", again.pk)


def _notice(pk: int) -> GatewayNotice:
    return get_object_or_404(GatewayNotice.objects.select_related("message"), pk=pk)


def _typed(request: HttpRequest) -> GatewayNotice:
    """What was typed, read as the gateway's address reads it. Raises: DomainError."""
    gateway = Gateway.objects.filter(pk=_number(request.POST.get("gateway", ""))).first()
    if gateway is None:
        raise DomainError("Elegí un gateway.")
    number, text = request.POST.get("numero", "").strip(), request.POST.get("texto", "").strip()
    try:
        read = notices.read({"to": number, "text": text} if number else _pasted(text))
    except notices.Unreadable as error:
        raise DomainError(str(error)) from None
    door = doors.open_door(gateway, doors.default_area())
    row = services.read_notice(door=door, notice=read, raw={"prueba": str(person(request))})
    if not row.phone_key:
        raise DomainError(
            f"«{read.to}» no es un teléfono. Poné la característica y el número, por ejemplo 261 234-5678."
        )
    row.gateway = gateway
    return row


def _pasted(text: str) -> dict[str, Any]:
    """The whole of what a system sends: an address, parameters or JSON."""
    if text.startswith(("http://", "https://")):
        text = text.partition("?")[2]
    return notices.fields_of_body(text.encode(), "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _foretold(notice: GatewayNotice) -> dict[str, Any]:
    """Who would get it, how it would read, and why it would not leave, or not now."""
    notice.received_at = timezone.now()
    return {
        "notice": notice,
        "phone": local_display(notice.phone),
        "customers": by_phone_keys([notice.phone_key])[notice.phone_key],
        "text": notices.outgoing_text(notice.text, notice.media_url),
        "stops": [reason for reason in _stops(notice) if reason],
    }


def _stops(notice: GatewayNotice) -> list[str]:
    gateway = notice.gateway
    same = sent_lately([notice])[gateway.pk, notice.fingerprint]
    late = notice.priority != URGENT and not is_open(gateway, local_now().time())
    stopped = BotControl.load().mode == BotControl.Mode.STOPPED
    repeated = f"Si lo manda tu sistema no sale: el mismo aviso salió hace menos de {gateway.duplicate_minutes} min."
    unwanted = notice.kind == notice.Kind.OTHER and unwilling([notice.phone_key])
    return [
        "No sale: esta persona dijo BAJA, y este aviso no es de su servicio." if unwanted else "",
        repeated if is_repeated(notice, same) else "",
        f"Espera hasta las {gateway.opens:%H:%M}, cuando abre el horario de avisos." if late else "",
        "Espera: el bot está en Modo Parado." if stopped else "",
        "Espera: este gateway está apagado." if not gateway.enabled else "",
    ]
