"""Charges: their numbers, what is refused, and the account that the bot tells."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.billing.models import Invoice
from backoffice.billing.selectors import Account, accounts
from backoffice.billing.services import issue_invoice
from backoffice.common.errors import DomainError
from backoffice.customers.models import Service
from backoffice.customers.services import create_customer
from tests.backoffice.billing.conftest import bill

pytestmark = pytest.mark.django_db


def test_numbers_follow_each_other(maria):
    assert list(maria.invoices.order_by("id").values_list("number", flat=True)) == [
        "0001-00000001",
        "0001-00000002",
        "0001-00000003",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"concept": " "}, "concept"), ({"total": Decimal(0)}, "total"), ({"due_on": date(2026, 10, 31)}, "due_on")],
)
def test_a_wrong_charge_is_refused_and_takes_no_number(maria, change, field):
    good = {"concept": "Fibra", "total": Decimal(1), "due_on": date(2026, 11, 10), "issued_on": date(2026, 11, 1)}
    with pytest.raises(DomainError) as refused:
        issue_invoice(customer=maria, **(good | change))
    assert refused.value.field == field
    assert bill(maria, 12).number == "0001-00000004"


def test_the_account_says_what_is_owed_oldest_first(maria):
    bill(maria, 8, 1000)
    account = accounts([maria.pk])[maria.pk]
    assert [(row.due_on.month, row.balance) for row in account.unpaid] == [(8, Decimal(1000)), (11, Decimal(18500))]
    assert account.debt == Decimal("19500.00")
    assert [row.period.month for row in account.recent] == [11, 10, 9, 8]
    assert account.last_invoice_id == maria.invoices.get(period=date(2026, 11, 1)).pk
    assert [(row.plan, row.suspended) for row in account.services] == [("Fibra 100MB", False)]


def test_void_invoices_and_cancelled_services_are_not_told(maria):
    maria.invoices.update(status=Invoice.Status.VOID)
    maria.services.update(status=Service.Status.CANCELLED)
    assert accounts([maria.pk]) == {maria.pk: Account()}


def test_the_last_year_is_enough(maria):
    for year in (2024, 2025):
        for month in range(1, 13):
            day = date(year, month, 1)
            issue_invoice(customer=maria, concept="Fibra", total=Decimal(1), issued_on=day, due_on=day)
    assert len(accounts([maria.pk])[maria.pk].recent) == 12


def test_sixteen_accounts_take_three_queries(maria, fibra, django_assert_num_queries):
    others = [create_customer(name=f"Vecino {n}") for n in range(15)]
    for other in others:
        bill(other, 11)
        Service.objects.create(customer=other, plan=fibra, price=fibra.price)
    with django_assert_num_queries(3):
        found = accounts([maria.pk, *(other.pk for other in others)])
    assert len(found) == 16
    assert all(account.debt == Decimal(18500) for account in found.values())


def test_nobody_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert accounts([]) == {}
