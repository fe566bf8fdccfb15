"""What made the bot fail is mended and tried again: the customer is answered, and the chat shows the line once."""

import pytest

from backoffice.accounts.models import User
from backoffice.conversations.models import InboxEvent, Message
from backoffice.operations.services import discard_event, retry_event
from backoffice.tickets.models import Ticket
from tests.backoffice import desk
from tests.bot import inbox
from tests.bot.dispatching.helpers import DEAD, DONE, key, later, works
from tests.cast import MARIA

pytestmark = [pytest.mark.django_db, pytest.mark.flow]


@pytest.fixture
def elena(db: None) -> User:
    return User.objects.create_user("elena", first_name="Elena", last_name="Soto")


@pytest.fixture
def dead(channel, bot, engine) -> InboxEvent:
    """María wrote, the bot failed three times, and a person got it."""
    desk.group(channel, "support", "Soporte")
    engine.stumbles["¿cuánto debo?"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "¿cuánto debo?")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert Ticket.objects.count() == 1
    return InboxEvent.objects.select_related("lane").get(state=DEAD)


def lines() -> int:
    return Message.objects.filter(direction="in", text="¿cuánto debo?").count()


def test_it_keeps_the_reason(dead):
    assert dead.reason == "El bot falló: RuntimeError."


def test_mended_and_tried_again_it_is_answered_once(channel, bot, engine, dead, elena):
    engine.stumbles.clear()
    assert retry_event(event=dead, by=elena)
    works(bot, later(seconds=60))
    dead.refresh_from_db()
    assert (dead.state, lines()) == (DONE, 1)
    assert inbox.answers(MARIA.key)[-1] == "oí: ¿cuánto debo?"
    assert inbox.answers(MARIA.key).count("oí: ¿cuánto debo?") == 1


def test_tried_again_too_soon_it_fails_again_and_stays_with_the_person(channel, bot, engine, dead, elena):
    retry_event(event=dead, by=elena)
    for strike in range(3):
        bot.run_once(later(seconds=60 + 10 * strike))
    dead.refresh_from_db()
    assert (dead.state, lines()) == (DEAD, 1)
    assert Ticket.objects.count() == 1


def test_discarded_it_is_not_run_with_what_comes_next(channel, bot, engine, dead, elena):
    engine.stumbles.clear()
    discard_event(event=dead, by=elena)
    inbox.writes(channel, MARIA.phone, "hola")
    works(bot, later(seconds=60))
    assert "oí: ¿cuánto debo?" not in inbox.answers(MARIA.key)
    assert inbox.answers(MARIA.key)[-1] == "oí: hola"
    assert inbox.lane(key(channel)).ready_at is None
