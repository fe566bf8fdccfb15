"""The list with its filters, «+», «Editar», the PDF and the spreadsheet, for whoever sells (OPEN-ORD-02…07, 17, 18)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.company.selectors import today
from backoffice.sales import services
from backoffice.sales.models import Branch, SalesOrder
from tests.backoffice.billing.test_pdf import words
from tests.cast import ANA, LUCIA, MARIA, Person
from tests.tables import left

LIST = "/panel/sales/salesorder/"
States = SalesOrder.State


@pytest.fixture
def seller(sofia: User) -> Client:
    cache.clear()
    client = Client()
    client.force_login(sofia)
    return client


def edit(order: SalesOrder) -> str:
    return reverse("admin:sales_salesorder_change", args=[order.pk])


def page(name: str, order: SalesOrder) -> str:
    return reverse(f"admin:{name}", args=[order.pk])


def shown(client: Client, **filters: str) -> set[int]:
    answer = client.get(LIST, filters)
    assert answer.status_code == 200
    return {order.number for order in answer.context["cl"].result_list}


def test_each_header_filters_its_column(seller, order, sofia):
    maria, lucia, ana = order(MARIA), order(LUCIA), order(ANA, at=timezone.now() - timedelta(days=3))
    centro = Branch.objects.create(name="Centro")
    services.edit_order(order=lucia, by=sofia, values={"branch": centro}, state=States.INVOICED)
    every = {maria.number, lucia.number, ana.number}
    yesterday = f"{today() - timedelta(days=1):%Y-%m-%d}"
    told: list[tuple[dict[str, str], set[int]]] = [
        ({}, every),
        ({"estado": "facturado"}, {lucia.number}),
        ({"estado": "abiertos"}, {maria.number, ana.number}),
        ({"sucursal": str(centro.pk)}, {lucia.number}),
        ({"sucursal": "ninguna", "desde": yesterday}, {maria.number}),
        ({"hasta": yesterday}, {ana.number}),
        ({"numero": f"#{maria.number}"}, {maria.number}),
        ({"celular": "0261 15 234-5678"}, {maria.number}),
        ({"celular": "777"}, {lucia.number}),
        ({"contacto": "lucía"}, {lucia.number}),
        ({"numero": "abc"}, set()),
        ({"estado": "nada", "sucursal": "²", "desde": "2026-02-31", "hasta": "ayer"}, every),
    ]
    for filters, wanted in told:
        assert shown(seller, **filters) == wanted, filters


def test_behind_plus_is_asked_for_when_it_is_opened_and_the_list_costs_the_same(seller, order):
    def cost(url: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert seller.get(url).status_code == 200
        return len(asked)

    first = order(MARIA, finished=True, subject="Contratar", data=(("Dirección", "Belgrano 1450"),))
    few, one = cost(LIST), cost(page("panel_order_detail", first))
    for number in range(20):
        order(Person(f"Persona {number}", f"54926155501{number:02}"))
    assert cost(LIST) == few
    assert cost(page("panel_order_detail", first)) == one
    listed = seller.get(LIST).text
    assert f"Editar el pedido {first.number}" in listed
    assert "Belgrano 1450" not in listed
    assert "Belgrano 1450" in seller.get(page("panel_order_detail", first)).text


def test_sofia_edits_an_order_and_attends_it(seller, order):
    one = order()
    data = {"amount": "18500.50", "payment": "efectivo", "comments": "llamar de tarde", "move_to": "en_proceso"}
    assert seller.post(edit(one), data).status_code == 302
    one.refresh_from_db()
    assert (str(one.amount), one.payment, one.state) == ("18500.50", "efectivo", States.IN_PROCESS)
    text = seller.get(edit(one)).text
    assert "Sofía Molina" in text
    assert "Monto: — → <b>$ 18.500,50</b>" in text


def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(seller, order, sofia):
    one = order()
    wrong = seller.post(edit(one), {"amount": "-1", "comments": "mucho texto"})
    assert "El monto no puede ser negativo." in wrong.text
    assert "mucho texto" in wrong.text
    services.edit_order(order=one, by=sofia, state=States.CANCELLED)
    late = seller.post(edit(one), {"comments": "lo atiendo", "move_to": "en_proceso"})
    assert "El pedido ya terminó como «Cancelado»: su estado no cambia más." in late.text
    assert "lo atiendo" in late.text
    assert not SalesOrder.objects.filter(comments="lo atiendo").exists()


def test_the_paper_tells_it_whole_over_as_many_pages_as_it_takes(seller, order, sofia):
    one = order(finished=True, subject="Contratar", data=(("Dirección", "Belgrano 1450"),))
    values = {"payment": "transferencia", "comments": "Muy apurada.\n" * 80}
    services.edit_order(order=one, by=sofia, values=values, state=States.RESOLVED)
    answer = seller.get(page("panel_order_pdf", one))
    assert f"Pedido {one.number}.pdf" in answer.headers["Content-Disposition"]
    whole = words(answer.content)
    assert "Página 2" in whole
    for told in (f"N° {one.number}", "RESUELTO", "María González", "Belgrano 1450", "Transferencia", "Sofía Molina"):
        assert told in whole, told


def test_the_spreadsheet_has_what_the_list_shows_and_runs_nothing(seller, order, sofia):
    one, _other = order(MARIA), order(LUCIA)
    services.edit_order(order=one, by=sofia, values={"comments": "=1+1"}, state=States.INVOICED)
    header, *rows = left(seller, "sales_salesorder", query={"estado": "facturado"})
    assert len(rows) == 1
    told = dict(zip(header, rows[0], strict=True))
    assert (told["celular"], told["comentarios"]) == ("261 234-5678", "'=1+1")


def test_the_search_of_everything_finds_an_order_by_number_and_mobile(seller, order):
    one = order()
    for term in (str(one.number), f"pedido {one.number}", "2612345678"):
        assert f"Pedido N° {one.number}" in seller.get("/panel/search/", {"s": term, "extended": "1"}).text, term


def test_who_only_looks_changes_nothing(order, viewer: Callable[[], Client]):
    one = order()
    client = viewer()
    assert "Editar" not in client.get(LIST).text
    assert client.get(edit(one)).status_code == 200
    assert client.post(edit(one), {"comments": "x", "move_to": "facturado"}).status_code == 403
    assert SalesOrder.objects.get().state == States.INCOMPLETE


@pytest.fixture
def viewer(db: None) -> Callable[[], Client]:
    from django.contrib.auth.models import Permission

    def enter() -> Client:
        user = User.objects.create_user("mira", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_salesorder"))
        client = Client()
        client.force_login(user)
        return client

    return enter
