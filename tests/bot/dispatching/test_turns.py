"""Lanes are taken and run once, in order, at a fixed cost, whoever else works at the same time."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.conversations.models import DialogState, InboxEvent, Lane, Message
from backoffice.conversations.services import receive
from bot import snapshot
from bot.dispatcher import Dispatcher
from bot.turn import Turn
from tests.backoffice import desk
from tests.bot import inbox
from tests.bot.dispatching.helpers import DONE, PENDING, key, later, works
from tests.cast import ANA, ELENA, JUAN, MARIA


def test_what_arrives_is_answered_once_and_the_lane_rests(channel, bot):
    inbox.writes(channel, MARIA.phone, "hola")
    assert works(bot) == 1
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    lane = inbox.lane(key(channel))
    assert (lane.ready_at, lane.lease_until, lane.token) == (None, None, "")
    assert inbox.states() == [DONE]
    assert bot.run_once() == 0


def test_the_same_delivery_twice_is_one_event(channel, bot):
    message = inbox.writes(channel, MARIA.phone)
    assert not inbox.arrives(channel, message)
    works(bot)
    assert not inbox.arrives(channel, message)
    assert works(bot) == 0
    assert len(inbox.answers(MARIA.key)) == 1


def test_three_ways_to_write_a_phone_are_one_lane_and_one_contact(channel, bot):
    for form in ("5492612345678", "542612345678", "0261152345678"):
        inbox.writes(channel, form, form)
    works(bot)
    assert Lane.objects.count() == 1
    assert len(inbox.answers(MARIA.key)) == 3
    assert desk.chat_of(channel).contact.phone == "+5492612345678"


def test_a_burst_is_one_turn_in_the_order_it_was_written(channel, bot, engine):
    start = timezone.now()
    inbox.writes(channel, MARIA.phone, "segundo", wait=3, at=start + timedelta(seconds=1))
    inbox.writes(channel, MARIA.phone, "primero", wait=3, at=start)
    assert bot.run_once() == 0
    works(bot, later(seconds=3.5))
    assert engine.heard == [("primero", "segundo")]


def test_a_burst_never_waits_more_than_six_seconds(channel, bot):
    inbox.writes(channel, MARIA.phone, "uno", wait=3.5)
    lane = Lane.objects.get()
    Lane.objects.update(burst_started_at=lane.burst_started_at - timedelta(seconds=5))
    inbox.writes(channel, MARIA.phone, "dos", wait=3.5)
    assert Lane.objects.get().ready_at <= later(seconds=1.1)


def test_who_writes_during_the_turn_is_gathered_too(channel, bot, engine):
    def goes_on(turn: Turn) -> None:
        if turn.text == "hola":
            inbox.writes(channel, MARIA.phone, "una consulta", wait=3)

    engine.meanwhile = goes_on
    inbox.writes(channel, MARIA.phone, "hola")
    assert works(bot) == 1
    assert Lane.objects.get().ready_at > later(seconds=2)
    inbox.writes(channel, MARIA.phone, "la factura", wait=3)
    works(bot, later(seconds=4))
    assert engine.heard == [("hola",), ("una consulta", "la factura")]


def test_a_timer_set_before_or_during_a_turn_still_rings(channel, bot, engine):
    def timer(name: str, **span: float) -> None:
        receive(lane=key(channel), source="timer", external_id=name, kind=name, payload={}, at=later(**span))

    timer("late", hours=2)
    engine.meanwhile = lambda turn: timer("soon", hours=1) if turn.text == "hola" else None
    inbox.writes(channel, MARIA.phone, "hola")
    works(bot)
    assert works(bot, later(minutes=61)) == 1
    assert works(bot, later(minutes=121)) == 1
    assert engine.heard == [("hola",), ("soon",), ("late",)]


def test_a_line_between_looking_and_claiming_is_not_left_behind_a_timer(channel, bot, engine):
    """It came after `now` was read, and a timer set during the turn must not put it off."""
    before = timezone.now()
    inbox.writes(channel, MARIA.phone, "uno")
    InboxEvent.objects.update(ready_at=before - timedelta(seconds=1), received_at=before - timedelta(seconds=1))
    inbox.writes(channel, MARIA.phone, "dos")
    Lane.objects.update(ready_at=before - timedelta(seconds=1))
    engine.meanwhile = lambda turn: receive(
        lane=key(channel), source="timer", external_id="t", kind="t", payload={}, at=later(hours=1)
    )
    assert bot.run_once(before) == 1
    assert Lane.objects.get().ready_at <= later(seconds=1)


def test_signals_and_lines_take_turns_in_their_order(channel, bot, engine):
    inbox.writes(channel, MARIA.phone, "antes")
    receive(lane=key(channel), source="panel", external_id="1", kind="ticket_closed", payload={"ticket_id": 0})
    inbox.writes(channel, MARIA.phone, "después")
    works(bot)
    assert engine.heard == [("antes",), ("ticket_closed",), ("después",)]


def test_in_a_group_each_speaker_has_their_turn(channel, bot, engine):
    for person, text in ((JUAN, "1"), (JUAN, "2"), (ANA, "3"), (JUAN, "4")):
        inbox.writes(channel, person.phone, text, group="soporte")
    works(bot)
    assert engine.heard == [("1", "2"), ("3",), ("4",)]


def test_a_long_flood_is_answered_in_turns_of_twenty_lines(channel, bot, engine):
    for number in range(45):
        inbox.writes(channel, MARIA.phone, str(number))
    works(bot)
    assert [len(words) for words in engine.heard] == [20, 20, 5]
    assert [word for words in engine.heard for word in words] == [str(number) for number in range(45)]


def test_other_bots_are_kept_and_never_answered(channel, bot, engine):
    inbox.writes(channel, MARIA.phone, "Soy un asistente virtual", is_bot=True)
    works(bot)
    assert engine.heard == []
    assert Message.objects.get().text == "Soy un asistente virtual"


def test_the_nul_character_is_no_obstacle(channel, bot):
    inbox.writes(channel, MARIA.phone, "ho\x00la", sender_name="Mar\x00ía")
    works(bot)
    assert inbox.answers(MARIA.key) == ["oí: hola"]


# --- what it costs --------------------------------------------------------------------------


def statements(bot: Dispatcher) -> int:
    with CaptureQueriesContext(connection) as captured:
        bot.run_once()
    return len([query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_sixteen_lanes_cost_little_more_than_one(channel, bot):
    phones = [f"54926155500{number:02}" for number in range(17)]
    for text in ("hola", "de nuevo"):  # the first time makes the settings' rows, which are read again then
        for phone in phones:
            inbox.writes(channel, phone, text)
        works(bot)
    inbox.writes(channel, phones[0], "uno")
    one = statements(bot)
    for phone in phones[1:]:
        inbox.writes(channel, phone, "muchos")
    sixteen = statements(bot)
    assert one <= 24
    assert sixteen <= one + 2
    assert not InboxEvent.objects.filter(state=PENDING).exists()


def test_a_turn_costs_the_same_whatever_was_said_before(channel, bot):
    for text in ("hola", "de nuevo"):
        inbox.writes(channel, MARIA.phone, text)
        works(bot)
    inbox.writes(channel, MARIA.phone, "uno")
    young = statements(bot)
    chat = desk.chat_of(channel)
    Message.objects.bulk_create(
        Message(conversation=chat, channel=channel, direction="in", author="contact", text=str(n), status="received")
        for n in range(500)
    )
    inbox.writes(channel, MARIA.phone, "dos")
    assert statements(bot) == young


# --- at the same time -----------------------------------------------------------------------


def at_the_same_time(*works: Callable[[], object]) -> None:
    """Each in its own thread with its own connection; what any raises is raised here."""
    start, failed = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            work()
        except BaseException as error:  # noqa: BLE001 # shown by the test
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    if failed:
        raise failed[0]


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_over_forty_lanes_run_each_event_once(engine):
    snapshot.forget()
    channel = desk.open_for_business()
    for number in range(40):
        for text in ("uno", "dos"):
            inbox.writes(channel, f"54926155500{number:02}", text)

    def dispatcher() -> None:
        bot = Dispatcher()
        for _ in range(200):
            if not bot.run_once() and not InboxEvent.objects.filter(state=PENDING).exists():
                return

    at_the_same_time(dispatcher, dispatcher)
    assert not InboxEvent.objects.exclude(state=DONE).exists()
    assert Message.objects.filter(direction="in").count() == 80
    assert Message.objects.filter(direction="out").count() == 40
    assert DialogState.objects.count() == 40
    assert not Lane.objects.filter(strikes__gt=0).exists()
    assert not Lane.objects.exclude(token="").exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_that_arrives_while_its_lane_is_let_go_is_never_left_without_an_hour(engine):
    snapshot.forget()
    channel = desk.open_for_business()
    done = threading.Event()
    stranded: list[str] = []

    def network() -> None:
        for number in range(150):
            inbox.writes(channel, MARIA.phone, str(number))
        done.set()

    def dispatcher() -> None:
        bot = Dispatcher()
        while not done.is_set() or bot.run_once():
            bot.run_once()
            waiting = Lane.objects.filter(events__state=PENDING, ready_at=None, lease_until=None)
            stranded.extend(waiting.values_list("key", flat=True))

    at_the_same_time(network, dispatcher)
    assert stranded == []
    assert not InboxEvent.objects.exclude(state=DONE).exists()
    heard = [int(word) for words in engine.heard for word in words]
    assert sorted(heard) == list(range(150))
    assert heard == sorted(heard)


@pytest.mark.django_db(transaction=True)
def test_both_dispatchers_may_meet_a_new_person_at_once(engine):
    """Two addresses of one stranger, in two lanes, never seen before."""
    snapshot.forget()
    channel = desk.open_for_business()
    WhatsAppGroup.objects.all().delete()
    for _ in range(10):
        inbox.writes(channel, ELENA.phone, "hola")
        inbox.writes(channel, ELENA.phone, "en un grupo", group="soporte")
        at_the_same_time(lambda: Dispatcher().run_once(), lambda: Dispatcher().run_once())
    works(Dispatcher(), later(seconds=5))
    assert not InboxEvent.objects.exclude(state=DONE).exists()
    assert desk.chat_of(channel, ELENA).contact.phone_key == ELENA.key
