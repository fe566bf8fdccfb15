"""How «Probar conexión» goes, in the same words for every kind of system. Standard library only."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class HealthState(StrEnum):
    OK = "ok"
    BAD_CREDENTIALS = "bad_credentials"
    NO_PERMISSION = "no_permission"
    LICENCE_EXPIRED = "licence_expired"
    WRONG_SETTINGS = "wrong_settings"
    WRONG_ADDRESS = "wrong_address"
    UNTRUSTED = "untrusted"
    THROTTLED = "throttled"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"


LABELS: dict[HealthState, str] = {
    HealthState.OK: "Anda bien",
    HealthState.BAD_CREDENTIALS: "Clave rechazada",
    HealthState.NO_PERMISSION: "Sin permiso",
    HealthState.LICENCE_EXPIRED: "Licencia vencida",
    HealthState.WRONG_SETTINGS: "Datos que no coinciden",
    HealthState.WRONG_ADDRESS: "Dirección equivocada",
    HealthState.UNTRUSTED: "Certificado no válido",
    HealthState.THROTTLED: "Pidió esperar",
    HealthState.REJECTED: "Pedido rechazado",
    HealthState.UNREACHABLE: "No contesta",
}
# Of no use until somebody mends the key: no waiting helps.
OF_THE_KEY = (HealthState.BAD_CREDENTIALS, HealthState.NO_PERMISSION, HealthState.LICENCE_EXPIRED)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a system answers and lets us in; `message` says what was found and `advice` what to do, in Spanish."""

    state: HealthState
    message: str
    advice: str = ""

    @property
    def ok(self) -> bool:
        return self.state is HealthState.OK


class Checkable(Protocol):
    """Whatever a connection gives: built without touching the network."""

    def check(self) -> Health:
        """One cheap read that proves address and key. Never raises for what `HealthState` can say."""
        ...
