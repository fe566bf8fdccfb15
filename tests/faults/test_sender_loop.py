"""The sender's own loop after the database failed between the network's answer and the row that says so."""

import threading
from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.db import OperationalError

from backoffice.conversations.models import Message
from bot import channel as process
from bot import sender
from tests.story import StoryHere


class Stop(threading.Event):
    """Tells the loop to end after some rounds."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self._left = rounds

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0

    def wait(self, timeout: float | None = None) -> bool:
        return False


@pytest.mark.flow
def test_a_send_whose_answer_could_not_be_stored_holds_nobody(
    story: StoryHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.maria.writes("hola")
    story.listens()
    story.time_to_answer()
    story.dispatcher.run_once()
    monkeypatch.setattr(process, "transport_of", lambda _: Mock(wraps=story.transport, caps=story.transport.caps))
    monkeypatch.setattr(process, "connection", Mock())
    monkeypatch.setattr(process, "Waker", Mock())
    monkeypatch.setattr(sender, "_delivered", once_broken(sender._delivered))
    process._send(story.channel, Stop(rounds=4))
    assert not Message.objects.filter(direction="out").exclude(status="sent").exists()
    assert "María" in story.maria.hears()


def once_broken(store: Callable[..., None]) -> Callable[..., None]:
    failures = [OperationalError("the server closed the connection")]

    def run(*args: object) -> None:
        if failures:
            raise failures.pop()
        store(*args)

    return run
