"""María with her plan and three months of invoices, the last one unpaid."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.billing.models import Invoice
from backoffice.billing.services import issue_invoice
from backoffice.catalog.models import Plan
from backoffice.company.models import Company
from backoffice.customers.models import Customer, Service
from backoffice.customers.services import create_customer


@pytest.fixture
def company() -> Company:
    return Company.objects.create(
        name="FibraSur", default_area_code="261", bank_alias="FIBRASUR.PAGOS", bank_holder="FibraSur SRL"
    )


@pytest.fixture
def fibra(company) -> Plan:
    return Plan.objects.create(name="Fibra 100MB", price=Decimal(18500), download=100, upload=50)


@pytest.fixture
def maria(fibra) -> Customer:
    customer = create_customer(
        name="María González",
        code="000101",
        document="30111222",
        address="San Martín 450",
        phones=["2612345678"],
    )
    Service.objects.create(customer=customer, plan=fibra, price=fibra.price, address="San Martín 450")
    for month in (9, 10, 11):
        bill(customer, month)
    for old in customer.invoices.filter(period__lt=date(2026, 11, 1)):
        old.status, old.balance = Invoice.Status.PAID, Decimal(0)
        old.save()
    return customer


def bill(customer: Customer, month: int, total: int = 18500) -> Invoice:
    return issue_invoice(
        customer=customer,
        concept=f"Fibra 100MB {month}/2026",
        total=Decimal(total),
        issued_on=date(2026, month, 1),
        due_on=date(2026, month, 10),
    )
