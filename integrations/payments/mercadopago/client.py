"""Mercado Pago's API: a bearer token, JSON both ways."""

from typing import Any

import httpx

from integrations.diagnosis import health_of, refusal
from integrations.errors import IntegrationError, WrongAnswer
from integrations.health import Health, HealthState
from integrations.http import Wire
from integrations.outbound import OutboundTransport

SYSTEM = "Mercado Pago"
API = "https://api.mercadopago.com"
ARGENTINA = "MLA"
ADVICE = {
    HealthState.BAD_CREDENTIALS: "Copiá de nuevo el Access Token de producción, entero. "
    "Si lo renovaste en Mercado Pago, el de antes ya no sirve.",
    HealthState.UNREACHABLE: "Puede ser una caída de Mercado Pago o que este servidor no llegue a Internet. "
    "Probá de nuevo en unos minutos.",
    HealthState.WRONG_ADDRESS: f"En «Avanzado», la dirección tiene que ser {API}.",
}


class MercadoPago:
    """One account. Any call may raise `IntegrationError`; `user_id` is whose it should be, when that is known."""

    def __init__(
        self,
        access_token: str,
        *,
        user_id: str = "",
        base_url: str = API,
        timeout: float = 15.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._wire = Wire(
            f"{base_url}/",
            timeout=timeout,
            headers={"Authorization": f"Bearer {access_token}", "Accept": "application/json"},
            translate=refusal,
            transport=transport or OutboundTransport(deadline=2 * timeout),
        )
        self._user_id = user_id

    def check(self) -> Health:
        """Whose the token is: the account's own data, and whether it is the one that was expected."""
        try:
            owner = self.owner()
        except IntegrationError as error:
            return health_of(error, SYSTEM, ADVICE)
        number, name = str(owner["id"]), " ".join(str(owner.get("nickname") or "").split())[:60]
        whose = f"{name} (User ID {number})" if name else f"de User ID {number}"
        if self._user_id and self._user_id != number:
            found = f"El Access Token es de otra cuenta: {whose}, y cargaste User ID {self._user_id}."
            return Health(HealthState.WRONG_SETTINGS, found, "Corregí el User ID, o copiá el token de la otra cuenta.")
        if owner.get("site_id", ARGENTINA) != ARGENTINA:
            found = f"El Access Token es de una cuenta de otro país: {whose}."
            return Health(HealthState.WRONG_SETTINGS, found, "Hace falta una cuenta de Mercado Pago Argentina.")
        return Health(HealthState.OK, f"Mercado Pago acepta la clave. Es la cuenta {whose}.")

    def owner(self) -> dict[str, Any]:
        """The account behind the token, with at least its `id`. Raises: any of `errors.py` except OutcomeUnknown."""
        found = self._wire.read_json("users/me")
        if not isinstance(found, dict) or not str(found.get("id", "")).isdecimal():
            raise WrongAnswer("JSON without the account's «id»")
        return found

    def close(self) -> None:
        self._wire.close()
