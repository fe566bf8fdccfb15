"""A lane belongs to whoever holds its lease; whoever dies loses it; the loop goes on."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from backoffice.conversations.models import InboxEvent, Lane
from backoffice.tickets.models import Ticket
from bot import dispatcher as module
from bot.dispatcher import Dispatcher
from bot.turn import Turn
from tests.bot import inbox
from tests.bot.dispatching.helpers import DONE, key, later, works
from tests.cast import ANA, JUAN, MARIA


def dies(bot: Dispatcher, now, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends in the middle of its turns."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "process", killed)
        with pytest.raises(KeyboardInterrupt):
            bot.run_once(now)


def expire() -> None:
    Lane.objects.filter(lease_until__isnull=False).update(lease_until=later(seconds=-1))


def test_a_lease_lasts_thirty_seconds_and_then_another_runs_it(channel, bot, monkeypatch):
    inbox.writes(channel, MARIA.phone, "hola")
    dies(bot, None, monkeypatch)
    lease = inbox.lane(key(channel)).lease_until
    assert timedelta(seconds=28) < lease - timezone.now() <= timedelta(seconds=30)
    assert bot.run_once() == 0
    assert bot.run_once(later(seconds=31)) == 1
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert inbox.lane(key(channel)).expired == 0


def test_a_turn_whose_lease_was_lost_is_dropped(channel, bot, engine):
    def another_takes_it(turn: Turn) -> None:
        engine.meanwhile = lambda turn: None
        expire()
        Dispatcher().run_once()

    engine.meanwhile = another_takes_it
    inbox.writes(channel, MARIA.phone, "hola")
    works(bot)
    assert engine.heard == [("hola",), ("hola",)]
    assert inbox.answers(MARIA.key) == ["oí: hola"]


def test_expired_leases_are_no_strikes(channel, bot, monkeypatch):
    inbox.writes(channel, MARIA.phone, "hola")
    for _ in range(2):
        dies(bot, None, monkeypatch)
        expire()
    lane = inbox.lane(key(channel))
    assert (lane.expired, lane.strikes) == (1, 0)


def test_from_the_second_expired_lease_a_lane_runs_alone(channel, bot, monkeypatch):
    for person in (MARIA, JUAN):
        inbox.writes(channel, person.phone, "hola")
    for _ in range(2):
        dies(bot, None, monkeypatch)
        expire()
    assert bot.run_once() == 1
    assert bot.run_once() == 1
    assert bot.run_once() == 0


def test_who_kills_the_process_goes_to_a_person_and_takes_nobody_along(channel, bot, engine):
    """Each time the process dies at Juan's lane; María and Ana were in the same batch."""

    def deadly(turn: Turn) -> None:
        if turn.text == "mata":
            raise KeyboardInterrupt

    engine.meanwhile = deadly
    for person, text in ((MARIA, "hola"), (JUAN, "mata"), (ANA, "buenas")):
        inbox.writes(channel, person.phone, text)
    deaths = 0
    while True:
        try:
            if not bot.run_once():
                break
        except KeyboardInterrupt:
            deaths += 1
            expire()
        assert deaths < 10
    assert deaths == 5
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert inbox.answers(ANA.key) == ["oí: buenas"]
    assert [ticket.contact.phone_key for ticket in Ticket.objects.all()] == [JUAN.key]


def test_a_lane_whose_owner_died_is_not_forgotten_behind_many_others(channel, bot, monkeypatch, engine):
    inbox.writes(channel, MARIA.phone, "espero")
    dies(bot, None, monkeypatch)
    expire()
    for number in range(20):
        inbox.writes(channel, f"54926140000{number:02}", "hola")
    bot.run_once()
    assert ("espero",) in engine.heard


def test_as_many_lanes_as_are_taken_at_once_and_the_oldest_first(channel, bot, engine, monkeypatch):
    monkeypatch.setattr(module, "LANES_AT_ONCE", 16)
    for number in range(20):
        inbox.writes(channel, f"54926140000{number:02}", str(number))
    assert bot.run_once() == 16
    assert sorted(int(words[0]) for words in engine.heard) == list(range(16))
    assert bot.run_once() == 4


def test_a_configuration_that_cannot_be_read_takes_no_lane(channel, bot, monkeypatch):
    inbox.writes(channel, MARIA.phone, "hola")

    def broken() -> None:
        raise ValueError("no such zone")

    with monkeypatch.context() as patched:
        patched.setattr(module, "current", broken)
        with pytest.raises(ValueError, match="zone"):
            bot.run_once()
    assert inbox.lane(key(channel)).lease_until is None
    assert works(bot) == 1


def test_a_lane_with_nothing_due_is_let_go(channel, bot):
    inbox.writes(channel, MARIA.phone, "hola")
    InboxEvent.objects.update(state=DONE, ready_at=None)
    assert bot.run_once() == 1
    assert bot.run_once() == 0
    assert inbox.lane(key(channel)).lease_until is None


# --- the loop -------------------------------------------------------------------------------


def test_the_loop_survives_a_database_that_goes_away(channel, bot, monkeypatch):
    stop, calls = threading.Event(), []

    def away(*_: object) -> int:
        calls.append(1)
        if len(calls) >= 3:
            stop.set()
        raise DatabaseError("gone")

    monkeypatch.setattr(bot, "run_once", away)
    monkeypatch.setattr(module, "_nap", away)
    monkeypatch.setattr(module.connection, "close", lambda: None)
    monkeypatch.setattr(stop, "wait", lambda seconds: None)
    bot.loop(stop)
    assert len(calls) >= 3


def test_the_loop_works_and_then_naps_until_the_next_is_due(channel, bot, monkeypatch):
    stop, naps = threading.Event(), []
    inbox.writes(channel, MARIA.phone, "hola")

    def nap(seconds: float) -> None:
        naps.append(seconds)
        stop.set()

    monkeypatch.setattr(bot._waker, "wait", nap)
    bot.loop(stop)
    assert inbox.answers(MARIA.key) == ["oí: hola"]
    assert naps == [1.0]
    inbox.writes(channel, MARIA.phone, "sigue", wait=0.3)
    assert 0 < module._nap() <= 0.3
