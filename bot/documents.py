"""Documents that a turn sends, made before its transaction: a PDF and a file on disk have no place inside one."""

from collections.abc import Iterable

from backoffice.billing.selectors import invoice_document
from backoffice.conversations.services import store_media
from bot.turn import SendInvoice, Turn


def invoice_media(turns: Iterable[Turn]) -> dict[int, int]:
    """The Media id of each invoice these turns send. The same invoice is one file."""
    wanted = {effect.invoice_id for turn in turns for effect in turn.effects if isinstance(effect, SendInvoice)}
    return {invoice_id: _document(invoice_id) for invoice_id in sorted(wanted)}


def _document(invoice_id: int) -> int:
    made = invoice_document(invoice_id)
    return store_media(data=made.data, kind="document", filename=made.filename, mimetype=made.mimetype).pk
