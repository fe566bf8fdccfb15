"""The loops of a number's process: they survive the network and the database, and one bad event holds nothing."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DataError, OperationalError
from django.utils import timezone

from backoffice.channels.models import Channel, ChannelStatus
from backoffice.channels.services import record_cursor, status_of
from backoffice.conversations.lanes import Bell
from backoffice.conversations.models import InboxEvent
from backoffice.conversations.services import queue_message
from bot import channel as module
from bot.channel import AlreadyRunning, transport_of
from integrations.errors import Unavailable
from integrations.whatsapp.base import Batch, Connection, ConnState
from integrations.whatsapp.simulator import SimulatorTransport
from tests.backoffice import desk
from tests.bot.inbox import line
from tests.bot.wire import Wire
from tests.cast import JUAN, MARIA


class Rounds(threading.Event):
    """A stop that comes after some rounds of waiting, so that a loop ends by itself and no test waits."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.left = rounds

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        if self.left <= 0:
            self.set()
        return self.is_set()


@pytest.fixture
def channel(db: None) -> Channel:
    channel = desk.open_for_business()
    status_of(channel)
    return channel


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """Behind every channel; the test's own connection is not closed by the loops."""
    wire = Wire()
    monkeypatch.setattr(module, "transport_of", lambda channel: wire.transport)
    monkeypatch.setattr(module.connection, "close", lambda: None)
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    return wire


def test_each_kind_has_its_transport_and_a_preview_has_none(channel):
    assert isinstance(transport_of(channel), SimulatorTransport)
    with pytest.raises(ValueError, match="no transport"):
        transport_of(Channel.objects.create(name="Prueba", kind="preview"))


def test_what_was_read_is_acknowledged_only_when_it_is_stored(channel, wire):
    record_cursor(channel=channel, cursor="7")
    wire.batches = [Batch((line(MARIA.phone),), "8"), Batch((line(JUAN.phone),), "9")]
    module._receive(channel, Rounds(1))
    assert wire.cursors == ["7", "8", "9"]
    assert InboxEvent.objects.count() == 2
    assert status_of(channel).cursor == "9"
    assert status_of(channel).state == "connected"
    assert wire.is_closed


@pytest.mark.parametrize(("pace", "is_heard"), [(0.0, True), (3600.0, False)])
def test_a_number_to_which_nobody_writes_says_now_and_then_that_it_listens(channel, wire, monkeypatch, pace, is_heard):
    record_cursor(channel=channel, cursor="7")
    long_ago = timezone.now() - timedelta(minutes=5)

    def nothing_came(*_: object) -> int:
        ChannelStatus.objects.update(seen_at=long_ago)
        return 0

    monkeypatch.setattr(module, "SIGN_OF_LIFE", pace)
    monkeypatch.setattr(module, "take_in", nothing_came)
    module._receive(channel, Rounds(2))
    assert (status_of(channel).seen_at > long_ago) == is_heard
    assert status_of(channel).cursor == "7"


def test_a_network_that_is_away_is_shown_and_asked_again(channel, wire):
    wire.batches = [Unavailable(), Batch((line(MARIA.phone),), "1")]
    wire.link = Unavailable()
    module._receive(channel, Rounds(2))
    assert InboxEvent.objects.count() == 1
    assert ChannelStatus.objects.get().state == "disconnected"


@pytest.mark.parametrize("error", [OperationalError("disk full"), RuntimeError("boom")])
def test_what_could_not_be_stored_is_asked_for_again(channel, wire, monkeypatch, error):
    message, real, failing = line(MARIA.phone), module.take_in, [error]

    def take_in(*args):
        if failing:
            raise failing.pop()
        return real(*args)

    monkeypatch.setattr(module, "take_in", take_in)
    wire.batches = [Batch((message,), "1"), Batch((message,), "1")]
    module._receive(channel, Rounds(2))
    assert wire.cursors[:2] == [None, None]
    assert InboxEvent.objects.count() == 1


@pytest.mark.parametrize("error", [ValueError("odd"), DataError("too long")])
def test_one_event_that_cannot_be_taken_in_is_set_aside_and_the_rest_goes_on(channel, wire, monkeypatch, error):
    bad, good, real = line(MARIA.phone, "malo"), line(JUAN.phone, "bueno"), module.take_in

    def take_in(channel, transport, events):
        if bad in events:
            raise error
        return real(channel, transport, events)

    monkeypatch.setattr(module, "take_in", take_in)
    wire.batches = [Batch((bad, good), "2")] * (module.STUMBLES + 1)
    module._receive(channel, Rounds(module.STUMBLES + 1))
    kept = {event.payload["text"]: event.state for event in InboxEvent.objects.all()}
    assert kept == {"malo": InboxEvent.State.DEAD, "bueno": InboxEvent.State.PENDING}
    assert status_of(channel).cursor == "2"


def test_a_number_that_waits_for_its_scan_shows_its_qr(channel, wire):
    wire.link = Connection(ConnState.NEW, qr="scan me")
    module._say_state(channel, wire.transport)
    assert (status_of(channel).state, status_of(channel).qr) == ("waiting_qr", "scan me")


def ends(monkeypatch: pytest.MonkeyPatch, stop: Rounds) -> None:
    class Waker:
        def __init__(self, bell: Bell) -> None: ...

        def clear(self) -> None: ...

        def wait(self, seconds: float) -> None:
            stop.wait(seconds)

        def close(self) -> None: ...

    monkeypatch.setattr(module, "Waker", Waker)


def test_the_outbox_is_emptied_and_what_staff_change_is_followed(channel, wire, monkeypatch):
    queue_message(conversation=desk.chat_of(channel), author="bot", text="Hola")
    stop = Rounds(2)
    ends(monkeypatch, stop)
    adopted: list[Channel] = []
    monkeypatch.setattr(module.Sender, "adopt", lambda self, one: adopted.append(one))
    revisions = iter([1, 2, 2])
    monkeypatch.setattr(module.ConfigRevision, "current", lambda: next(revisions))
    module._send(channel, stop)
    assert wire.texts == ["Hola"]
    assert adopted == [channel]


@pytest.mark.parametrize("error", [OperationalError("gone"), RuntimeError("boom")])
def test_the_sender_goes_on_after_a_fault(channel, wire, monkeypatch, error):
    stop, failing, real = Rounds(4), [error], module.Sender.run_once

    def run_once(self, now=None):
        if failing:
            raise failing.pop()
        return real(self, now)

    ends(monkeypatch, stop)
    monkeypatch.setattr(module.Sender, "run_once", run_once)
    queue_message(conversation=desk.chat_of(channel), author="bot", text="Hola")
    module._send(channel, stop)
    assert wire.texts == ["Hola"]


@pytest.mark.parametrize("error", [OperationalError("gone"), RuntimeError("boom")])
def test_group_jobs_go_on_after_a_fault(channel, wire, monkeypatch, error):
    results = [error, True, False]

    def run_due(*_):
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(module.group_jobs, "run_due", run_due)
    module._groups(channel, Rounds(2))
    assert results == []


def test_another_timeout_is_in_force_with_the_next_message(channel, wire, monkeypatch):
    """ISPBOT-INT-08."""
    made: list[int] = []
    monkeypatch.setattr(module, "transport_of", lambda channel: made.append(channel.timeout) or wire.transport)
    sender = module.Sender(channel, wire.transport)
    assert module._follow(channel, sender, wire.transport) is wire.transport
    other = Channel.objects.get(pk=channel.pk)
    other.timeout = 45
    other.save()
    module._follow(channel, sender, wire.transport)
    module._follow(channel, sender, wire.transport)
    assert made == [45]
    assert wire.is_closed


def test_the_transport_waits_as_long_as_the_channel_says(channel):
    channel.timeout = 45
    assert transport_of(channel)._wire._client.timeout.read == 45  # type: ignore[attr-defined]


@pytest.mark.parametrize("error", [OperationalError("gone"), RuntimeError("boom")])
def test_notices_go_on_after_a_fault(channel, wire, monkeypatch, error):
    results = [error, 1, 0]

    def run_once(self):
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(module.Feeder, "run_once", run_once)
    module._notices(channel, Rounds(2))
    assert results == []


def test_a_number_has_one_process(channel):
    with module._lock(channel.pk), pytest.raises(AlreadyRunning), module._lock(channel.pk):
        pass
    with module._lock(channel.pk):
        pass


def test_when_a_loop_ends_the_process_ends_to_be_started_again(channel, wire, monkeypatch):
    for name in ("_receive", "_send", "_notices", "_groups"):
        monkeypatch.setattr(module, name, lambda channel, stop: None)
    stop = Rounds(9)
    module.run(channel.pk, stop)
    assert stop.is_set()
    assert stop.left > 1
