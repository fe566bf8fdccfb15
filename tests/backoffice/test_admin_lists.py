"""Every list of the panel: opens empty and full, in a number of queries that does not grow with its rows."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.accounts.prepare import prepare
from backoffice.billing.models import Invoice
from backoffice.catalog.models import Faq, Plan, Promotion, Zone
from backoffice.channels.models import Channel
from backoffice.common import deleting
from backoffice.common.models import Job
from backoffice.common.search import entries
from backoffice.company.models import Holiday, PointOfSale
from backoffice.connections.models import CallLog, Connection
from backoffice.conversations.models import Label
from backoffice.conversations.services import queue_message
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.mail.models import OutgoingMail
from backoffice.network import services as network
from backoffice.network.models import Deposit, Item, NapBox, NapPort, Olt, Supply
from backoffice.network.services.stock import Destination
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.panel.tick import tick
from backoffice.sales.models import Branch, SalesOrder
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.cast import Person

COLD, WARM = 14, 12  # queries of a page; two of a first look are kept for seconds
LISTS = [model for model, admin in site._registry.items() if not hasattr(model, "load")]


@pytest.fixture
def admin(db: None) -> Client:
    prepare()
    cache.clear()
    user = User.objects.create_user("elena", is_staff=True)
    user.groups.set([Group.objects.get(name="Administrador")])
    client = Client()
    client.force_login(user)
    return client


def _list_of(model: type) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _fill(count: int, start: int) -> None:
    """`count` more rows in every list."""
    day = date(2026, 11, 1)
    for number in range(start, start + count):
        zone = Zone.objects.create(name=f"Zona {number}")
        plan = Plan.objects.create(name=f"Fibra {number}", price=Decimal(18500), download=100, upload=100)
        customer = Customer.objects.create(code=f"{number:06d}", name=f"Cliente {number}", zone=zone)
        CustomerPhone.objects.create(customer=customer, number=f"+54926155{number:05d}", key=f"26155{number:05d}")
        service = Service.objects.create(customer=customer, plan=plan, price=plan.price)
        _wire(number, zone, service)
        Invoice.objects.create(
            number=f"0001-{number:08d}", customer=customer, concept="Abono", period=day, issued_on=day, due_on=day,
            total=Decimal(18500), balance=Decimal(18500),
        )  # fmt: skip
        Faq.objects.create(area="support", category="Internet", question=f"¿Pregunta {number}?", answer="Sí")
        plan.zones.set([zone])
        promotion = Promotion.objects.create(name=f"Promo {number}", installation_discount=Decimal(10), starts_on=day)
        promotion.zones.set([zone])
        promotion.plans.set([plan])
        PointOfSale.objects.create(number=number + 1)
        Holiday.objects.create(date=day + timedelta(days=number), name="Feriado")
        deleting.delete(Holiday.objects.create(date=day - timedelta(days=number + 1), name="Asueto"))
        Job.objects.create(kind="main_group", owner="worker", subject=f"group:{number}")
        channel = Channel.objects.create(name=f"Canal {number}", kind="simulator")
        gateway = Gateway.objects.create(name=f"Gateway {number}", slug=f"gateway-{number}", channel=channel)
        user = User.objects.create_user(f"persona{number}", is_staff=True)
        connection = Connection.objects.create(kind="isp", provider="mikrowisp", name=f"MikroWisp {number}")
        CallLog.objects.create(
            connection=connection, name=connection.name, provider="mikrowisp", what="Probar", ms=9, result="ok", by=user
        )
        user.groups.set(Group.objects.all()[:2])
        OutgoingMail.objects.create(kind="trial", to="ana@fibrasur.com.ar", subject="Prueba", message_id=f"<{number}>")
        audit.note(audit.Kind.USER, f"Creó el usuario de persona{number}", by=user)
        chat = desk.chat_of(channel, Person(f"María {number}", f"549261{number:07d}"))
        chat.contact.labels.add(Label.objects.create(name=f"Etiqueta {number}"))
        GatewayNotice.objects.create(
            gateway=gateway, phone_raw="261", phone_key=f"{number:07d}", text="Tu factura", due_at=None, state="queued",
            queued_at=timezone.now(), message=queue_message(conversation=chat, author="system", text="Tu factura"),
        )  # fmt: skip
        branch = Branch.objects.create(name=f"Sucursal {number}")
        SalesOrder.objects.create(
            number=number + 1, contact=chat.contact, customer=customer, branch=branch, plan=plan, subject="Contratar"
        )
        Ticket.objects.create(
            number=number + 1, contact=chat.contact, conversation=chat, customer=customer, subject="Sin internet"
        )


def _wire(number: int, zone: Zone, service: Service) -> None:
    """The service's port, its ONU, its seal and some cable."""
    olt = network.save_olt(olt=Olt(name=f"OLT {number}", pon_count=1))
    box = network.save_box(box=NapBox(name=f"NAP-{number}", zone=zone, pon=olt.pons.get(), capacity=1))
    network.connect(port=NapPort.objects.get(box=box), service=service)
    deposit = Deposit.objects.create(name=f"Depósito {number}")
    onu = Item.objects.create(name=f"ONU {number}", kind="onu")
    units = network.add_units(item=onu, serials=f"HWTC{number:05d}", deposit=deposit)
    network.move_units(units=units, to=Destination("installed", service=service))
    cable = Item.objects.create(name=f"Cable {number}", kind="cable", measure="metres")
    Supply.objects.create(item=cable, deposit=deposit)
    network.receive_seals(first=f"Z{number + 1}", last="")
    network.use_seal(code=f"Z{number + 1}", service=service, technician=User.objects.first())


def test_every_list_opens_empty_and_says_what_to_do(admin: Client) -> None:
    for model in LISTS:
        page = admin.get(_list_of(model))
        assert page.status_code == 200, model
        if model is not User:
            assert site._registry[model].empty_state in page.text, model


@pytest.mark.once
def test_every_list_makes_the_same_queries_whatever_its_rows(admin: Client) -> None:
    _fill(2, start=0)
    few = {model: _queries(admin, model) for model in LISTS}
    _fill(10, start=2)  # more than a page has to be counted, too
    many = {model: _queries(admin, model) for model in LISTS}
    assert many == few
    assert max(many.values()) <= COLD


@pytest.mark.once
def test_no_list_makes_more_than_twelve_queries_nor_does_its_search(admin: Client, settings: Any) -> None:
    """With more than a page of rows, in a panel that was looked at some seconds ago."""
    settings.PANEL_TICK = 60
    tick.forget()
    _fill(28, start=0)
    entries.drain_all()
    for model in LISTS:
        admin.get(_list_of(model))
        for asked in ({"p": "2"}, {"q": "cliente"}):
            with CaptureQueriesContext(connection) as queries:
                admin.get(_list_of(model), asked)
            assert len(queries) <= WARM, (model, asked, "\n".join(one["sql"][:160] for one in queries))


def _queries(admin: Client, model: type) -> int:
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert admin.get(_list_of(model)).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_every_row_and_every_new_one_opens(admin: Client, model: type) -> None:
    _fill(1, start=0)
    row = model._default_manager.order_by("-pk").first()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    change = admin.get(reverse(f"{name}_change", args=[row.pk]), follow=True)
    assert change.status_code == 200
    add = admin.get(reverse(f"{name}_add"))
    assert add.status_code in (200, 403)
    if add.status_code == 200:
        assert admin.get(reverse(f"{name}_history", args=[row.pk])).status_code == 200


def test_a_search_finds_by_what_a_caller_says(admin: Client) -> None:
    _fill(3, start=0)
    for term in ("000001", "2615500001"):
        page = admin.get(_list_of(Customer), {"q": term}).text
        assert "Cliente 1" in page
        assert "Cliente 2" not in page
    assert "No se encontró nada" in admin.get(_list_of(Customer), {"q": "zzz"}).text


def test_the_list_of_tickets_is_filtered_by_open_ones(admin: Client) -> None:
    _fill(2, start=0)
    Ticket.objects.filter(number=1).update(state="cerrado")
    page = admin.get(_list_of(Ticket), {"estado": "abiertos"}).text
    assert "#2" in page
    assert "#1<" not in page


def test_a_customer_shows_what_they_owe(admin: Client) -> None:
    _fill(1, start=0)
    assert "$ 18.500,00" in admin.get(_list_of(Customer)).text


def test_a_phone_is_kept_in_one_form_and_once(admin: Client) -> None:
    customer = Customer.objects.create(code="1", name="María González")
    url = reverse("admin:customers_customer_change", args=[customer.pk])
    data = _customer_form(admin.get(url).context, ["0261 15 234-5678", "+54 9 261 234 5678"])
    assert "Este teléfono está repetido" in admin.post(url, data).text
    data = _customer_form(admin.get(url).context, ["0261 15 234-5678"])
    assert admin.post(url, data).status_code == 302
    phone = customer.phones.get()
    assert (phone.number, phone.key) == ("+5492612345678", "2612345678")


def _customer_form(context: dict, phones: list[str]) -> dict[str, str]:
    data = {"name": "María González", "code": "1", "status": "active"}
    for formset in context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        rows = len(phones) if prefix == "phones" else 0
        data |= {f"{prefix}-TOTAL_FORMS": str(rows), f"{prefix}-INITIAL_FORMS": "0"}
    return data | {f"phones-{index}-number": phone for index, phone in enumerate(phones)}


def test_a_date_that_does_not_exist_is_refused_with_its_reason(admin: Client) -> None:
    add = reverse("admin:company_holiday_add")
    answer = admin.post(add, {"date": "2024-13-01", "name": "Nada"})
    assert "no hay un mes 13" in answer.text
    assert 'value="2024-13-01"' in answer.text
    assert admin.post(add, {"date": "2026-12-25", "name": "Navidad"}).status_code == 302
    assert "Ese día ya está cargado" in admin.post(add, {"date": "25/12/2026", "name": "Otra"}).text
    assert Holiday.objects.get().date == date(2026, 12, 25)


def test_a_new_customer_gets_the_next_number_and_a_wrong_document_is_told(admin: Client) -> None:
    add = reverse("admin:customers_customer_add")
    data = _customer_form(admin.get(add).context, []) | {"code": ""}
    assert "DNI tiene 7 u 8" in admin.post(add, data | {"document": "123"}).text
    assert admin.post(add, data | {"document": "30.111.222"}).status_code == 302
    customer = Customer.objects.get()
    assert (customer.document, bool(customer.code)) == ("30111222", True)


def test_a_new_invoice_takes_the_next_number_and_owes_it_all(admin: Client) -> None:
    customer = Customer.objects.create(code="1", name="María González")
    add = reverse("admin:billing_invoice_add")
    data = {"customer": customer.pk, "concept": "Abono de noviembre", "period": "2026-11-01", "issued_on": "2026-11-01"}
    late = admin.post(add, data | {"due_on": "2026-10-01", "total": "18500"})
    assert "no puede ser anterior" in late.text
    assert "tiene que ser mayor que cero" in admin.post(add, data | {"due_on": "2026-11-10", "total": "0"}).text
    assert admin.post(add, data | {"due_on": "2026-11-10", "total": "18500"}).status_code == 302
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.balance, invoice.status) == ("0001-00000001", Decimal(18500), "unpaid")
