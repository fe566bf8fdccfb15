"""What a provider asks staff for: each field says how it is called, what it takes and whether it is a secret."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from integrations.addresses import WrongValue

_PRINTABLE = re.compile(r"[!-~]+")


class FieldKind(StrEnum):
    TEXT = "text"
    URL = "url"
    HOST = "host"
    SECRET = "secret"  # noqa: S105 # a kind, not a password
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"


def as_typed(text: str) -> str:
    return text.strip()


def key_text(text: str) -> str:
    """A key as it was copied, without the spaces around it. Raises: WrongValue."""
    key = text.strip()
    if not _PRINTABLE.fullmatch(key):
        raise WrongValue("La clave no lleva espacios ni acentos: copiala de nuevo, entera y sola.")
    return key


def digits(text: str) -> str:
    """Raises: WrongValue."""
    found = text.strip()
    if not (found.isascii() and found.isdecimal()):
        raise WrongValue("Son solo números.")
    return found


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `clean` gives the value to keep, or raises WrongValue with what to say beside it.

    `advanced` fields have a default that is right for nearly everybody. `least` and `most` are for numbers, `choices`
    (value, label) for a choice. What `leads` decides whom the secrets are told to and how: once it changes, they are
    asked for again (an address always does).
    """

    name: str
    label: str
    help_text: str = ""
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    default: Any = ""
    clean: Callable[[str], str] = as_typed
    example: str = ""
    max_length: int = 200
    least: int = 0
    most: int = 0
    advanced: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    leads: bool = False

    @property
    def is_secret(self) -> bool:
        return self.kind is FieldKind.SECRET
