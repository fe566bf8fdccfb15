"""«Contactos»: who wrote, found as a caller says their number, and taken along to a spreadsheet (OPEN-CNT-01…10)."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import AuditEvent, User
from backoffice.company.selectors import today
from backoffice.conversations.models import Contact, Conversation, Label
from backoffice.customers.services import create_customer
from backoffice.tickets import contacts, services
from tests.backoffice import desk
from tests.backoffice.panel.conftest import _nothing_kept, admin, signed_in, staff
from tests.cast import ANA, LUCIA, MARIA, Person
from tests.tables import ask, left

__all__ = ["_nothing_kept", "admin", "signed_in", "staff"]

LIST = "admin:conversations_contact_changelist"
EXPORT = "admin:conversations_contact_export"


@pytest.fixture
def people(channel) -> dict[str, Conversation]:
    """María, a customer, wrote today; Lucía, nobody's customer, two months ago."""
    chats = {"maria": desk.chat_of(channel, MARIA), "lucia": desk.chat_of(channel, LUCIA)}
    create_customer(name="María González de Paz", code="1001", phones=[MARIA.phone])
    Contact.objects.filter(phone_key=LUCIA.key).update(created_at=timezone.now() - timedelta(days=60))
    desk.writes(chats["maria"], "No me anda el wifi")
    desk.writes(chats["lucia"], "¿Llegan a Maipú?")
    chats["maria"].contact.labels.add(Label.objects.create(name="VIP"))
    return chats


def listed(client: Client, **asked: str) -> list[str]:
    """The names on the page, in its order."""
    page = client.get(reverse(LIST), asked)
    assert page.status_code == 200
    return [row.name for row in page.context["cl"].result_list]


def test_a_contact_tells_who_since_when_what_they_said_last_and_who_attends(admin, people, staff):
    ticket = desk.case(people["maria"])
    services.take_in_panel(ticket=ticket, user=staff("Agente", username="soto"))
    page = admin.get(reverse(LIST)).text
    row = page[page.index("María González") :]
    since = f"{today():%d/%m/%Y}"
    for told in ("María González de Paz", "+54 9 261 234-5678", since, "VIP", "No me anda el wifi", "Elena Soto"):
        assert told in row
    assert reverse("admin:panel_chat", args=[people["maria"].contact_id]) in row
    assert reverse("admin:panel_trash_contact", args=[people["maria"].contact_id]) in row


def test_the_newest_come_first_and_the_oldest_at_a_click(admin, people):
    assert listed(admin) == [MARIA.name, LUCIA.name]
    assert listed(admin, o="2") == [LUCIA.name, MARIA.name]
    assert listed(admin, o="-2") == [MARIA.name, LUCIA.name]


@pytest.mark.parametrize(
    "typed", ["261 15 234-5678", "+54 9 261 234 5678", "0261 15 2345678", "15 234-5678", "234-5678", "2345", "gonzález"]
)
def test_a_cellular_is_found_however_it_is_written(admin, people, typed):
    assert listed(admin, q=typed) == [MARIA.name]


def test_a_second_number_of_theirs_finds_them_too(admin, people, channel):
    work = Person("María (trabajo)", "5492614440000")
    contact = people["maria"].contact
    contact.addresses.create(channel=channel, kind="p", key=work.key, value=work.phone)
    assert listed(admin, q="261 15 444-0000") == [MARIA.name]


def test_it_is_filtered_by_label_by_date_and_by_whether_they_are_customers(admin, people):
    assert listed(admin, labels__id__exact=str(Label.objects.get().pk)) == [MARIA.name]
    assert listed(admin, cliente="no") == [LUCIA.name]
    assert listed(admin, cliente="si") == [MARIA.name]
    day = f"{today() - timedelta(days=60):%d/%m/%Y}"
    assert listed(admin, created_at_from=day, created_at_to=day) == [LUCIA.name]
    assert listed(admin, created_at_from="mañana", created_at_to="31/12/9999") == [MARIA.name, LUCIA.name]


def test_an_export_is_of_the_last_month_or_of_all_of_what_is_filtered_and_is_audited(admin, people):
    def names(**asked: Any) -> list[str]:
        return [row[1] for row in left(admin, "conversations_contact", **asked)]

    assert names() == ["nombre", MARIA.name], "the last month, unless something else is asked for"
    assert names(alcance="todos") == ["nombre", MARIA.name, LUCIA.name]
    assert names(alcance="todos", query={"q": "777"}) == ["nombre", LUCIA.name]
    told = AuditEvent.objects.values_list("text", flat=True)[:2]
    assert list(told) == ["Exportó 1 fila de contactos (todos)", "Exportó 2 filas de contactos (todos)"]
    assert admin.get(reverse(EXPORT), {"nadie": "x"}).status_code == 302


def test_no_cell_is_run_by_a_spreadsheet_and_excel_opens_it(admin, people):
    Contact.objects.filter(phone_key=MARIA.key).update(name="=HYPERLINK(1)\x01")
    answer = ask(admin, "conversations_contact", formato="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    header, row = book.active.iter_rows(values_only=True)
    assert header[:3] == ("alta", "nombre", "celular")
    assert row[0].date() == today()
    assert row[1:5] == ("'=HYPERLINK(1)", "261 234-5678", "VIP", "María González de Paz (1001)")


def test_exporting_and_erasing_are_permissions_of_their_own(signed_in: Callable[..., Client], people):
    agent = signed_in("Agente")
    page = agent.get(reverse(LIST)).text
    assert "María González" in page
    assert "Exportar" not in page
    assert "/borrar/" not in page
    assert agent.get(reverse(EXPORT)).status_code == 403
    supervisor = signed_in("Supervisor", username="ana")
    assert supervisor.get(reverse(EXPORT)).status_code == 200
    assert supervisor.get(reverse("admin:panel_forget_contact", args=[people["maria"].contact_id])).status_code == 403


def test_whoever_may_not_see_customers_is_not_told_whose_they_are(people):
    shown = contacts.facts_of([people["maria"].contact])
    hidden = contacts.facts_of([people["maria"].contact], customers=False)
    assert [row.code for row in shown[people["maria"].contact_id].customers] == ["1001"]
    assert hidden[people["maria"].contact_id].customers == ()


def test_twenty_thousand_are_read_a_page_at_a_time_by_the_index_of_their_date(admin, people):
    """The page's own question walks the dates, newest first: it neither sorts everybody nor reads them all."""
    Contact.objects.bulk_create(Contact(name=f"Persona {number}") for number in range(30))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as asked:
        admin.get(reverse(LIST))
    pages = [one["sql"] for one in asked if 'FROM "conversations_contact"' in one["sql"] and "LIMIT 26" in one["sql"]]
    assert pages
    for sql in pages:
        with connection.cursor() as cursor:
            cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
            told = "\n".join(str(row) for row in cursor.fetchall())
        assert re.search(r"conversations_contact_created_at\w*", told), told
        assert "TEMP B-TREE" not in told


# --- «Borrar» ------------------------------------------------------------------------------------


def test_the_page_says_what_goes_and_what_stays_and_asks_for_the_last_four_digits(admin, people):
    url = reverse("admin:panel_forget_contact", args=[people["maria"].contact_id])
    page = admin.get(url).text
    assert "La ficha del cliente María González de Paz (1001)" in page
    assert "El texto de 1 mensaje" in page
    wrong = admin.post(url, {"numero": "1234", "motivo": "pedido"})
    assert "los últimos cuatro números" in wrong.text
    assert 'value="1234"' in wrong.text
    assert "Elegí el motivo" in admin.post(url, {"numero": "5678"}).text
    assert Contact.objects.filter(anonymised_at__isnull=False).count() == 0
    done = admin.post(url, {"numero": "5678", "motivo": "pedido"}, follow=True)
    assert "ya no están" in done.text
    assert listed(admin) == [LUCIA.name]
    assert admin.get(url).status_code == 404
    assert "María González" not in admin.get(reverse("admin:panel_chats")).text
    assert "Contacto anonimizado" in admin.get(reverse("admin:panel_chat", args=[people["maria"].contact_id])).text


def test_while_a_case_is_open_the_page_says_so_and_offers_nothing(admin, people):
    desk.case(people["maria"])
    url = reverse("admin:panel_forget_contact", args=[people["maria"].contact_id])
    page = admin.get(url).text
    assert "Tiene un caso abierto: cerralo primero." in page
    assert "Borrar para siempre" not in page


def test_whoever_hides_their_number_is_confirmed_by_a_word(admin, channel):
    contact = Contact.objects.create(name=ANA.name)
    url = reverse("admin:panel_forget_contact", args=[contact.pk])
    assert "la palabra BORRAR" in admin.post(url, {"numero": "", "motivo": "error"}).text
    assert admin.post(url, {"numero": "borrar", "motivo": "error"}).status_code == 302
    assert AuditEvent.objects.latest("pk").who == User.objects.get(username="admin2")
