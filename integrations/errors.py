"""What can go wrong outside, as classes: callers decide by the class and never read the text.

    IntegrationError               retry?  when
    ├── Unavailable                yes     it never answered, and nothing was done (no network, 503)
    │   ├── Untrusted              yes     its certificate is not accepted: nothing was said to it
    │   └── WrongAnswer            yes     something else answered: a proxy's page, another address
    ├── Throttled(after)           yes     it asked us to wait
    ├── Rejected                   no      it understood and said no (422, 400)
    │   └── NotFound               no      what we asked about does not exist (404)
    ├── BadCredentials             no      the key, token or session is not accepted (401, 403)
    │   └── NoPermission           no      it is accepted, but not for this
    └── OutcomeUnknown             no      a write may or may not have happened: read it back, or ask a person

Adapters raise these, or subclasses that live beside their port (`integrations/<kind>/base.py`).
`retry` means "the same call may be made again, later, with no harm"; OutcomeUnknown is not one of them.
"""

from datetime import timedelta


class IntegrationError(Exception):
    """Anything an outside system made fail. `str(error)` is for the log, `staff_text` for the panel."""

    retry: bool = False
    staff_text: str = "El sistema externo respondió algo inesperado."

    def __init__(self, message: str = "", *, staff_text: str | None = None) -> None:
        super().__init__(message or self.staff_text)
        if staff_text is not None:
            self.staff_text = staff_text


class Unavailable(IntegrationError):
    """No answer, and nothing was done. Retry: with growing waits."""

    retry = True
    staff_text = "El sistema externo no responde. Se vuelve a intentar solo."


class Untrusted(Unavailable):
    """The server cannot prove who it is. Retry: harmless, of use once its certificate is right."""

    staff_text = "El certificado de seguridad del sistema externo no es válido."


class WrongAnswer(Unavailable):
    """What answered is not the system we asked: a web page, a redirection. Retry: it may be a page of maintenance."""

    staff_text = "En esa dirección contesta otra cosa."


class Throttled(IntegrationError):
    """The other side asked us to wait. Retry: after `after`."""

    retry = True
    staff_text = "El proveedor pidió esperar. Se vuelve a intentar solo."

    def __init__(self, message: str = "", *, after: timedelta, staff_text: str | None = None) -> None:
        super().__init__(message, staff_text=staff_text)
        self.after = after


class Rejected(IntegrationError):
    """Understood and refused. Retry: never with the same data."""

    staff_text = "El sistema externo rechazó el pedido."


class NotFound(Rejected):
    """What was asked about does not exist over there."""

    staff_text = "No existe en el sistema externo."


class BadCredentials(IntegrationError):
    """Key, token or session refused. Retry: after staff fix the connection."""

    staff_text = "El sistema externo no acepta la clave. Revisá la conexión."


class NoPermission(BadCredentials):
    """The key is known, and may not do this. Retry: after the other side allows it."""

    staff_text = "El sistema externo no le da permiso a la clave. Revisá la conexión."


class OutcomeUnknown(IntegrationError):
    """A write may have happened. Retry: only where a repeated id is refused; else read it back or ask a person."""

    staff_text = "No se sabe si el pedido se hizo. Revisalo antes de repetirlo."
