"""What Meta's error codes mean in the port's classes: by `code`, never by text.

From «Cloud API error codes» (developers.facebook.com, business-messaging/whatsapp/support/error-codes). The same codes
come as the answer to a send and, later, in a status of «failed».
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx

from integrations.errors import (
    BadCredentials,
    IntegrationError,
    NoPermission,
    NotFound,
    Rejected,
    Throttled,
    Unavailable,
)
from integrations.http import retry_after
from integrations.whatsapp.base import AccountBlocked, OptedOut, RecipientUnknown, TooFastForOne, WindowClosed

NOT_ALLOWED_IN_TEST = 131030
"""«Recipient not in allowed list»: a test number, or an Argentine one whose 9 the list does not have."""
_OBJECT_GONE = (100, 33)
_MAY_BE_DONE = frozenset({1})
"""«Unknown error» of the API itself: with a 5xx it says nothing about whether it was sent."""
SPAM_WAIT = timedelta(minutes=15)
LIMIT_WAIT = timedelta(hours=1)
PAIR_WAIT = timedelta(seconds=30)
Make = Callable[[str, timedelta], IntegrationError]


def _says(kind: type[IntegrationError], staff_text: str = "") -> Make:
    return lambda line, after: kind(line, staff_text=staff_text or None)


def _waits(kind: type[Throttled], least: timedelta = timedelta(0), staff_text: str = "") -> Make:
    return lambda line, after: kind(line, after=max(after, least), staff_text=staff_text or None)


_TEMPLATE = "WhatsApp no aceptó la plantilla: {}."
_TABLE: Mapping[int, Make] = {
    0: _says(BadCredentials),
    190: _says(BadCredentials),
    3: _says(NoPermission),
    10: _says(NoPermission),
    131005: _says(NoPermission),
    131042: _says(NoPermission, "Meta no puede cobrar los mensajes. Revisá el medio de pago de la cuenta."),
    131037: _says(NoPermission, "Meta todavía no aprobó el nombre de este número."),
    131045: _says(NoPermission, "El número no está registrado en la API de WhatsApp."),
    133010: _says(NoPermission, "El número no está registrado en la API de WhatsApp."),
    368: _says(AccountBlocked),
    131031: _says(AccountBlocked),
    2: _says(Unavailable),
    131000: _says(Unavailable),
    131016: _says(Unavailable),
    131057: _says(Unavailable, "Meta tiene este número en mantenimiento. Se reintenta solo."),
    135000: _says(Unavailable),
    4: _waits(Throttled),
    613: _waits(Throttled),
    80007: _waits(Throttled),
    130429: _waits(Throttled),
    131048: _waits(
        Throttled, SPAM_WAIT, "WhatsApp frena este número: mucha gente lo bloqueó o lo denunció. Se reintenta solo."
    ),
    131064: _waits(Throttled, LIMIT_WAIT, "Se llegó al límite diario de contactos de este número. Se reintenta solo."),
    131056: _waits(TooFastForOne, PAIR_WAIT),
    131026: _says(RecipientUnknown, "WhatsApp no pudo entregarlo: el número no tiene WhatsApp o no recibe empresas."),
    131021: _says(RecipientUnknown, "Ese es el número de la propia empresa."),
    131030: _says(RecipientUnknown, "Es un número de prueba de Meta, y esa persona no está en su lista."),
    131062: _says(RecipientUnknown, "A esa persona solo se la alcanza por su teléfono."),
    131047: _says(WindowClosed),
    131050: _says(OptedOut),
    131049: _says(Rejected, "WhatsApp no entregó la promoción, para que esa persona no reciba tantas."),
    130472: _says(Rejected, "WhatsApp no entregó la promoción: esa persona está en una prueba de Meta."),
    130497: _says(Rejected, "WhatsApp no deja escribir a ese país desde este número."),
    131051: _says(Rejected, "WhatsApp no acepta ese tipo de mensaje."),
    131052: _says(Rejected, "WhatsApp no pudo bajar el archivo."),
    131053: _says(Rejected, "WhatsApp no aceptó el archivo."),
    131063: _says(Rejected, "Las promociones están apagadas en la cuenta de Meta."),
    132000: _says(Rejected, _TEMPLATE.format("no coincide la cantidad de datos")),
    132001: _says(Rejected, _TEMPLATE.format("no existe en ese idioma o no está aprobada")),
    132005: _says(Rejected, _TEMPLATE.format("quedó demasiado larga")),
    132007: _says(Rejected, _TEMPLATE.format("no cumple sus reglas")),
    132008: _says(Rejected, _TEMPLATE.format("un dato no se admite")),
    132012: _says(Rejected, _TEMPLATE.format("un dato no tiene el formato esperado")),
    132015: _says(Rejected, _TEMPLATE.format("está en pausa por mala calidad")),
    132016: _says(Rejected, _TEMPLATE.format("la desactivaron por mala calidad")),
}


def error_of(code: int, line: str, after: timedelta = timedelta(0)) -> IntegrationError:
    """The port's error for a code; one that nobody listed is Rejected. `after` is a wait that was told."""
    make = _TABLE.get(code)
    if make is None:
        make = _says(NoPermission) if 200 <= code < 300 else _says(Rejected)
    return make(line, after)


def reason_of(code: int) -> str:
    """What staff read of a message that failed by `code` after it was taken: nobody tries that one again."""
    error = error_of(code, "")
    if code not in _TABLE or error.retry:
        return f"WhatsApp no lo entregó (código {code})."
    return error.staff_text


def translate(response: httpx.Response) -> IntegrationError | None:
    """For `Wire(translate=…)`: Meta's `{"error": {"code", …}}`. None where there is none, or it decides nothing."""
    told = _told(response)
    code = told.get("code")
    if not isinstance(code, int) or isinstance(code, bool):
        return None
    if code in _MAY_BE_DONE:
        return None if response.status_code >= 500 else Rejected(_line(told, code))
    if (code, told.get("error_subcode")) == _OBJECT_GONE:
        return NotFound(_line(told, code))
    if code not in _TABLE and response.status_code >= 500:
        return None
    header = response.headers.get("retry-after", "")
    return error_of(code, _line(told, code), retry_after(header))


def code_of(error: IntegrationError) -> int:
    """The code that an error of `translate` was made of; 0 for any other."""
    head = str(error).partition(":")[0]
    return int(head) if head.isascii() and head.isdigit() else 0


def _told(response: httpx.Response) -> Mapping[str, Any]:
    try:
        told = response.json()["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _line(told: Mapping[str, Any], code: int) -> str:
    """For the log; `code_of` reads its beginning."""
    data = told.get("error_data")
    details = data.get("details", "") if isinstance(data, dict) else ""
    return f"{code}: {told.get('message', '')} {details}".strip()[:300]
