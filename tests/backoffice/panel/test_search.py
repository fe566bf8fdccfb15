"""Whatever a list or Ctrl-K finds is there, is as it is now, and is for the eyes of whoever asks."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.accounts.prepare import prepare as roles
from backoffice.billing.models import Invoice
from backoffice.common import prepare, tasks, worker
from backoffice.common.models import Job, SearchDirty, SearchEntry
from backoffice.common.search import entries, kind_of, triggers
from backoffice.company.selectors import today
from backoffice.conversations.models import Contact
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.safekeeping.services import anonymise
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.cast import LUCIA, MARIA
from tests.security.world import member

CUSTOMERS, TICKETS, CONTACTS = "/panel/customers/customer/", "/panel/tickets/ticket/", "/panel/conversations/contact/"
Finds = Callable[..., bool]


@pytest.fixture
def maria(db: None) -> Customer:
    """A customer with a phone, who wrote and has a case."""
    channel = desk.open_for_business()
    customer = Customer.objects.create(
        code="000123", name=MARIA.name, document="27301112224", address="Pasaje Ñandú 450"
    )
    CustomerPhone.objects.create(customer=customer, number=f"+{MARIA.phone}", key=MARIA.key)
    chat = desk.chat_of(channel)
    Ticket.objects.create(
        number=4321, contact=chat.contact, conversation=chat, customer=customer, subject="Corte de fibra"
    )
    return customer


@pytest.fixture
def clients(db: None) -> Callable[[str], Client]:
    roles()

    def enter(role: str) -> Client:
        client = Client()
        client.force_login(member(role, username=role.lower()))
        return client

    return enter


def everywhere(client: Client, typed: str) -> str:
    return client.get("/panel/search/", {"s": typed, "extended": "1"}).text


def of_list(client: Client, place: str, typed: str) -> str:
    return client.get(place, {"q": typed}).text


def link(row: Customer) -> str:
    return f"{CUSTOMERS}{row.pk}/change/"


# --- lists ---


@pytest.mark.parametrize("typed", ["nandu 450", "0261 15 234-5678", "30.111.222", "123", "GONZ mar"])
def test_a_list_finds_a_customer_by_whatever_they_say(maria, clients, typed):
    Customer.objects.create(code="000999", name="Otra Persona", address="Belgrano 7")
    page = of_list(clients("Administrador"), CUSTOMERS, typed)
    assert link(maria) in page
    assert "Otra Persona" not in page


def test_a_search_goes_with_the_filters(maria, clients):
    admin = clients("Administrador")
    Customer.objects.create(code="2", name="María de Baja", status="retired")
    page = admin.get(CUSTOMERS, {"q": "maria", "status__exact": "retired"}).text
    assert "María de Baja" in page
    assert link(maria) not in page


@pytest.mark.parametrize("typed", ["4321", "#4321", "fibra cor", "gonzalez", "2612345678"])
def test_a_list_finds_a_case_by_its_number_its_subject_and_whose_it_is(maria, clients, typed):
    assert "#4321" in of_list(clients("Administrador"), TICKETS, typed)


@pytest.mark.parametrize("common", [2, 500])
def test_what_is_found_very_often_is_looked_for_among_the_rows(maria, clients, monkeypatch, common):
    monkeypatch.setattr("backoffice.common.search.matching.MANY", 2)
    monkeypatch.setattr("backoffice.common.search.matching.COMMON", common)
    Customer.objects.bulk_create(Customer(code=f"b{n}", name=f"María {n}") for n in range(30))
    Customer.objects.create(code="x", name="Zoe")
    admin = clients("Administrador")
    first, second = admin.get(CUSTOMERS, {"q": "mari"}), admin.get(CUSTOMERS, {"q": "mari", "p": "2"})
    assert len(first.context["cl"].result_list) == 25
    assert first.context["cl"].result_count == 31
    assert len(second.context["cl"].result_list) == 6
    few = admin.get(CUSTOMERS, {"q": "mari", "status__exact": "suspended"})
    assert few.context["cl"].result_count == 0


# --- kept true ---


def found(typed: str, client: Client, place: str = CUSTOMERS) -> bool:
    return "No se encontró nada" not in of_list(client, place, typed)


def test_a_change_by_hand_in_the_database_is_found_and_a_deletion_is_not(maria, clients):
    admin = clients("Administrador")
    assert found("nandu", admin)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET name = 'Zulma Iturbe' WHERE id = %s", [maria.pk])
    assert found("iturbe", admin)
    assert not found("gonzalez", admin)
    assert found("iturbe", admin, TICKETS)  # by whose they are
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_customerphone")
    assert not found("2612345678", admin)
    Ticket.objects.update(customer=None)
    Customer.objects.all()._raw_delete("default")
    assert not SearchEntry.objects.filter(pk=kind_of(Customer).base + maria.pk).exists()
    assert "Zulma" not in everywhere(admin, "iturbe")


def test_what_comes_in_bulk_is_found(maria, clients):
    plan = desk_plan()
    people = Customer.objects.bulk_create(Customer(code=f"b{n}", name=f"Persona {n}") for n in range(3))
    Service.objects.bulk_create(
        Service(customer=one, plan=plan, price=1, address=f"Chacabuco {n}") for n, one in enumerate(people)
    )
    assert link(people[2]) in of_list(clients("Administrador"), CUSTOMERS, "chacabuco 2")


def desk_plan():
    from backoffice.catalog.models import Plan

    return Plan.objects.create(name="Fibra 100", price=18500, download=100, upload=100)


def test_a_message_that_comes_in_marks_nothing(maria):
    entries.drain_all()
    Contact.objects.update(last_seen_at=timezone.now())
    Contact.objects.get(phone_key=MARIA.key).save()
    Ticket.objects.update(announced_at=timezone.now(), sentiment="enojado")
    assert not SearchDirty.objects.exists()
    assert Contact.objects.filter(phone_key=MARIA.key).update(name="María G.") == 1  # also with triggers, one row
    assert SearchDirty.objects.count() == 2  # she and her case


def test_the_worker_makes_findable_what_nobody_has_looked_for(maria, monkeypatch):
    tasks.look_for_changes(timezone.now())
    assert not SearchDirty.objects.exists()
    assert not Job.objects.exists()
    assert "2612345678" in SearchEntry.objects.get(pk=kind_of(Customer).base + maria.pk).text
    monkeypatch.setattr(entries, "AT_ONCE", 3)
    monkeypatch.setattr(tasks, "A_FEW", 1)
    Customer.objects.bulk_create(Customer(code=f"b{n}", name=f"Persona {n}") for n in range(10))
    for _ in range(2):
        tasks.look_for_changes(timezone.now())
    assert worker.work() is False
    assert Job.objects.get(kind=entries.JOB).state == "done"
    assert not SearchDirty.objects.exists()
    assert SearchEntry.objects.filter(text__contains=" persona").count() == 10


def test_while_all_is_made_again_a_list_looks_by_itself(maria, clients):
    entries.drain_all()
    SearchEntry.objects.all().delete()
    ghost = SearchEntry.objects.create(id=kind_of(Customer).base + 999, title="Nadie", text=" nadie")
    SearchDirty.objects.create(kind=entries.EVERYTHING, object_id=0)
    admin = clients("Administrador")
    assert found("González", admin)
    tasks.look_for_changes(timezone.now())
    assert worker.work() is False
    assert not SearchDirty.objects.exists()
    assert Job.objects.get(kind=entries.JOB).payload["done"] > 0
    assert not SearchEntry.objects.filter(pk=ghost.pk).exists()
    assert found("gonzalez", admin)


def test_every_trigger_is_there_and_one_that_is_lost_comes_back(db):
    assert triggers.missing() == []
    name = next(iter(triggers.watches())).name
    table = next(iter(triggers.watches())).table
    with connection.cursor() as cursor:
        on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "{name}"{on}')
    assert triggers.missing() == [name]
    prepare.prepare()
    assert triggers.missing() == []
    assert triggers.install() is False


def test_nobody_finds_a_person_who_was_forgotten(maria, clients):
    entries.drain_all()
    Ticket.objects.update(state="cerrado")
    contact = Contact.objects.get(phone_key=MARIA.key)
    admin = User.objects.create_user("elena", is_staff=True)
    anonymise(contact=contact, by=admin, reason="pedido", looked={})
    kept = SearchEntry.objects.exclude(pk=kind_of(Customer).base + maria.pk)
    assert not kept.filter(text__contains="gonzalez").exists()  # before anybody searches
    entries.drain_all()
    assert not kept.filter(text__contains="gonzalez").exists()
    assert found("4321", clients("Administrador"), TICKETS)


# --- everywhere ---


@pytest.mark.parametrize("typed", ["mar gonz", "+54 9 261 234-5678", "27-30111222-4", "ñandú", "cliente 123"])
def test_ctrl_k_finds_a_customer(maria, clients, typed):
    assert link(maria) in everywhere(clients("Administrador"), typed)


def test_ctrl_k_finds_screens_and_settings_by_their_old_names(clients):
    admin = clients("Administrador")
    for typed, told in {
        "ajustes generales": "Datos de la empresa",
        "configuracion": "Usuarios",
        "omnichat": "Conversaciones",
        "cbu": "CBU o CVU",
        "horario": "Horarios de atención",
        "mora": "Facturas",
        "burbuja": "Textos del bot",
    }.items():
        assert told in everywhere(admin, typed), typed


def test_what_is_common_leaves_room_for_the_rest_and_twenty_are_enough(maria, clients):
    Customer.objects.bulk_create(Customer(code=f"b{n}", name=f"Fibra {n}") for n in range(40))
    day = today()
    Invoice.objects.create(
        number="0001-00000012", customer=maria, concept="Fibra", period=day, issued_on=day, due_on=day,
        total=1, balance=1,
    )  # fmt: skip
    page = everywhere(clients("Administrador"), "fibra")
    assert page.count("data-title") <= 20
    assert "#4321" in page


def test_who_may_not_see_customers_finds_none(maria, clients):
    seller = Client()
    seller.force_login(member(username="nadie"))
    for typed in ("gonzalez", "2612345678", "30111222", "4321"):
        page = everywhere(seller, typed)
        assert MARIA.name not in page
        assert "#4321" not in page


def test_a_permission_that_is_taken_away_counts_at_once(maria, clients):
    client = clients("Administrador")
    assert MARIA.name in everywhere(client, "gonzalez")
    User.objects.get(username="administrador").groups.clear()
    assert MARIA.name not in everywhere(client, "gonzalez")


def test_agents_are_not_contacts_to_whoever_looks_for_people(maria, clients):
    Contact.objects.create(name=LUCIA.name, phone=f"+{LUCIA.phone}", phone_key=LUCIA.key)
    assert LUCIA.name in everywhere(clients("Administrador"), LUCIA.key)
    assert found(f"0{LUCIA.key}", clients("Supervisor"), CONTACTS)


@pytest.mark.parametrize("typed", ["\x00", "'", '"', "a" * 5000, "%", "* OR 1", "k1xa", "() AND", "²٣😀", "-"])
def test_odd_words_find_nothing_and_break_nothing(maria, clients, typed):
    client = clients("Administrador")
    assert client.get("/panel/search/", {"s": typed, "extended": "1"}).status_code == 200
    assert client.get(CUSTOMERS, {"q": typed}).status_code == 200
