"""How invoices are found: by their number, with or without its zeros, and by whose they are."""

from backoffice.billing.models import Invoice
from backoffice.common.search import Card, Kind, Parent, register
from backoffice.common.search.words import document_words, number_words, words_of


def _card(invoice: Invoice) -> Card:
    customer = invoice.customer
    words = [
        *number_words(invoice.number),
        *words_of(customer.name),
        *number_words(customer.code),
        *document_words(customer.document),
    ]
    return Card(f"Factura {invoice.number}", words, f"{customer.name} · {invoice.concept}")


register(
    Kind(
        number=6,
        model=Invoice,
        card=_card,
        fields=("number", "concept"),
        parents=(Parent("customer", ("name", "code", "document")),),
        related=("customer",),
        permission="billing.view_invoice",
        label="Factura",
        icon="receipt_long",
        place=5,
    )
)
