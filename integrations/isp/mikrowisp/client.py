"""MikroWisp's API v1: every command is a POST whose body carries the token, and refusals come with HTTP 200.

`{"estado": "exito", …}` or, in newer commands, `{"code": "200", …}`; a refusal is `{"estado": "error", "mensaje": …}`
(sometimes `salida`). Anything that is no such object did not come from MikroWisp.
"""

from typing import Any

import httpx

from integrations.diagnosis import health_of, refusal
from integrations.errors import IntegrationError, Rejected, WrongAnswer
from integrations.health import Health, HealthState
from integrations.http import Wire
from integrations.outbound import OutboundTransport

SYSTEM = "MikroWisp"
LONGEST_SAID = 160
ADVICE = {
    HealthState.UNTRUSTED: "Si entrás por una IP o con un certificado propio, en «Avanzado» podés apagar "
    "«Verificar el certificado».",
    HealthState.BAD_CREDENTIALS: "Copiá de nuevo el token del operador, entero, y fijate que ese operador "
    "tenga habilitada la API.",
}
IN_CLEAR = "La dirección es http: la clave viaja sin cifrar. Si tu MikroWisp tiene https, usalo."


class Refused(Rejected):
    """MikroWisp answered «estado: error». `str(error)` is what it said. Retry: never with the same data."""


class Mikrowisp:
    """One installation. Any call may raise `IntegrationError`; `timeout` is seconds for each phase of a call."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeout: float = 15.0,
        verify: bool = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._wire = Wire(
            f"{base_url}/api/v1/",
            timeout=timeout,
            headers={"Accept": "application/json"},
            translate=refusal,
            transport=transport or OutboundTransport(verify=verify, deadline=2 * timeout),
        )
        self._token, self._in_clear = token, base_url.startswith("http://")

    def check(self) -> Health:
        """Its departments: a short list with nobody's data, that takes nothing but the token to give."""
        try:
            self.ask("GetDepartamentos")
        except Refused as error:
            found = f"MikroWisp contesta, pero no acepta la clave. Dice: «{error}»."
            return Health(HealthState.BAD_CREDENTIALS, found, ADVICE[HealthState.BAD_CREDENTIALS])
        except IntegrationError as error:
            return health_of(error, SYSTEM, ADVICE)
        return Health(HealthState.OK, "MikroWisp contesta y acepta la clave.", IN_CLEAR if self._in_clear else "")

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        """A command that changes nothing. Raises: Refused, and any of `errors.py` except OutcomeUnknown."""
        return _opened(self._wire.ask_json(command, json={"token": self._token, **arguments}))

    def close(self) -> None:
        self._wire.close()


def _opened(reply: Any) -> dict[str, Any]:
    """The envelope of a success. Raises: Refused; WrongAnswer when it is no envelope of MikroWisp's."""
    if not isinstance(reply, dict) or not {"estado", "code"} & reply.keys():
        raise WrongAnswer("JSON without «estado» or «code»")
    if reply.get("estado") == "exito" or str(reply.get("code", "")) == "200":
        return reply
    said = " ".join(str(reply.get("mensaje") or reply.get("salida") or "sin explicación").split())
    raise Refused(said[:LONGEST_SAID].rstrip("."))
