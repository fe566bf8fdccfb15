"""Who is anonymised is not left in what imports of customers and contacts keep to be undone."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.common.importing.models import Import, ImportChunk
from backoffice.common.services import imports
from backoffice.conversations.models import Contact, ContactLink
from backoffice.customers.services import create_customer
from backoffice.safekeeping.services import Reason, anonymise, look_ahead
from tests.backoffice import desk
from tests.backoffice.sheets import bring, imported, last
from tests.cast import LUCIA, MARIA

TABLE, AGENDA = "customers_customer", "conversations_contact"


@pytest.fixture
def maria(db: None) -> Contact:
    """She wrote, of her own number, and is at rest."""
    channel = desk.open_for_business()
    desk.group(channel, "support", "Soporte")
    desk.chat_of(channel, MARIA)
    return Contact.objects.get(phone_key=MARIA.key)


def forget(contact: Contact) -> None:
    by = User.objects.get(username="admin2")
    anonymise(contact=contact, by=by, reason=Reason.ASKED, looked=look_ahead(contact=contact))


def kept() -> list[int]:
    return list(Import.objects.filter(forgotten_at=None).values_list("pk", flat=True))


@pytest.mark.parametrize("typed", ["261 234-5678", "0261 15 234-5678", "+54 9 261 2345678 / 261 555 0199"])
def test_the_import_that_brought_them_goes_and_that_of_others_stays(
    admin: Client, maria: Contact, typed: str, django_capture_on_commit_callbacks: Any
) -> None:
    hers = imported(admin, TABLE, f"nombre;teléfonos\nMaría González;{typed}\n")
    other = imported(admin, TABLE, f"nombre;teléfonos\nLucía Paz;{LUCIA.phone}\n")
    with django_capture_on_commit_callbacks(execute=True):
        forget(maria)
    hers.refresh_from_db()
    other.refresh_from_db()
    assert (kept(), hers.may_undo, other.may_undo) == ([other.pk], False, True)
    assert (hers.state, hers.new, hers.chunks.count()) == ("done", 1, 0)
    assert len(default_storage.listdir("importaciones")[1]) == 2, "the file and the rows of Lucía's"


def test_a_number_that_the_file_took_away_is_in_the_journal(admin: Client, maria: Contact) -> None:
    create_customer(name="María González", code="101", phones=[MARIA.phone])
    imported(admin, TABLE, "número de cliente;nombre;teléfonos\n101;María González;261 555-0199\n")
    forget(maria)
    assert (kept(), ImportChunk.objects.count()) == ([], 0)


def test_a_customer_that_they_are_is_known_by_the_document(admin: Client, maria: Contact) -> None:
    customer = create_customer(name="María González", code="101", document="30.111.222")
    ContactLink.objects.create(contact=maria, customer=customer, how="staff")
    imported(admin, TABLE, "número de cliente;nombre;DNI o CUIT\n101;María de Paz;30.111.222\n")
    forget(maria)
    assert kept() == []


def test_a_contact_that_an_agenda_brought_is_known_however_they_were_written(admin: Client, maria: Contact) -> None:
    hers = imported(admin, AGENDA, "celular;nombre\n234-5678;Mari\n")
    other = imported(admin, AGENDA, f"celular;nombre\n{LUCIA.phone};Lucía Paz\n")
    maria.refresh_from_db()
    assert (maria.name, hers.may_undo) == ("Mari", True)
    forget(maria)
    assert kept() == [other.pk]


def test_one_that_waits_to_be_looked_at_is_cancelled(admin: Client, maria: Contact) -> None:
    bring(admin, TABLE, "nombre;teléfonos\nMaría González;261 234-5678\n")
    forget(maria)
    assert (last().state, last().may_apply, kept()) == ("cancelled", False, [])


def test_one_that_is_under_way_is_waited_for(admin: Client, maria: Contact) -> None:
    imported(admin, TABLE, f"nombre;teléfonos\nLucía Paz;{LUCIA.phone}\n")
    Import.objects.update(state=Import.State.UNDOING)
    with pytest.raises(DomainError, match="esperá a que termine"):
        forget(maria)
    maria.refresh_from_db()
    assert maria.name == MARIA.name


def test_what_was_looked_at_ahead_is_not_read_again(
    admin: Client, maria: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(admin, TABLE, "nombre;teléfonos\nMaría González;261 234-5678\n")
    imported(admin, TABLE, f"nombre;teléfonos\nLucía Paz;{LUCIA.phone}\n")
    looked, read = look_ahead(contact=maria), []
    names = imports._names
    monkeypatch.setattr(imports, "_names", lambda *asked: read.append(asked) or names(*asked))
    anonymise(contact=maria, by=None, reason=Reason.ASKED, looked=looked)
    assert (read, len(kept())) == ([], 1)


def test_an_import_that_came_between_looking_and_forgetting_goes_too(admin: Client, maria: Contact) -> None:
    looked = look_ahead(contact=maria)
    imported(admin, TABLE, "nombre;teléfonos\nMaría González;261 234-5678\n")
    anonymise(contact=maria, by=None, reason=Reason.ASKED, looked=looked)
    assert kept() == []


def test_one_that_was_written_between_looking_and_forgetting_is_looked_at_again(admin: Client, maria: Contact) -> None:
    create_customer(name="María González", code="101", phones=[MARIA.phone])
    bring(admin, TABLE, "número de cliente;nombre;teléfonos\n101;María González;261 555-0199\n")
    looked = look_ahead(contact=maria)
    imports.apply(one=last())
    imports.do_now(one=last())
    anonymise(contact=maria, by=None, reason=Reason.ASKED, looked=looked)
    assert kept() == [], "her number is in the journal now"


def test_a_file_that_is_not_on_the_disk_any_more_stops_nothing(admin: Client, maria: Contact) -> None:
    one = imported(admin, TABLE, "nombre;teléfonos\nMaría González;261 234-5678\n")
    default_storage.delete(str(one.spool.name))
    forget(maria)
    assert kept() == []
