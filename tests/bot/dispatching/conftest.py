"""A channel, a dispatcher, and the engine it runs."""

from collections.abc import Iterator

import pytest

from backoffice.channels.models import Channel
from bot import dispatcher as module
from bot import snapshot
from bot.dispatcher import Dispatcher
from tests.backoffice import desk
from tests.bot.dispatching.helpers import Engine


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    told = Engine()
    monkeypatch.setattr(module, "engine", told)
    return told


@pytest.fixture
def channel(db: None) -> Iterator[Channel]:
    snapshot.forget()
    yield desk.open_for_business()
    snapshot.forget()


@pytest.fixture
def bot(channel: Channel, engine: Engine) -> Dispatcher:
    return Dispatcher()
