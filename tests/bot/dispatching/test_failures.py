"""What fails is tried again alone, and then a person gets it."""

from datetime import timedelta

from django.db import IntegrityError, OperationalError

from backoffice.common.models import Activity
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.conversations.services import receive, store_media
from backoffice.tickets.models import Ticket
from bot.effects import Stale
from tests.backoffice import desk
from tests.bot import inbox
from tests.bot.dispatching.helpers import DEAD, key, later, works
from tests.cast import ANA, JUAN, MARIA


def test_only_the_guilty_of_a_batch_gets_a_strike(channel, bot, engine):
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "hola")
    inbox.writes(channel, JUAN.phone, "ay")
    inbox.writes(channel, ANA.phone, "buenas")
    bot.run_once()
    strikes = dict(Lane.objects.values_list("key", "strikes"))
    assert strikes == {key(channel): 0, key(channel, JUAN): 1, key(channel, ANA): 0}
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert inbox.answers(ANA.key) == ["oí: buenas"]
    assert inbox.answers(JUAN.key) == []


def test_three_strikes_and_a_person_gets_it_with_all_that_was_written(channel, bot, engine, caplog):
    support = desk.group(channel, "support", "Soporte")
    photo = store_media(data=b"\x89PNG", kind="image", filename="foto.png", mimetype="image/png")
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay", sender_name="María González")
    event = InboxEvent.objects.get()
    event.payload["media_id"] = photo.pk
    event.save()
    for strike in range(3):
        assert bot.run_once(later(seconds=10 * strike)) == 1
    assert inbox.states() == [DEAD]
    ticket = Ticket.objects.get()
    assert "ay" in ticket.message
    kept = Message.objects.get(direction="in")
    assert (kept.text, kept.media_id, kept.author_name) == ("ay", photo.pk, "María González")
    assert len(inbox.answers(MARIA.key)) == 1
    assert Activity.objects.filter(kind="error").exists()
    assert desk.said_in(support.conversation)
    lane = inbox.lane(key(channel))
    assert (lane.strikes, lane.token, lane.ready_at) == (0, "", None)
    engine.stumbles.clear()
    inbox.writes(channel, MARIA.phone, "¿hola?")
    works(bot, later(seconds=60))
    assert inbox.answers(MARIA.key)[-1] == "oí: ¿hola?"


def test_the_wait_between_strikes_grows(channel, bot, engine):
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay")
    now = later(seconds=1)
    bot.run_once(now)
    assert inbox.lane(key(channel)).ready_at == now + timedelta(seconds=1)
    assert bot.run_once(now + timedelta(milliseconds=900)) == 0
    bot.run_once(now + timedelta(seconds=1))
    assert inbox.lane(key(channel)).ready_at == now + timedelta(seconds=3)


def test_a_turn_that_goes_well_forgets_the_strikes(channel, bot, engine):
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay")
    bot.run_once()
    engine.stumbles.clear()
    works(bot, later(seconds=5))
    assert inbox.lane(key(channel)).strikes == 0
    assert inbox.answers(MARIA.key) == ["oí: ay"]


def test_a_case_that_was_open_already_gets_the_words_that_could_not_be_run(channel, bot, engine):
    desk.group(channel, "support", "Soporte")
    chat = desk.chat_of(channel)
    desk.case(chat)
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert Ticket.objects.count() == 1
    assert inbox.states() == [DEAD]
    assert Message.objects.filter(direction="in", text="ay").exists()


def test_a_group_that_cannot_be_run_is_set_aside_and_opens_no_case(channel, bot, engine):
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, JUAN.phone, "ay", group="soporte")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert inbox.states() == [DEAD]
    assert not Ticket.objects.exists()


def test_a_signal_that_cannot_be_run_is_set_aside(channel, bot, engine):
    engine.stumbles["ticket_closed"] = RuntimeError("boom")
    receive(lane=key(channel), source="panel", external_id="1", kind="ticket_closed", payload={})
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert inbox.states() == [DEAD]
    assert not Ticket.objects.exists()


def test_when_no_case_can_be_opened_the_lane_is_free_all_the_same(channel, bot, engine, monkeypatch):
    def broken(**_: object) -> None:
        raise IntegrityError("no")

    monkeypatch.setattr("bot.rescue.tickets.open_ticket", broken)
    engine.stumbles["ay"] = RuntimeError("boom")
    inbox.writes(channel, MARIA.phone, "ay")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert inbox.states() == [DEAD]
    inbox.writes(channel, MARIA.phone, "hola")
    works(bot, later(seconds=60))
    assert inbox.answers(MARIA.key) == ["oí: hola"]


def test_an_event_nobody_can_read_is_set_aside(channel, bot, engine):
    receive(lane=key(channel), source="channel:9", external_id="x", kind="message", payload={"kind": "message"})
    inbox.writes(channel, JUAN.phone, "hola")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert DEAD in inbox.states()
    assert inbox.answers(JUAN.key) == ["oí: hola"]


def test_a_deadlock_is_nobodys_fault_and_the_turn_runs_again_without_a_strike(channel, bot, engine):
    engine.stumbles["hola"] = OperationalError("deadlock detected")
    inbox.writes(channel, MARIA.phone, "hola")
    bot.run_once()
    assert inbox.lane(key(channel)).strikes == 0
    engine.stumbles.clear()
    works(bot, later(seconds=1))
    assert inbox.answers(MARIA.key) == ["oí: hola"]


def test_what_changed_meanwhile_is_decided_anew_at_once(channel, bot, engine):
    looks = iter([Stale(), Stale(), Stale()])

    def changed(turn):
        if error := next(looks, None):
            raise error

    engine.meanwhile = changed
    inbox.writes(channel, MARIA.phone, "hola")
    bot.run_once()
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert inbox.lane(key(channel)).strikes == 0


def test_what_changes_every_time_goes_to_a_person_in_the_end(channel, bot, engine):
    engine.stumbles["hola"] = Stale()
    inbox.writes(channel, MARIA.phone, "hola")
    inbox.writes(channel, JUAN.phone, "buenas")
    for strike in range(3):
        bot.run_once(later(seconds=10 * strike))
    assert inbox.states() == [DEAD, 1]
    assert [ticket.contact.phone_key for ticket in Ticket.objects.all()] == [MARIA.key]
    assert inbox.answers(JUAN.key) == ["oí: buenas"]
