"""The ISP port over our own tables."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from backoffice.billing.local_isp import LocalIsp
from backoffice.company.selectors import today
from backoffice.customers.services import create_customer
from integrations.errors import NotFound
from integrations.isp.base import ClientStatus, HealthState, InvoiceStatus, IspSystem, ServiceStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> IspSystem:
    return LocalIsp()


def test_it_is_always_there(isp):
    assert isp.check().state is HealthState.OK
    assert isp.check().ok


@pytest.mark.parametrize(
    "search", [{"phone": "0261 15 234-5678"}, {"doc": "30.111.222"}, {"code": "101"}, {"code": "000101"}]
)
def test_maria_is_found_by_whatever_she_gives(isp, maria, search):
    [client] = isp.find_clients(**search)
    assert (client.id, client.name, client.phones) == (str(maria.pk), "María González", ("+5492612345678",))
    assert (client.status, client.balance_due, client.unpaid_count) == (ClientStatus.ACTIVE, Decimal(18500), 1)


def test_a_document_is_not_taken_for_a_code_nor_the_other_way_round(isp, maria):
    create_customer(name="Beto", code="30111222")
    assert [client.name for client in isp.find_clients(doc="30111222")] == ["María González"]
    assert [client.name for client in isp.find_clients(code="30111222")] == ["Beto"]


@pytest.mark.parametrize("search", [{"phone": "hola"}, {"doc": "9999999"}, {"code": ""}])
def test_nonsense_finds_nobody(isp, maria, search):
    assert isp.find_clients(**search) == []


@pytest.mark.parametrize("search", [{}, {"phone": "2612345678", "doc": "30111222"}])
def test_exactly_one_search_is_asked(isp, search):
    with pytest.raises(ValueError, match="exactly one"):
        isp.find_clients(**search)


def test_a_client_by_id(isp, maria):
    client = isp.get_client(str(maria.pk))
    assert client is not None
    assert client.code == "000101"
    assert isp.get_client("0") is None
    assert isp.get_client("abc") is None


def test_everybody_or_who_changed(isp, maria):
    create_customer(name="Beto")
    assert [client.name for client in isp.iter_clients()] == ["María González", "Beto"]
    assert list(isp.iter_clients(since=timezone.now() + timedelta(minutes=1))) == []
    assert len(list(isp.iter_clients(since=timezone.now() - timedelta(minutes=1)))) == 2


def test_services_invoices_and_plans(isp, maria, fibra):
    [service] = isp.services(str(maria.pk))
    assert (service.plan_name, service.status, service.price) == ("Fibra 100MB", ServiceStatus.ACTIVE, Decimal(18500))
    assert [invoice.due.month for invoice in isp.invoices(str(maria.pk))] == [11]
    assert [invoice.due.month for invoice in isp.invoices(str(maria.pk), unpaid_only=False)] == [9, 10, 11]
    assert [(plan.name, plan.down_kbps) for plan in isp.plans()] == [("Fibra 100MB", 100_000)]
    assert isp.payments(str(maria.pk)) == []


def test_an_unpaid_invoice_is_overdue_the_day_after(isp, maria):
    invoice = maria.invoices.get(status="unpaid")
    for days, status in ((0, InvoiceStatus.UNPAID), (1, InvoiceStatus.OVERDUE)):
        invoice.due_on = today() - timedelta(days=days)
        invoice.save()
        assert isp.invoices(str(maria.pk))[0].status is status


def test_the_invoices_document(isp, maria):
    invoice = isp.invoices(str(maria.pk))[0]
    assert isp.invoice_pdf(invoice.id).startswith(b"%PDF")
    with pytest.raises(NotFound):
        isp.invoice_pdf("0")


def test_searches_take_few_queries(isp, maria, django_assert_num_queries):
    with django_assert_num_queries(3):
        isp.find_clients(doc="30111222")
