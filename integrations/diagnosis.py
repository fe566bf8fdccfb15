"""What an error of `errors.py` means to whoever presses «Probar conexión»: what was found, and what to do about it."""

import socket
import ssl
from collections.abc import Mapping

import httpx

from integrations.addresses import origin_of
from integrations.errors import (
    BadCredentials,
    IntegrationError,
    NoPermission,
    NotFound,
    Throttled,
    Unavailable,
    Untrusted,
    WrongAnswer,
)
from integrations.health import Health, HealthState
from integrations.http import cause_of
from integrations.outbound import AddressRefused

State = HealthState
Told = Mapping[HealthState, str]
# The first class that fits decides; the order is that of the tree, leaves first.
_STATES: tuple[tuple[type[IntegrationError], HealthState], ...] = (
    (NoPermission, State.NO_PERMISSION),
    (BadCredentials, State.BAD_CREDENTIALS),
    (Untrusted, State.UNTRUSTED),
    (WrongAnswer, State.WRONG_ADDRESS),
    (Unavailable, State.UNREACHABLE),
    (Throttled, State.THROTTLED),
    (AddressRefused, State.WRONG_ADDRESS),
    (NotFound, State.WRONG_ADDRESS),
)
_FOUND: dict[HealthState, str] = {
    State.NO_PERMISSION: "{system} conoce la clave, pero no le permite usar su API.",
    State.BAD_CREDENTIALS: "{system} contesta, pero no acepta la clave.",
    State.UNTRUSTED: "El certificado de seguridad de ese servidor no es válido, así que no le mandamos la clave.",
    State.WRONG_ADDRESS: "En esa dirección no contesta {system}, sino otra cosa.",
    State.THROTTLED: "{system} pide esperar antes de volver a preguntar.",
    State.REJECTED: "{system} rechazó la consulta.",
}
_ADVICE: dict[HealthState, str] = {
    State.NO_PERMISSION: "Pedile a quien administra {system} que le dé permiso de API a esa clave.",
    State.BAD_CREDENTIALS: "Copiala de nuevo, entera, y volvé a probar. Si la cambiaron allá, la de antes ya no sirve.",
    State.UNTRUSTED: "Revisá que la dirección sea la correcta y que este servidor tenga bien la fecha.",
    State.WRONG_ADDRESS: "Revisá la dirección: es la misma con la que entrás a {system}.",
    State.THROTTLED: "Probá de nuevo en unos minutos.",
    State.REJECTED: "Revisá los datos. Si están bien, consultá al soporte de {system}.",
    State.UNREACHABLE: "Fijate que la dirección esté bien, que el servidor esté prendido "
    "y que acepte conexiones desde este.",
}


def state_of(error: IntegrationError) -> HealthState:
    """The state that an error stands for."""
    return next((state for kind, state in _STATES if isinstance(error, kind)), State.REJECTED)


def health_of(error: IntegrationError, system: str, advice: Told | None = None) -> Health:
    """The state that an error stands for, in words. `system` is what staff call it; `advice` is its own, by state."""
    state = state_of(error)
    said = vars(error).get("staff_text", "")  # only what somebody said of this very failure
    found = _why(error) if state is State.UNREACHABLE else _FOUND[state]
    wanted = (advice or {}).get(state, _ADVICE[state])
    return Health(state, said or found.format(system=system), wanted.format(system=system))


def refusal(response: httpx.Response) -> IntegrationError | None:
    """For `Wire(translate=…)`: what a status alone does not say. A redirection is told, never followed."""
    if response.is_redirect:
        return WrongAnswer(f"HTTP {response.status_code}", staff_text=_moved(response))
    if response.status_code == 403:
        if _is_page(response):  # a firewall before the system, which never saw us
            return Unavailable("HTTP 403", staff_text="Un filtro delante del servidor no nos deja pasar (HTTP 403).")
        return NoPermission("HTTP 403")
    return None


def _moved(response: httpx.Response) -> str:
    try:
        target = origin_of(str(response.request.url.join(response.headers.get("location", ""))))
    except (httpx.InvalidURL, ValueError):
        return "Esa dirección manda a otra que no se entiende."
    if target == origin_of(str(response.request.url)):
        return "Esa dirección manda a otra página del mismo servidor."
    return f"Esa dirección manda a {target[:100]}. Si es la tuya, poné esa."


def _is_page(response: httpx.Response) -> bool:
    return "html" in str(response.headers.get("content-type", ""))


def _why(error: IntegrationError) -> str:
    """Why nobody answered, by what the connection said."""
    cause, beginning = error.__cause__, cause_of(error)
    if cause is None:  # it did answer, to say that it cannot
        return f"El servidor contesta, pero con una falla propia ({error})."
    if isinstance(beginning, socket.gaierror | UnicodeError):
        return "Ese nombre de servidor no existe, o este servidor no llega a Internet."
    if isinstance(beginning, ConnectionRefusedError):
        return "El servidor existe, pero no acepta la conexión en ese puerto."
    if isinstance(cause, httpx.TimeoutException | TimeoutError):
        return "El servidor no contestó a tiempo."
    if isinstance(beginning, ssl.SSLError):
        return "En ese puerto no se habla https."
    return "La conexión se cortó antes de la respuesta."
