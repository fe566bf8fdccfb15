"""`/gateway/<slug>/send`: where the ISP's system leaves its notices (reference/isp-systems.md 1.9).

Stored before it is answered, and one INSERT is all that it costs; everything else is decided later by
`bot/notices.py`. A repeated notice, or one for somebody who wants none, is answered 200 too: other answers make
systems try again.
"""

import hmac
import logging
import time
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from backoffice.common.addresses import client_address
from backoffice.common.models import Activity
from backoffice.notices import services
from backoffice.notices.doors import Door, door
from backoffice.notices.models import GatewayNotice
from integrations.understanding import notices

log = logging.getLogger(__name__)

BODY_MAX = 64 * 1024
TOLD_EVERY = 60.0  # seconds between two lines of the console about refused calls to one gateway
_told: dict[int, float] = {}


class _Refused(Exception):
    """The answer is no: `status` and two sentences, for the two shapes that systems read."""

    def __init__(self, status: int, message: str, detail: str) -> None:
        super().__init__(message)
        self.status, self.message, self.detail = status, message, detail


@csrf_exempt
def send(request: HttpRequest, slug: str, secret: str = "") -> HttpResponse:
    """Take in a notice by GET or POST.

    Answers {"status": "success", "message", "id", "queued"} with 200, or {"status": "error", "message", "detail"} with
    400 (nothing that can be sent), 401 (key), 403 (address, or switched off), 404, 405, 413, 503 (could not be stored).
    """
    try:
        notice = _take_in(request, slug, secret)
    except _Refused as no:
        return _answer(no.status, {"status": "error", "message": no.message, "detail": no.detail})
    except (DatabaseError, InterfaceError):
        log.exception("gateway %s could not store a notice", slug)
        told = {"status": "error", "message": "No se pudo guardar", "detail": "Probá de nuevo en un momento."}
        return _answer(503, told)
    return _answer(200, {"status": "success", "message": "Aviso recibido", "id": notice.token, "queued": True})


def _take_in(request: HttpRequest, slug: str, secret: str) -> GatewayNotice:
    if request.method not in ("GET", "POST"):
        raise _Refused(405, "Método no permitido", "Usá GET o POST.")
    gateway = door(slug)
    if gateway is None:
        raise _Refused(404, "Gateway inexistente", "Revisá el nombre que va en la dirección.")
    address = client_address(request)
    if not gateway.lets_in(address):
        _tell(gateway, f"una dirección no permitida ({address})")
        raise _Refused(403, "Dirección no permitida", f"La IP {address} no está en la lista de este gateway.")
    fields, unreadable = _fields(request)
    if not _is_key(gateway, _bearer(request) or notices.secret_of(fields) or secret):
        _tell(gateway, f"una clave incorrecta (desde {address})")
        raise _Refused(401, "Clave incorrecta", "Mandá la clave del gateway como «Authorization: Bearer».")
    if not gateway.enabled:
        raise _Refused(403, "Gateway apagado", "Está deshabilitado en el panel.")
    if unreadable:
        raise unreadable
    return _stored(gateway, fields, address)


def _stored(gateway: Door, fields: dict[str, Any], address: str) -> GatewayNotice:
    try:
        read = notices.read(fields)
    except notices.Unreadable as error:
        raise _Refused(400, "Aviso incompleto", str(error)) from error
    row = services.read_notice(door=gateway, notice=read, raw=notices.redacted(fields), source_ip=address or None)
    services.store_notice(notice=row)
    if not row.phone_key:  # kept, so that staff see whose number to correct
        raise _Refused(400, "Número inválido", f"«{read.to}» no es un teléfono. Mandalo con característica.")
    return row


def _fields(request: HttpRequest) -> tuple[dict[str, Any], _Refused | None]:
    """Query and body together, the body first; and what is wrong with them, to be told to whoever has the key."""
    query: dict[str, Any] = {}
    try:
        query = notices.fields_of_query(request.META.get("QUERY_STRING", ""))
        return notices.merged(query, _body(request)), None
    except _Refused as no:
        return query, no
    except notices.Unreadable as error:
        return query, _Refused(400, "No se entiende lo que llegó", str(error))


def _body(request: HttpRequest) -> dict[str, Any]:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > BODY_MAX:
        raise _Refused(413, "Demasiado grande", f"El máximo es {BODY_MAX // 1024} KB.")
    kind = request.content_type or ""
    try:
        if kind == "multipart/form-data":
            return {name.strip().lower(): value for name, value in request.POST.items()}
        return notices.fields_of_body(request.body, kind)
    except (MultiPartParserError, BadRequest, SuspiciousOperation, OSError) as error:
        raise _Refused(400, "No se entiende lo que llegó", "El formulario está mal armado o llegó cortado.") from error


def _bearer(request: HttpRequest) -> str:
    scheme, _, key = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    return key.strip() if scheme.lower() in ("bearer", "token") else ""


def _is_key(gateway: Door, key: str) -> bool:
    return bool(gateway.key_hash) and hmac.compare_digest(services.hash_of(key), gateway.key_hash)


def _tell(gateway: Door, what: str) -> None:
    """A line in the console, now and then: whoever sets the system up sees that it does call."""
    now = time.monotonic()
    if now - _told.get(gateway.id, -TOLD_EVERY) >= TOLD_EVERY:
        _told[gateway.id] = now
        Activity.note(Activity.Kind.CONNECTION, f"Llamaron al gateway «{gateway.name}» con {what}")


def _answer(status: int, body: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
    response["Content-Length"] = str(len(response.content))
    response._has_been_logged = True  # type: ignore[attr-defined] # Django's own line would carry the address, and its key
    return response
