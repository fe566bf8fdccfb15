"""How Meta has a number: what state it is in, and what staff read when they press «Probar conexión»."""

from typing import Any

from integrations.diagnosis import health_of
from integrations.errors import IntegrationError, NotFound, WrongAnswer
from integrations.health import Health, HealthState
from integrations.http import Wire
from integrations.whatsapp.base import AccountBlocked, Addr, Connection, ConnState

SYSTEM = "Meta"
FIELDS = "id,display_phone_number,verified_name,quality_rating,status"
ADVICE = {
    HealthState.BAD_CREDENTIALS: "Generá un token permanente con un usuario del sistema y copialo entero: los que se "
    "copian de la página de prueba vencen en un día.",
    HealthState.NO_PERMISSION: "El usuario del sistema necesita la app y la cuenta de WhatsApp asignadas, con "
    "whatsapp_business_messaging y whatsapp_business_management.",
    HealthState.WRONG_ADDRESS: "Revisá la dirección y la versión: salvo que uses un intermediario, van las que vienen.",
}
NO_SUCH_NUMBER = Health(
    HealthState.WRONG_SETTINGS,
    "Meta acepta la clave, pero no conoce ese número con ella.",
    "Copiá el «Identificador de número de teléfono» de la página de la API de WhatsApp: no es el número.",
)
NOT_OF_THE_ACCOUNT = Health(
    HealthState.WRONG_SETTINGS,
    "El número existe, pero no es de esa cuenta de WhatsApp.",
    "Copiá el «Identificador de la cuenta de WhatsApp Business» de la misma página que el del número.",
)
NOT_REGISTERED = Health(
    HealthState.WRONG_SETTINGS,
    "El número existe, pero no está registrado en la API: por ahí no sale ni entra nada.",
    "Registralo en la página de la API de WhatsApp, en «Configuración de la API».",
)
BLOCKED = "Pedile la revisión a Meta desde el Administrador de WhatsApp. Mientras tanto no sale nada."
LOW_QUALITY = "Meta le da calidad baja: si sigue así le baja el límite de envíos. Mandá menos avisos."
_STATES = {
    "BANNED": ConnState.RESTRICTED,
    "RESTRICTED": ConnState.RESTRICTED,
    "DISCONNECTED": ConnState.STOPPED,
    "DELETED": ConnState.STOPPED,
    "UNVERIFIED": ConnState.STOPPED,
}


def state_told(wire: Wire, number_id: str) -> Connection:
    """The number's state by what Meta says of it. Raises: any of `errors.py` except OutcomeUnknown."""
    told = _number(wire, number_id)
    digits = "".join(filter(str.isdigit, str(told.get("display_phone_number", ""))))
    return Connection(_state(told), me=Addr.phone(digits) if digits.isascii() and digits else None)


def check_number(wire: Wire, number_id: str, account_id: str) -> Health:
    """Whether the token is good for the number, and the number of the account. Never raises."""
    told: dict[str, Any] = {}
    try:
        told = _number(wire, number_id)
        if account_id and number_id not in _numbers_of(wire, account_id):
            return NOT_OF_THE_ACCOUNT
    except NotFound:
        return NOT_OF_THE_ACCOUNT if told else NO_SUCH_NUMBER
    except AccountBlocked as error:
        return Health(HealthState.REJECTED, error.staff_text, BLOCKED)
    except IntegrationError as error:
        return health_of(error, SYSTEM, ADVICE)
    if _state(told) is ConnState.RESTRICTED:
        return Health(HealthState.REJECTED, AccountBlocked.staff_text, BLOCKED)
    if _state(told) is ConnState.STOPPED:
        return NOT_REGISTERED
    advice = LOW_QUALITY if told.get("quality_rating") == "RED" else ""
    return Health(HealthState.OK, f"Meta acepta la clave. El número es {_in_words(told)}.", advice)


def _state(told: dict[str, Any]) -> ConnState:
    """ONLINE also where Meta says nothing of it, or something new."""
    return _STATES.get(str(told.get("status", "")).upper(), ConnState.ONLINE)


def _in_words(told: dict[str, Any]) -> str:
    keys = ("display_phone_number", "verified_name")
    number, name = (" ".join(str(told.get(key) or "").split())[:80] for key in keys)
    return f"{number}, «{name}»" if name else number


def _number(wire: Wire, number_id: str) -> dict[str, Any]:
    told = wire.read_json(number_id, params={"fields": FIELDS})
    if not isinstance(told, dict) or "display_phone_number" not in told:
        raise WrongAnswer("a number without its number")
    return told


def _numbers_of(wire: Wire, account_id: str) -> set[str]:
    told = wire.read_json(f"{account_id}/phone_numbers", params={"fields": "id", "limit": 200})
    numbers = told.get("data") if isinstance(told, dict) else None
    if not isinstance(numbers, list):
        raise WrongAnswer("an account without its numbers")
    return {str(one.get("id")) for one in numbers if isinstance(one, dict)}
