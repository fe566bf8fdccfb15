"""What each of the library's life signs means for the link: the state to show, and what to do then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from integrations.whatsapp.base import ConnState

Then = Literal["go on", "dial again", "rest"]
BAN = timedelta(hours=1)
"""For a ban without its end."""


@dataclass(frozen=True, slots=True)
class Turn:
    """`rest` waits for a person (`begin_pairing`) or for `until`; `unlinked` says that our session is gone."""

    state: ConnState
    reason: str = ""
    until: datetime | None = None
    then: Then = "go on"
    unlinked: bool = False


_LOST = Turn(ConnState.RECONNECTING, "Se cortó la conexión con WhatsApp")
_SILENT = Turn(ConnState.RECONNECTING, "WhatsApp no contesta")
_ONLINE = Turn(ConnState.ONLINE)
_OUTDATED = Turn(ConnState.OUTDATED, "WhatsApp ya no acepta esta versión: hay que actualizar el sistema", then="rest")
_REPLACED = Turn(ConnState.REPLACED, "La misma sesión se abrió en otro lado", then="rest")
_OUT = Turn(ConnState.LOGGED_OUT, "El número se desvinculó desde el teléfono", then="rest", unlinked=True)
_BLOCKED = Turn(ConnState.RESTRICTED, "WhatsApp restringió el número", then="rest", unlinked=True)
_TRY_LATER = Turn(ConnState.RECONNECTING, "WhatsApp no aceptó la conexión", then="dial again")
_THEIR_FAULT = Turn(ConnState.RECONNECTING, "WhatsApp tiene problemas")

_BANS = {
    "SEND_TO_TOO_MANY_PEOPLE": "se escribió a demasiada gente que no lo tiene agendado",
    "BLOCKED_BY_USERS": "muchas personas lo bloquearon",
    "CREATED_TOO_MANY_GROUPS": "se crearon demasiados grupos con gente que no lo tiene agendado",
    "SENT_TOO_MANY_SAME_MESSAGE": "se mandó demasiadas veces el mismo mensaje",
    "BROADCAST_LIST": "se mandó a demasiada gente por lista de difusión",
}
_REFUSALS: dict[str, Turn | None] = {
    "LOGGED_OUT": _OUT,
    "MAIN_DEVICE_GONE": _BLOCKED,  # 403: WhatsApp's own name for it is «locked»
    "UNKNOWN_LOGOUT": _BLOCKED,  # 406: «banned»
    "CLIENT_OUTDATED": _OUTDATED,
    "TEMP_BANNED": None,  # told by its own event, with its end
    "INTERNAL_SERVER_ERROR": _THEIR_FAULT,  # the library tries again by itself
    "EXPERIMENTAL": _THEIR_FAULT,
    "SERVICE_UNAVAILABLE": _THEIR_FAULT,
}


def turn_of(kind: str, message: Any, now: datetime) -> Turn | None:
    """The turn that an event of the library brings; None when it changes nothing."""
    reader = _READERS.get(kind)
    return reader(message, now) if reader else _FIXED.get(kind)


def _banned(message: Any, now: datetime) -> Turn:
    why = _BANS.get(
        type(message).TempBanReason.Name(message.Code) if message.HasField("Code") else "", "no dice por qué"
    )
    until = now + (timedelta(seconds=message.Expire) if message.Expire > 0 else BAN)
    return Turn(ConnState.TEMP_BANNED, f"WhatsApp suspendió el número: {why}", until, "rest")


def _refused(message: Any, now: datetime) -> Turn | None:
    return _REFUSALS.get(_reason(message), _TRY_LATER)


def _logged_out(message: Any, now: datetime) -> Turn | None:
    """With 403 and 406 the library says «logged out» too, and has already thrown the session away."""
    return _BLOCKED if _REFUSALS.get(_reason(message)) is _BLOCKED else _OUT


def _reason(message: Any) -> str:
    if not message.HasField("Reason"):
        return ""
    return str(message.DESCRIPTOR.fields_by_name["Reason"].enum_type.values_by_number[message.Reason].name)


def _paired(message: Any, now: datetime) -> Turn:
    if message.Status == type(message).SUCCESS:
        return Turn(ConnState.CONNECTING, "Vinculado: entrando a WhatsApp")
    return Turn(ConnState.NEW, f"No se pudo vincular: {message.Error}"[:200], then="rest")


_FIXED: dict[str, Turn] = {
    "connected": _ONLINE,
    "answers again": _ONLINE,
    "disconnected": _LOST,
    "silent": _SILENT,
    "replaced": _REPLACED,
    "outdated": _OUTDATED,
}
_READERS: dict[str, Callable[[Any, datetime], Turn | None]] = {
    "banned": _banned,
    "refused": _refused,
    "logged out": _logged_out,
    "paired": _paired,
}
