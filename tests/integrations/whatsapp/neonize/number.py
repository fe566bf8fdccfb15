"""A number whose library is the stand-in: what arrives, and what is asked of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from integrations.whatsapp.base import ConnState, Event, MessageIn, StateChanged
from integrations.whatsapp.neonize.link import Timing
from integrations.whatsapp.neonize.transport import NeonizeTransport
from tests.integrations.whatsapp.neonize.standin import Network, until

QUICK = {
    "look": 0.02,
    "waits": (0.02,),
    "tries": (0.0, 0.0),
    "answer": 5.0,
    "drain": 2.0,
    "hush": 0.01,
    "call": 5.0,
    "transfer": 5.0,
}


@dataclass
class Number:
    """The network, and the transports on it. `bot` is the one that most tests use."""

    network: Network
    folder: Path
    timing: Timing = field(default_factory=lambda: Timing(**QUICK))
    opened: list[NeonizeTransport] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)
    cursor: str | None = None

    def transport(self) -> NeonizeTransport:
        made = NeonizeTransport(self.folder, reach="", make=self.network.make, timing=self.timing)
        self.opened.append(made)
        return made

    @property
    def bot(self) -> NeonizeTransport:
        return self.opened[0] if self.opened else self.transport()

    def events(self) -> list[Event]:
        """What is heard now; asking again acknowledges it."""
        batch = self.bot.poll(self.cursor)
        self.cursor = batch.cursor
        self.told += batch.events
        return list(batch.events)

    def hears(self, kind: type[Any], count: int = 1) -> list[Any]:
        """The next events of a kind, waiting for as many."""
        found: list[Any] = []

        def enough() -> bool:
            found.extend(event for event in self.events() if isinstance(event, kind))
            return len(found) >= count

        until(enough)
        return found

    def hears_message(self) -> MessageIn:
        return self.hears(MessageIn)[0]

    def becomes(self, state: ConnState) -> StateChanged:
        """Wait for a state, and what was told of it."""
        until(lambda: self.bot.state().state == state)

        def is_told() -> bool:
            self.events()
            return any(isinstance(event, StateChanged) and event.state == state for event in self.told)

        until(is_told)
        return [event for event in self.told if isinstance(event, StateChanged) and event.state == state][-1]

    def with_timing(self, **seconds: Any) -> None:
        self.timing = Timing(**QUICK | seconds)


@pytest.fixture
def unlinked(tmp_path: Path) -> Iterator[Number]:
    number = Number(Network(), tmp_path / "number")
    yield number
    number.network.released.set()
    for transport in number.opened:
        transport.close()
    assert number.network.deaths == []


@pytest.fixture
def number(unlinked: Number) -> Number:
    """Linked and online, with all that said so already heard."""
    unlinked.bot.poll(None)
    pair(unlinked)
    unlinked.becomes(ConnState.ONLINE)
    unlinked.events()
    unlinked.told.clear()
    return unlinked


def pair(number: Number) -> None:
    shown = number.bot.state().state
    assert shown == ConnState.NEW
    code = "https://wa.me/settings/linked_devices#1,a,b"
    with meanwhile(lambda: number.network.shows_qr(code)):
        assert number.bot.begin_pairing().qr == code
    number.network.pairs()


@contextmanager
def meanwhile(do: Callable[[], object]) -> Iterator[None]:
    """What the network does while we ask something of it."""
    thread = threading.Thread(target=do)
    thread.start()
    yield
    thread.join()
