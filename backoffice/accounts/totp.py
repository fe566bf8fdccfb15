"""Codes of a telephone's authenticator (TOTP, RFC 6238: SHA-1, six digits, half a minute); nothing here knows Django.

The arithmetic is `cryptography`'s, which the product has for its secrets: no library more for it.
"""

import base64
import hashlib
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30  # seconds
DIGITS = 6
LATE = 1  # steps: a telephone's clock, and the time that typing takes
ISSUER = "Mostrador"
RECOVERY_CODES = 10
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none is taken for another


def new_secret() -> str:
    """160 bits in base 32, as authenticators read them."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def uri(secret: str, username: str) -> str:
    """What the QR holds."""
    return _totp(secret).get_provisioning_uri(username, ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute to which a code belongs, when it is right now or just was; None for a wrong one."""
    typed = "".join(code.split())
    if not secret or len(typed) != DIGITS or not (typed.isascii() and typed.isdecimal()):
        return None
    current = int(now.timestamp()) // STEP
    for step in range(current - LATE, current + LATE + 1):
        try:
            _totp(secret).verify(typed.encode("ascii"), step * STEP)
        except InvalidToken:
            continue
        return step
    return None


def code_at(secret: str, now: datetime) -> str:
    """What the telephone shows."""
    return _totp(secret).generate(int(now.timestamp())).decode("ascii")


def new_recovery_codes() -> list[str]:
    """Ten like «7KQM-WX3P-ZT»: 49 bits each, so one round of hashing is enough."""
    return [_grouped("".join(secrets.choice(_LETTERS) for _ in range(10))) for _ in range(RECOVERY_CODES)]


def one_time_password() -> str:
    """A first password that can be dictated: «wx3p-7kqm-zt4h»."""
    return _grouped("".join(secrets.choice(_LETTERS) for _ in range(12))).lower()


def digest(code: str) -> str:
    """How a recovery code is kept, whatever its dashes and capitals."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def _grouped(text: str) -> str:
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303 (the RFC says so)
