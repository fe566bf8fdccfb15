"""Notices leave at their pace, which outlives the process, and never delay a reply (ISPBOT-INT-05…07)."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.channels.services import status_of
from backoffice.conversations.models import Conversation, Message
from backoffice.operations.models import BotControl
from bot.sender import AT_ONCE, Sender
from integrations.errors import Unavailable
from tests.backoffice import desk
from tests.bot.outbox import AGENT, BULK, NOTICE, drain, later, say
from tests.bot.wire import Wire
from tests.cast import ANA, JUAN, MARIA, Person


@pytest.fixture
def channel(db: None) -> Channel:
    channel = desk.open_for_business()
    status_of(channel)
    return channel


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def sender(channel: Channel, wire: Wire) -> Sender:
    return Sender(channel, wire.transport, Random(7))


@pytest.fixture
def maria(channel: Channel) -> Conversation:
    return desk.chat_of(channel, MARIA)


@pytest.fixture
def juan(channel: Channel) -> Conversation:
    return desk.chat_of(channel, JUAN)


def test_notices_are_paced_and_replies_pass_between_them(sender, wire, maria, juan):
    for number in range(3):
        say(maria, f"aviso {number}", NOTICE)
    say(juan, "respuesta")
    now = timezone.now()
    assert drain(sender, now) == 1
    assert drain(sender, now + timedelta(seconds=1)) == 1
    assert wire.texts == ["respuesta", "aviso 0"]
    assert not sender.run_once(now + timedelta(seconds=2.9))
    assert drain(sender, now + timedelta(seconds=9.1)) == 1  # the seed's own pause: two to eight seconds


def test_the_pace_outlives_the_process(channel, sender, wire, maria):
    channel.batch_size = 2
    sender.adopt(channel)
    for number in range(3):
        say(maria, f"aviso {number}", NOTICE)
    now = timezone.now()
    assert drain(sender, now) == 1
    assert drain(sender, now + timedelta(seconds=9)) == 1
    again = Sender(channel, wire.transport, Random(9))
    assert drain(again, now + timedelta(seconds=68)) == 0  # the pause between batches: sixty seconds
    assert drain(again, now + timedelta(seconds=70)) == 1


def test_a_notice_that_fails_keeps_the_pace_too(sender, wire, maria, juan):
    wire.failing = [Unavailable()]
    say(maria, "uno", NOTICE)
    say(juan, "otro", NOTICE)
    now = timezone.now()
    assert drain(sender, now) == 1
    assert drain(sender, now + timedelta(seconds=1)) == 0
    assert wire.texts == []


def test_in_stopped_mode_no_notice_leaves_and_people_are_answered(sender, wire, maria, juan):
    control = BotControl.load()
    control.mode = BotControl.Mode.STOPPED
    control.save()
    say(maria, "aviso", NOTICE)
    say(maria, "promo", BULK)
    say(juan, "soy Ana, seguimos", AGENT)
    assert drain(sender) == 1
    control.mode = BotControl.Mode.GATEWAY
    control.save()
    assert drain(sender, later(seconds=1)) == 1
    assert wire.texts == ["soy Ana, seguimos", "aviso"]


def test_with_two_thousand_notices_waiting_a_reply_is_the_next_to_leave(channel, sender, wire, maria, juan):
    now = timezone.now()
    values = {"conversation": maria, "channel": channel, "direction": "out", "author": "system", "due_at": now}
    Message.objects.bulk_create([Message(text=f"aviso {n}", priority=NOTICE, **values) for n in range(2000)])
    sender.run_once(now)
    say(juan, "te respondo", due_at=now)
    assert sender.run_once(now + timedelta(seconds=1))
    assert wire.texts == ["aviso 0", "te respondo"]


def test_replies_are_read_some_at_a_time_and_each_chat_stays_in_order(
    sender, wire, maria, juan, django_assert_max_num_queries
):
    people = [desk.chat_of(maria.channel, Person(f"P{n}", f"549261555{n:04d}")) for n in range(AT_ONCE)]
    for chat in people:
        say(chat, "uno")
        say(chat, "dos")
    with django_assert_max_num_queries(2 * 2 * AT_ONCE + 9):
        assert drain(sender) == 2 * AT_ONCE
    assert wire.texts == ["uno"] * AT_ONCE + ["dos"] * AT_ONCE


def test_a_reply_is_not_held_by_agents_lines_that_were_seen_first(channel, sender, wire, maria, juan):
    for chat in (maria, desk.chat_of(channel, ANA)):
        say(chat, "agente", AGENT)
    assert sender.run_once()
    say(juan, "bot")
    drain(sender)
    assert wire.texts == ["agente", "bot", "agente"]
