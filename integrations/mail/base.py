"""The mail port: what Mostrador asks of whoever carries its e-mail. Standard library only.

    RecipientRefused(Rejected)     this address, or this mail, is not taken: the connection is fine
    WrongSecurity(Rejected)        the port does not speak the security that was chosen: no password was said

Calls raise these or `integrations.errors`.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from integrations.addresses import WrongValue
from integrations.errors import Rejected
from integrations.health import Health

LONGEST_ADDRESS = 254
NO_MAILBOX = "No es una dirección de correo. Por ejemplo: avisos@tuempresa.com.ar."
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?P<host>[A-Za-z0-9.-]+)")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class RecipientRefused(Rejected):
    """That mail will not be taken, whatever the hour. Retry: with another address, or a smaller mail."""

    staff_text = "El servidor de correo no acepta ese destinatario."


class WrongSecurity(Rejected):
    """The server does not speak the security that was chosen. Retry: with other settings."""

    staff_text = "El servidor de correo no habla con esa seguridad en ese puerto."


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of plain text to one person. `message_id` («<…@…>») is the same each time it is tried."""

    to: str
    subject: str
    text: str
    message_id: str


class MailSystem(Protocol):
    """One account in one server. Built without touching the network."""

    def check(self) -> Health:
        """Whether it answers and lets us in; it sends nothing. Never raises for what `HealthState` can say."""
        ...

    def send(self, mail: Mail) -> None:
        """Hand one mail over. Returns once the server took charge of it.

        Raises: any of `errors.py`; OutcomeUnknown when it was said whole and no answer came.
        """
        ...

    def close(self) -> None: ...


def clean_mailbox(text: str) -> str:
    """An address as it is written to. Raises: WrongValue."""
    typed = text.strip()
    found = _MAILBOX.fullmatch(typed)
    if found is None or len(typed) > LONGEST_ADDRESS:
        raise WrongValue(NO_MAILBOX)
    labels = found["host"].split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise WrongValue(NO_MAILBOX)
    return typed


def one_line(text: str, longest: int = 200) -> str:
    """What may go into a header: no line ends nor other control characters."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.split())[:longest]
