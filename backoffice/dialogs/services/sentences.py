"""Verbs of what the bot says."""

from django.db import transaction

from backoffice.common.errors import DomainError
from backoffice.dialogs import texts
from backoffice.dialogs.models import BotText


@transaction.atomic
def change_text(*, key: str, text: str) -> None:
    """Make the bot say `text` for the sentence `key`; its own default again when they are equal.

    Raises:
        DomainError: no such sentence, an empty text, or a {blank} that the sentence cannot fill.
    """
    sentence = texts.SENTENCES.get(key)
    if sentence is None:
        raise DomainError("Ese texto ya no existe.")
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise DomainError("Escribí el texto, o restaurá el original.", field="text")
    unknown = texts.unknown_blanks(key, text)
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise DomainError(f"Este texto no conoce {names}. Fijate qué datos podés usar.", field="text")
    if text == sentence.default:
        return restore_text(key=key)
    row = BotText.objects.filter(key=key).first() or BotText(key=key)
    row.text = text
    row.save()
    return None


@transaction.atomic
def restore_text(*, key: str) -> None:
    """Say what the product brings again."""
    for row in BotText.objects.filter(key=key):
        row.delete()
