"""Stories in which people, or the network, send what nobody should. None of them may log an error."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.test import Client

from backoffice.accounts.models import User
from backoffice.simulator.models import WireEvent
from backoffice.simulator.services.clock import take_seq
from tests.story import StoryHere


@pytest.fixture(autouse=True)
def _no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An exception that somebody caught is still a fault: the log tells."""
    yield
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in errors] == []


def posts(story: StoryHere, body: bytes, path: str = "/messages") -> httpx.Response:
    """Whatever bytes, to the network's API."""
    return story.network._client.post(f"/simulator/api{path}", content=body)


def staff_opens(story: StoryHere, path: str) -> httpx.Response:
    """A page of the panel, by somebody who may see everything, in the middle of a story."""
    browser = Client()
    browser.force_login(User.objects.get_or_create(username="jefa", is_staff=True, is_superuser=True)[0])
    cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in browser.cookies.items())
    return story.network._client.get(path, headers={"Cookie": cookies})


def network_tells(story: StoryHere, payload: dict[str, Any]) -> None:
    """Put an event on the wire as the network would write it, whatever it says, and let the bot work."""
    WireEvent.objects.create(seq=take_seq().first, payload=payload)
    story.goes_on()


def message(event_id: str = "raro-1", **told: Any) -> dict[str, Any]:
    """María's line as the network tells it."""
    line = {
        "kind": "message",
        "event_id": event_id,
        "message_id": event_id,
        "chat": "p:5492612345678",
        "sender": "p:5492612345678",
        "at": "2026-11-24T13:30:00+00:00",
        "text": "hola",
        "sender_name": "María",
    }
    return {key: value for key, value in (line | told).items() if value is not None}
