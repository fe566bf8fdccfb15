"""Settings of the installation, read from the environment.

Each reader names the variable, so a wrong value refuses to start and says which one and why.
Nothing here knows Django.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

_YES = {"1", "true", "yes", "on", "si", "sí"}
_NO = {"0", "false", "no", "off"}


class WrongSetting(SystemExit):
    """A variable holds a value we cannot use; leaves with the reason on stderr."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"La variable {name} vale «{value}» y debería ser {expected}.")


def text(name: str, default: str = "") -> str:
    """The value without surrounding blanks; an empty variable counts as absent."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    return _parsed(name, default, _to_bool, "1 o 0")


def integer(name: str, default: int, *, least: int, most: int) -> int:
    def parse(raw: str) -> int:
        number = int(raw)
        if not least <= number <= most:
            raise ValueError(raw)
        return number

    return _parsed(name, default, parse, f"un número entero entre {least} y {most}")


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    def parse(raw: str) -> str:
        if raw not in options:
            raise ValueError(raw)
        return raw

    return _parsed(name, default, parse, " o ".join(options))


def items(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    raw = text(name)
    return [part.strip() for part in raw.split(",") if part.strip()] if raw else default


def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    def parse(raw: str) -> str:
        if urlsplit(raw).scheme not in schemes:
            raise ValueError(raw)
        return raw

    return _parsed(name, default, parse, "una dirección que empiece con " + " o ".join(f"{s}://" for s in schemes))


def phone(name: str) -> str:
    """A number with its country, as bare digits; empty when it is absent."""

    def parse(raw: str) -> str:
        digits = "".join(char for char in raw if char not in " +-()")
        if not (digits.isascii() and digits.isdecimal() and 8 <= len(digits) <= 15):
            raise ValueError(raw)
        return digits

    return _parsed(name, "", parse, "un teléfono con su país, por ejemplo +54 9 261 555-0100")


def secret(name: str, kept_in: Path, *, required: bool) -> str:
    """A secret of this installation.

    Where `required` (production) it must come from the environment. Elsewhere it is made once
    and kept in a file that only its owner reads, so that sessions survive a restart.
    """
    value = text(name)
    if value:
        return value
    if required:
        raise WrongSetting(name, "", "una clave larga y al azar (es obligatoria con DEBUG=0)")
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        kept_in.touch(mode=0o600)
        kept_in.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return kept_in.read_text(encoding="ascii").strip()


def _parsed(name: str, default: T, parse: Callable[[str], T], expected: str) -> T:
    raw = text(name)
    if not raw:
        return default
    try:
        return parse(raw)
    except ValueError:
        raise WrongSetting(name, raw, expected) from None


def _to_bool(raw: str) -> bool:
    lowered = raw.lower()
    if lowered in _YES:
        return True
    if lowered in _NO:
        return False
    raise ValueError(raw)
