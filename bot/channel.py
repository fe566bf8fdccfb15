"""The process of one number: it listens, sends, lets notices out and looks after its groups (design 3, «Processes»).

Four loops, a thread each, because WhatsApp blocks: a slow send must not keep messages from coming in.
Exactly one process a number, by a lock on a file that the system frees when the process dies.
"""

import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from backoffice.channels.models import Channel, ChannelStatus
from backoffice.channels.services import record_cursor, record_state, status_of
from backoffice.common.models import Activity, ConfigRevision
from backoffice.conversations.lanes import Bell
from backoffice.conversations.services import set_aside
from bot import group_jobs
from bot.heart import Heart
from bot.intake import take_in
from bot.notices import Feeder
from bot.sender import Sender
from bot.wake import Waker
from integrations.errors import IntegrationError
from integrations.whatsapp.base import ConnState, Event, Transport, to_json
from integrations.whatsapp.simulator import SimulatorTransport

log = logging.getLogger(__name__)

QUIET, BUSY = 0.3, 0.0
BREATH = 0.02  # between two questions to the network, however much is written meanwhile
STUMBLES = 3
AWAY = 2.0
SIGN_OF_LIFE = 15.0  # a number to which nobody writes says all the same that it listens


class AlreadyRunning(RuntimeError):
    """Another process holds this number: two would answer twice."""


def transport_of(channel: Channel) -> Transport:
    """The adapter behind a channel's kind."""
    if channel.kind == Channel.Kind.SIMULATOR:
        return SimulatorTransport(
            settings.SIMULATOR_URL,
            timeout=float(channel.timeout),
            refuses_repeats=settings.SIMULATOR_REFUSES_REPEATS,
        )
    raise ValueError(f"channel {channel.pk} has no transport: {channel.kind}")


def run(channel_id: int, stop: threading.Event) -> None:
    """Run a channel until `stop` is set. Raises: AlreadyRunning."""
    channel = Channel.objects.get(pk=channel_id)
    with _lock(channel_id):
        status_of(channel)
        loops: list[tuple[str, Callable[[Channel, threading.Event], None]]] = [
            ("receiver", _receive),
            ("sender", _send),
            ("notices", _notices),
            ("groups", _groups),
        ]
        threads = [
            threading.Thread(target=loop, args=(channel, stop), name=f"{name}-{channel_id}", daemon=True)
            for name, loop in loops
        ]
        for thread in threads:
            thread.start()
        heart = Heart(f"canal {channel_id}")
        while not stop.wait(1.0):
            heart.beat()
            ended = not all(thread.is_alive() for thread in threads)
            if ended and not stop.is_set():  # in this order: whoever was told to stop may end while we look
                log.error("a loop of channel %d ended; restarting the process", channel_id)
                stop.set()
        for thread in threads:
            thread.join(timeout=8)
        heart.tell_counters()


def _receive(channel: Channel, stop: threading.Event) -> None:
    transport = transport_of(channel)
    waker = Waker(Bell.NETWORK)
    cursor = status_of(channel).cursor or None
    stumbles, told = 0, time.monotonic()
    _say_state(channel, transport)
    while not stop.is_set():
        pause = QUIET
        try:
            waker.clear()
            batch = transport.poll(cursor)
            if _take_all(channel, transport, batch.events, one_by_one=stumbles >= STUMBLES):
                pause = BUSY
            stumbles = 0
            if batch.cursor != cursor or time.monotonic() - told > SIGN_OF_LIFE:
                record_cursor(channel=channel, cursor=batch.cursor)
                cursor, told = batch.cursor, time.monotonic()
        except IntegrationError as error:
            record_state(channel=channel, state=ChannelStatus.State.DISCONNECTED, reason=error.staff_text)
            pause = AWAY
        except (OperationalError, InterfaceError):
            log.exception("channel %d could not store what came in; it will be asked for again", channel.pk)
            connection.close()
            pause = AWAY
        except Exception:
            log.exception("channel %d could not take in an event", channel.pk)
            stumbles += 1
            pause = AWAY
        if pause == AWAY:
            stop.wait(pause)
            _say_state(channel, transport)
        elif pause and not stop.wait(BREATH):
            waker.wait(pause)
    waker.close()
    transport.close()


def _take_all(channel: Channel, transport: Transport, events: Sequence[Event], *, one_by_one: bool) -> int:
    """Store a batch. One that made us stumble is taken event by event, and only the guilty one is set aside, raw."""
    if not one_by_one:
        return take_in(channel, transport, events)
    for event in events:
        try:
            take_in(channel, transport, [event])
        except (OperationalError, InterfaceError, IntegrationError):
            raise
        except Exception:
            log.exception("channel %d sets aside an event it cannot take in", channel.pk)
            set_aside(channel_id=channel.pk, external_id=event.event_id, payload=to_json(event))
            Activity.note(Activity.Kind.ERROR, f"{channel}: llegó algo que no se pudo entender y quedó apartado")
    return len(events)


def _say_state(channel: Channel, transport: Transport) -> None:
    """Ask the network how the link stands, when we start and after it was away."""
    try:
        now = transport.state()
        if now.state in (ConnState.NEW, ConnState.LOGGED_OUT):
            now = transport.begin_pairing()
    except IntegrationError:
        return
    linked = now.state == ConnState.ONLINE
    waiting = now.state in (ConnState.NEW, ConnState.PAIRING)
    state = (
        ChannelStatus.State.CONNECTED
        if linked
        else ChannelStatus.State.WAITING_QR
        if waiting
        else ChannelStatus.State.DISCONNECTED
    )
    record_state(channel=channel, state=state, number=now.me.value if now.me else "")
    if waiting and now.qr:
        ChannelStatus.objects.filter(channel=channel).update(qr=now.qr)


def _send(channel: Channel, stop: threading.Event) -> None:
    waker = Waker(Bell.OUTBOX)
    transport = transport_of(channel)
    sender, revision = Sender(channel, transport), ConfigRevision.current()
    half_sent = True  # what the last process, or the last failure, left SENDING would hold its chat for ever
    while not stop.is_set():
        try:
            if half_sent:
                sender.recover()
                half_sent = False
            waker.clear()
            if sender.run_once():
                continue
            if revision != (revision := ConfigRevision.current()):
                transport = _follow(channel, sender, transport)
        except DatabaseError:
            log.exception("channel %d could not read its outbox", channel.pk)
            connection.close()
            half_sent = True
            stop.wait(AWAY)
        except Exception:
            log.exception("channel %d failed while sending", channel.pk)
            half_sent = True
            stop.wait(AWAY)
        waker.wait(0.5)
    waker.close()
    transport.close()


def _follow(channel: Channel, sender: Sender, transport: Transport) -> Transport:
    """Take up what staff changed in the channel; another time-out needs another connection."""
    known = channel.timeout
    channel.refresh_from_db()
    if channel.timeout == known:
        sender.adopt(channel)
        return transport
    transport.close()
    transport = transport_of(channel)
    sender.adopt(channel, transport)
    return transport


def _notices(channel: Channel, stop: threading.Event) -> None:
    """What the ISP's system left is let into the outbox here: nobody who writes ever waits for it."""
    feeder = Feeder(channel)
    while not stop.is_set():
        decided = 0
        try:
            decided = feeder.run_once()
        except DatabaseError:
            log.exception("channel %d could not read its notices", channel.pk)
            connection.close()
        except Exception:
            log.exception("channel %d failed at its notices", channel.pk)
        if not decided:
            stop.wait(1.0)
            close_old_connections()


def _groups(channel: Channel, stop: threading.Event) -> None:
    """Groups take their time, so they have a loop of their own; nobody waits for them."""
    transport = transport_of(channel)
    while not stop.is_set():
        worked = False
        try:
            worked = group_jobs.run_due(channel, transport, timezone.now())
        except DatabaseError:
            log.exception("channel %d could not read its group jobs", channel.pk)
            connection.close()
        except Exception:
            log.exception("channel %d failed at a group job", channel.pk)
        if not worked:
            stop.wait(0.5)
            close_old_connections()
    transport.close()


@contextmanager
def _lock(channel_id: int) -> Iterator[None]:
    """One process a number on this machine. The system frees the lock when the process ends, however it ends."""
    folder = Path(settings.VAR_DIR) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"channel-{channel_id}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"channel {channel_id} is already running") from None
        yield
