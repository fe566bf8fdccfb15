"""Verbs of what customers owe."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from backoffice.billing.models import Invoice
from backoffice.common.errors import DomainError
from backoffice.common.models import Counter
from backoffice.customers.models import Customer
from integrations.understanding.money import parse_api_amount

COUNTER = "invoice"
POINT_OF_SALE = 1


def invoice_number(value: int) -> str:
    """As people read it: 12 is "0001-00000012"."""
    return f"{POINT_OF_SALE:04d}-{value:08d}"


@transaction.atomic
def issue_invoice(
    *, customer: Customer, concept: str, total: Decimal, due_on: date, issued_on: date, period: date | None = None
) -> Invoice:
    """Charge a customer; the number is the next one, without gaps.

    Raises:
        DomainError: without a concept, with a total that is not positive, or due before it is issued.
    """
    if not concept.strip():
        raise DomainError("Poné qué se cobra.", field="concept")
    if total <= 0:
        raise DomainError("El total tiene que ser mayor que cero.", field="total")
    if due_on < issued_on:
        raise DomainError("El vencimiento no puede ser anterior a la emisión.", field="due_on")
    amount = parse_api_amount(total)
    return Invoice.objects.create(
        number=invoice_number(Counter.next(COUNTER)),
        customer=customer,
        concept=concept.strip(),
        period=(period or issued_on).replace(day=1),
        issued_on=issued_on,
        due_on=due_on,
        total=amount,
        balance=amount,
    )
