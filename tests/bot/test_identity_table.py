"""Sixty ways to write twelve phones of Argentina, and people whose number is hidden, through the real intake."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.conversations.models import Contact, Conversation, Lane, Message
from backoffice.tickets.models import Ticket
from bot import dispatcher as dispatching
from bot import snapshot
from bot.dispatcher import Dispatcher
from bot.intake import take_in
from integrations.whatsapp.base import Addr, IdentityLearned
from tests.backoffice import desk
from tests.bot.dispatching.helpers import Engine, works
from tests.bot.inbox import line
from tests.bot.wire import Wire
from tests.cast import MARIA

TABLE: dict[str, tuple[str, ...]] = {
    # area 11, Buenos Aires
    "1155551234": ("1155551234", "11 5555-1234", "011 15 5555-1234", "+54 9 11 5555-1234", "wa.me/5491155551234"),
    "1145678901": ("+541145678901", "54 11 4567 8901", "(011) 4567-8901", "5491145678901", "0054 9 11 4567-8901"),
    "1161112222": ("549 11 6111 2222", "54 11 15 6111 2222", "011-6111-2222", "11-6111-2222", "+54 9 1161112222"),
    # areas of three digits
    "2612345678": ("5492612345678", "542612345678", "0261152345678", "261 234-5678", "(0261) 15-234-5678"),
    "3415556677": ("+54 9 341 555-6677", "0341 15 555-6677", "341 5556677", "54 341 555 6677", "0054 341 555 6677"),
    "3514443322": ("3514443322", "0351-444-3322", "54 9 351 444 3322", "+54 351 15 444-3322", "wa.me/5493514443322"),
    "2215550000": ("(221) 555-0000", "0221 555 0000", "54 221 555-0000", "549-221-555-0000", "+5492215550000"),
    "2614447788": ("+54 9 (261) 444-7788", "0261 4447788", "261-15-444-7788", "5402614447788", "54 9 261 4447788"),
    # areas of four digits
    "2964421234": ("2964421234", "2964 42-1234", "02964 15 421234", "54 9 2964 42 1234", "+54 2964 15 421234"),
    "2901445566": ("02901 44-5566", "+54 9 2901 445566", "542901445566", "2901-44-5566", "(02901) 15-445566"),
    "3489556677": ("5493489556677", "3489 55 6677", "03489 15-556677", "54 3489 556677", "wa.me/5493489556677"),
    "2320667788": ("+54 2320 66-7788", "2320667788", "0232015667788", "0054 9 2320 667788", "54 9 2320 66-7788"),
}
FORMS = [form for forms in TABLE.values() for form in forms]
LID, BSUID, PHONE = Addr.lid("777000111"), Addr.bsuid("AR.90017"), Addr.phone(MARIA.phone)


@pytest.fixture
def bot(db: None, monkeypatch: pytest.MonkeyPatch):
    snapshot.forget()
    monkeypatch.setattr(dispatching, "engine", Engine())
    yield Dispatcher()
    snapshot.forget()


@pytest.fixture
def channel(bot: Dispatcher) -> Channel:
    return desk.open_for_business()


def hears(channel: Channel, bot: Dispatcher, *events) -> None:
    """Taken in as the network brings it, and answered."""
    take_in(channel, Wire().transport, events)
    works(bot, timezone.now() + timedelta(minutes=1))


def people() -> list[Contact]:
    return list(Contact.objects.filter(merged_into__isnull=True))


def test_sixty_spellings_are_twelve_contacts_with_a_chat_each(channel, bot):
    assert len(FORMS) == len(set(FORMS)) == 60
    hears(channel, bot, *[line(form, form) for turn in range(5) for form in [forms[turn] for forms in TABLE.values()]])
    assert {one.phone_key for one in people()} == set(TABLE)
    assert len(people()) == Conversation.objects.count() == Lane.objects.count() == 12
    for key, forms in TABLE.items():
        said = Message.objects.filter(direction="in", conversation__contact__phone_key=key)
        assert sorted(said.values_list("text", flat=True)) == sorted(forms)


@pytest.mark.parametrize("hidden", [LID, BSUID])
@pytest.mark.parametrize("case_of", ["hidden", "phone"])
def test_who_was_two_is_one_with_every_message_and_ticket(channel, bot, hidden, case_of):
    hears(channel, bot, line(hidden, "uno"))
    hears(channel, bot, line(PHONE, "dos"))
    assert len(people()) == 2
    first = Message.objects.get(text="uno" if case_of == "hidden" else "dos", direction="in")
    ticket = desk.case(first.conversation)
    hears(channel, bot, line(hidden, "tres", sender_alt=PHONE))
    hears(channel, bot, line(hidden, "cuatro"), line(PHONE, "cinco"))
    [person] = people()
    assert person.phone_key == MARIA.key
    said = Message.objects.filter(direction="in", conversation__contact=person).values_list("text", flat=True)
    assert sorted(said) == ["cinco", "cuatro", "dos", "tres", "uno"]
    assert Ticket.objects.get(pk=ticket.pk).contact == person


@pytest.mark.parametrize("hidden", [LID, BSUID])
def test_a_number_that_the_network_tells_later_is_the_same_person(channel, bot, hidden):
    hears(channel, bot, line(hidden, "hola"))
    hears(channel, bot, IdentityLearned("told-1", hidden, PHONE, timezone.now()), line(PHONE, "soy yo"))
    [person] = people()
    assert person.phone_key == MARIA.key
    assert Message.objects.filter(direction="in", conversation__contact=person).count() == 2
