"""An agenda comes in to «Contactos»: whose each cellular is, what changes, and what undoing leaves (OPEN-CNT-09/10)."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import AuditEvent, User
from backoffice.channels.models import Channel
from backoffice.common.importing.models import Import
from backoffice.common.services import imports
from backoffice.company.models import Company
from backoffice.conversations.models import Contact, ContactAddress, Conversation, Label, Message
from backoffice.conversations.services import LABELS_LIMIT, NOTES_LIMIT
from backoffice.safekeeping.models import TrashItem
from backoffice.safekeeping.services import Reason, anonymise, trash_contact
from backoffice.tickets import contacts
from backoffice.tickets.merging import merge_contacts
from tests.backoffice import desk
from tests.backoffice.panel.conftest import _nothing_kept, admin, signed_in, staff
from tests.backoffice.sheets import bring, counts, errors, excel, imported, last, outcomes, undone
from tests.cast import ANA, JUAN, LUCIA, MARIA
from tests.story import StoryHere
from tests.tables import left

__all__ = ["_nothing_kept", "admin", "signed_in", "staff"]

CONTACTS = "conversations_contact"
HEAD = "celular;nombre;etiquetas;notas;no quiere avisos\n"
AGENDA = f"{HEAD}261 234-5678;María González;VIP, Obra nueva;Tiene dos perros;no\n0261 15 555-0101;Juan Pérez;;;sí\n"


@pytest.fixture(autouse=True)
def area(db: None, request: pytest.FixtureRequest) -> None:
    """The company is of Mendoza; that of the stories has its own."""
    if "story" not in request.fixturenames:
        Company.load()
        Company.objects.update(default_area_code="261")


def contact_of(key: str) -> Contact:
    return Contact.objects.get(phone_key=key)


def labels_of(contact: Contact) -> list[str]:
    return sorted(label.name for label in contact.labels.all())


def kept(one: Import) -> list[list[object]]:
    return [told for part in one.chunks.all() for told in part.kept]


# --- who comes in ------------------------------------------------------------------------------------


def test_an_agenda_makes_contacts_with_what_it_tells_of_them(admin: Client) -> None:
    assert "Importar" in admin.get(reverse("admin:conversations_contact_changelist")).text
    one = imported(admin, CONTACTS, AGENDA)
    assert (one.state, counts(one)) == ("done", (2, 0, 0, 0))
    maria, juan = contact_of(MARIA.key), contact_of(JUAN.key)
    assert (maria.name, maria.phone, maria.notes) == ("María González", f"+{MARIA.phone}", "Tiene dos perros")
    assert (labels_of(maria), maria.opted_out_at) == (["Obra nueva", "VIP"], None)
    assert (juan.phone, labels_of(juan), juan.opted_out_at is not None) == (f"+{JUAN.phone}", [], True)
    line = Label.objects.get(name="VIP").history.get()
    assert (str(line.history_user), line.history_change_reason) == ("Elena Soto", f"Importación {one.pk}")
    told = AuditEvent.objects.filter(kind="data").latest("pk").text
    assert told == "Importó contactos de «planilla.csv»: 2 filas nuevas y 0 cambiadas"
    assert Message.objects.count() == 0, "importing writes to nobody"


def test_who_is_imported_and_writes_later_is_the_same_contact(story: StoryHere) -> None:
    """The bot finds by its key whom the file brought, however the file wrote the number."""
    boss = User.objects.create_superuser("jefa", password="claro-que-si-9")
    file = ContentFile("nombre;whatsapp;etiquetas\nLucía Paz de Mendoza;0261 15 777-8899;Obra nueva\n".encode())
    one = imports.bring(table="conversations.contact", name="agenda.csv", file=file, by=boss)
    imports.apply(one=one, by=boss)
    imports.do_now(one=one)
    lucia = contact_of(LUCIA.key)
    story.lucia.says("hola")
    assert story.lucia.hears_all()
    assert Contact.objects.filter(phone_key=LUCIA.key).get() == lucia
    assert Conversation.objects.get(contact=lucia).messages.filter(direction="in").count() == 1
    lucia.refresh_from_db()
    assert (lucia.name, labels_of(lucia)) == ("Lucía Paz de Mendoza", ["Obra nueva"])


def test_a_contact_that_never_wrote_has_a_page_and_is_found(admin: Client) -> None:
    imported(admin, CONTACTS, AGENDA)
    page = admin.get(reverse("admin:panel_chat", args=[contact_of(MARIA.key).pk]))
    assert page.status_code == 200
    assert "Tiene dos perros" in page.text
    found = admin.get(reverse("admin:conversations_contact_changelist"), {"q": "15 234-5678"})
    assert [row.name for row in found.context["cl"].result_list] == ["María González"]


@pytest.mark.parametrize("typed", ["2612345678", "+54 9 261 234 5678", "0261 15 234-5678", "234-5678", "15 2345678"])
def test_a_cellular_is_recognised_in_any_form(admin: Client, channel: Channel, typed: str) -> None:
    desk.chat_of(channel, MARIA)
    one = imported(admin, CONTACTS, f"Teléfono;Notas\n{typed};La de la esquina\n")
    assert counts(one) == (0, 1, 0, 0)
    assert contact_of(MARIA.key).notes == "La de la esquina"


def test_excel_keeps_phones_as_numbers(admin: Client) -> None:
    sheet = excel([["celular", "nombre"], [2612345678, MARIA.name], [5492615550102.0, ANA.name]])
    one = imported(admin, CONTACTS, sheet)
    assert counts(one) == (2, 0, 0, 0)
    assert {row.phone for row in Contact.objects.all()} == {f"+{MARIA.phone}", f"+{ANA.phone}"}


def test_what_is_wrong_is_told_at_its_cell(admin: Client) -> None:
    Label.objects.create(name="VIP")
    many = ", ".join(f"e{number}" for number in range(LABELS_LIMIT + 1))
    rows = [
        "no tiene;Ana Ruiz;;;",
        ";Ana Ruiz;;;",
        "261 555-0102 / 261 555-0103;Ana Ruiz;;;",
        f"2615550102;Ana Ruiz;{'x' * 31};;",
        f"2615550103;Ana Ruiz;{many};;",
        f"2615550104;Ana Ruiz;;{'x' * (NOTES_LIMIT + 1)};",
        "2615550105;Ana Ruiz;;;quizás",
        f"2615550106;{'x' * 121};;;",
    ]
    bring(admin, CONTACTS, HEAD + "\n".join(rows) + "\n")
    told = errors(last())
    assert "no parece un teléfono" in told[2]["celular"]
    assert told[3] == {"celular": "Falta, y dice de qué fila se trata."}
    assert told[4] == {"celular": "Poné un solo celular por fila: cada uno es un contacto."}
    assert told[5] == {"etiquetas": "Una etiqueta tiene hasta 30 letras."}
    assert told[6] == {"etiquetas": "Una persona lleva hasta 12 etiquetas: sacá alguna."}
    assert told[7] == {"notas": "Las notas tienen hasta 4000 letras."}
    assert told[8] == {"no quiere avisos": "«quizás» tiene que ser sí o no."}
    assert "120" in told[9]["nombre"]
    assert counts(last()) == (0, 0, 0, 8)


def test_to_add_somebody_the_file_has_to_tell_names(admin: Client) -> None:
    bring(admin, CONTACTS, "celular;etiquetas\n2612345678;VIP\n")
    assert "para agregarlo falta la columna «nombre»" in errors(last())[2]["celular"]


def test_what_leaves_comes_back_the_same(admin: Client, channel: Channel) -> None:
    imported(admin, CONTACTS, AGENDA)
    desk.writes(desk.chat_of(channel, LUCIA), "¿Llegan a Maipú?")
    rows = left(admin, CONTACTS, alcance="todos")
    assert rows[0][-2:] == ["notas", "no quiere avisos"]
    text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)
    bring(admin, CONTACTS, text)
    assert counts(last()) == (0, 0, 3, 0)


# --- what changes --------------------------------------------------------------------------------------


def test_what_differs_is_shown_first_and_what_is_not_there_stays(admin: Client, channel: Channel) -> None:
    maria = desk.chat_of(channel, MARIA).contact
    maria.labels.add(Label.objects.create(name="VIP"), Label.objects.create(name="Mudanza"))
    bring(admin, CONTACTS, f"{HEAD}2612345678;;vip, obra nueva;;\n")
    assert outcomes(last())[0].changes == {"etiquetas": ["Mudanza, VIP", "VIP, obra nueva"]}
    assert labels_of(maria) == ["Mudanza", "VIP"]
    one = imported(admin, CONTACTS, f"{HEAD}2612345678;;vip, obra nueva;;sí\n")
    maria.refresh_from_db()
    assert (maria.name, labels_of(maria)) == (MARIA.name, ["VIP", "obra nueva"])
    since = maria.opted_out_at
    imported(admin, CONTACTS, "celular;nombre;no quiere avisos\n2612345678;Mari;sí\n")
    maria.refresh_from_db()
    assert (maria.name, maria.opted_out_at) == ("Mari", since), "since when is not moved by saying it again"
    assert one.kept == 0


def test_the_number_of_whoever_was_joined_to_another_is_the_others(admin: Client, channel: Channel) -> None:
    """A contact that was imported and joined by hand has no address: its number still leads to who lives."""
    imported(admin, CONTACTS, f"{HEAD}{ANA.phone};Ana Ruiz;;;\n{JUAN.phone};Ana (trabajo);;;\n")
    maria, ana, work = desk.chat_of(channel, MARIA).contact, contact_of(ANA.key), contact_of(JUAN.key)
    merge_contacts(keep=ana, lose=work, by="Elena Soto")
    merge_contacts(keep=maria, lose=ana, by="Elena Soto")
    one = imported(admin, CONTACTS, f"celular;notas\n{JUAN.phone};Es María\n")
    maria.refresh_from_db()
    assert (counts(one), maria.notes, maria.phone_key) == ((0, 1, 0, 0), "Es María", MARIA.key)
    bring(admin, CONTACTS, f"celular;notas\n{JUAN.phone};x\n{MARIA.phone};y\n")
    assert errors(last())[2] == {"celular": "Es la misma que la fila 3."}


def test_a_second_number_of_theirs_is_theirs(admin: Client, channel: Channel) -> None:
    maria = desk.chat_of(channel, MARIA).contact
    ContactAddress.objects.create(contact=maria, channel=channel, kind="p", key=ANA.key, value=ANA.phone)
    imported(admin, CONTACTS, f"celular;notas\n{ANA.phone};El del trabajo\n")
    maria.refresh_from_db()
    assert (maria.notes, maria.phone_key, Contact.objects.count()) == ("El del trabajo", MARIA.key, 1)


def test_who_was_forgotten_is_never_found_and_who_is_in_the_trash_comes_back(admin: Client, channel: Channel) -> None:
    boss = User.objects.get(username="admin2")
    lucia = desk.chat_of(channel, LUCIA).contact
    maria = desk.chat_of(channel, MARIA).contact
    anonymise(contact=lucia, by=boss, reason=Reason.ASKED, looked={})
    trash_contact(contact=maria, by=boss)
    bring(admin, CONTACTS, f"celular;nombre\n{MARIA.phone};{MARIA.name}\n{LUCIA.phone};Lucía Paz\n")
    assert outcomes(last())[0].changes == {"papelera": ["está ahí", "vuelve"]}
    one = imported(admin, CONTACTS, f"celular;nombre\n{MARIA.phone};{MARIA.name}\n{LUCIA.phone};Lucía Paz\n")
    assert counts(one) == (1, 1, 0, 0)
    assert {row.name for row in contacts.everybody()} == {MARIA.name, "Lucía Paz"}
    assert not TrashItem.objects.shown().exists()
    lucia.refresh_from_db()
    assert (lucia.name, lucia.phone) == ("", "")
    undone(admin, one)
    assert [told[1:] for told in kept(one)] == [
        [MARIA.name, "Estaba en la papelera y volvió: si no tenía que volver, borralo de nuevo."]
    ]
    assert [row.name for row in contacts.everybody()] == [MARIA.name]


def test_the_number_of_an_agent_is_not_a_contact_of_the_list(admin: Client, channel: Channel) -> None:
    desk.group(channel, "support", "Soporte")
    desk.agent(channel, JUAN)
    bring(admin, CONTACTS, f"celular;nombre\n{JUAN.phone};Otro\n")
    assert errors(last()) == {2: {"celular": "Es el número de un agente: se cambia en «Grupos y agentes»."}}


# --- undoing ---------------------------------------------------------------------------------------------


def test_everything_is_as_it_was_but_for_whom_somebody_spoke_with(admin: Client, channel: Channel) -> None:
    maria = desk.chat_of(channel, MARIA).contact
    maria.labels.add(Label.objects.create(name="VIP"))
    since = timezone.now()
    Contact.objects.filter(pk=maria.pk).update(opted_out_at=since, notes="Antes")
    rows = f"{MARIA.phone};Mari;Obra nueva;Después;no\n{JUAN.phone};Juan Pérez;VIP;;\n{ANA.phone};Ana Ruiz;;;\n"
    one = imported(admin, CONTACTS, HEAD + rows)
    desk.writes(desk.chat_of(channel, ANA), "hola")
    undone(admin, one)
    maria.refresh_from_db()
    assert (maria.name, maria.notes, maria.opted_out_at, labels_of(maria)) == (MARIA.name, "Antes", since, ["VIP"])
    assert set(Contact.objects.values_list("phone_key", flat=True)) == {MARIA.key, ANA.key}
    assert kept(one) == [[4, "Ana Ruiz", "La nombran otros datos que se cargaron después."]]


def test_what_somebody_changed_since_stays(admin: Client) -> None:
    one = imported(admin, CONTACTS, AGENDA)
    Contact.objects.filter(phone_key=MARIA.key).update(notes="Tiene tres perros")
    merge_contacts(keep=Contact.objects.create(name="Otro Juan"), lose=contact_of(JUAN.key))
    undone(admin, one)
    assert [told[2] for told in kept(one)] == ["La cambiaron después de importarla."] * 2
    assert Contact.objects.count() == 3


# --- how much it asks, and who may -------------------------------------------------------------------------


def test_a_chunk_asks_the_same_however_many_rows_it_has(admin: Client, channel: Channel) -> None:
    desk.chat_of(channel, MARIA)

    def asked(count: int, begin: int) -> int:
        rows = "".join(f"26155{n:05};Persona {n};E{n % 7}, Nueva {begin};;sí\n" for n in range(begin, begin + count))
        bring(admin, CONTACTS, f"{HEAD}{MARIA.phone};Con {count};Con {count};;\n{rows}")
        with CaptureQueriesContext(connection) as queries:
            admin.post(reverse("admin:panel_import_apply", args=[last().pk]))
        assert counts(last())[:2] == (count, 1)
        return len(queries)

    asked(8, 100)  # makes the seven labels that both use
    assert asked(3, 1000) == asked(60, 2000)


def test_who_may_see_and_change_contacts_imports_and_labels_are_another_permission(
    signed_in: Callable[..., Client],
) -> None:
    page, template = (reverse(f"admin:{CONTACTS}_{what}") for what in ("import", "template"))
    attends = signed_in("Agente", username="juan")
    assert [attends.get(one).status_code for one in (page, template)] == [403, 403]
    assert "Importar" not in attends.get(reverse(f"admin:{CONTACTS}_changelist")).text
    User.objects.get(username="juan").user_permissions.set(Permission.objects.filter(codename="add_contact"))
    assert attends.get(page).status_code == 403
    sells = signed_in("Ventas", username="ana")
    assert [sells.get(one).status_code for one in (page, template)] == [200, 200]
    Label.objects.create(name="VIP")
    one = imported(sells, CONTACTS, f"{HEAD}2612345678;María González;vip;;\n2615550101;Juan Pérez;Moroso;;\n")
    assert errors(one) == {3: {"etiquetas": "No existe la etiqueta «Moroso», y crear etiquetas es otro permiso."}}
    assert labels_of(contact_of(MARIA.key)) == ["VIP"]
