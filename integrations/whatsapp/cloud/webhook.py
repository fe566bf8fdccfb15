"""Meta's door to us: the handshake and the signature. Pure; whoever has the web view calls them on the raw request."""

import hmac
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

PREFIX = "sha256="


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """The bare text to answer Meta's GET with, as text/plain; None when it is not our token (403)."""
    token = query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not verify_token:
        return None
    if not hmac.compare_digest(token.encode("utf-8", "replace"), verify_token.encode()):
        return None
    return query.get("hub.challenge") or None


def is_signed(body: bytes, header: str, secrets: Sequence[str]) -> bool:
    """Whether `X-Hub-Signature-256` was made over these very bytes with one of the app's secrets.

    Several, so that a secret can be changed without losing what is on its way. Compared in constant time, all of them.
    """
    told = header.strip().removeprefix(PREFIX).lower().encode("utf-8", "replace")
    if not header.strip().startswith(PREFIX):
        return False
    matches = [hmac.compare_digest(_digest(body, secret), told) for secret in secrets if secret]
    return any(matches)


def numbers_in(body: bytes) -> frozenset[str]:
    """The phone number ids a body tells about: one app may receive for several. Empty when it cannot be read."""
    try:
        told = json.loads(body)
        changes = [change for entry in told["entry"] for change in entry["changes"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return frozenset()
    return frozenset(filter(None, (_number_of(change) for change in changes)))


def _number_of(change: Any) -> str:
    try:
        return str(change["value"]["metadata"]["phone_number_id"])
    except (KeyError, TypeError):
        return ""


def _digest(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), body, sha256).hexdigest().encode()
