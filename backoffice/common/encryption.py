"""Text that is kept encrypted: whoever reads the database, or a copy of it, learns nothing.

The key comes from the installation's `SECRET_KEY`. To change that one, put the old one in `SECRET_KEY_FALLBACKS`
(`deploy/env.example`): what it closed still opens, and is closed with the new one when it is written again.
"""

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

PURPOSE = b"mostrador.encrypted-field:"


def encrypt(text: str) -> str:
    return _keys().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """What was encrypted; "" when none of the keys opens it, which is as if it had never been written."""
    try:
        return _keys().decrypt(token.encode()).decode()
    except InvalidToken:
        return ""


class EncryptedText(models.TextField):
    """A text field whose column holds only what `encrypt` made of it. It cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value)) if value else ""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        return decrypt(value) if value else ""


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_key(str(secret))) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(PURPOSE + secret.encode()).digest())
