"""What people do is counted once, where it happens, and costs no statement."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.common import metrics
from backoffice.conversations.models import Message
from bot import tally
from tests.story import StoryHere

pytestmark = pytest.mark.flow


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    metrics.drain()
    yield
    metrics.drain()


def counted() -> dict[str, int]:
    found: dict[str, int] = {}
    for told in metrics.drain():
        found[told.name] = found.get(told.name, 0) + told.count
    return found


def test_maria_says_hola_and_everything_is_counted_once(story: StoryHere) -> None:
    counted()
    story.maria.says("hola")
    told = counted()
    assert (told["received"], told["turns"], told["answered"], told["sent"]) == (1, 1, 1, 1)
    assert (told["turn"], told["outbox"]) == (1, 1)
    assert not told.keys() & {"failed", "uncertain", "dead"}


@pytest.mark.parametrize(("priority", "name"), [(0, "sent"), (1, "sent"), (2, "notices_sent"), (3, "notices_sent")])
def test_notices_are_counted_apart_and_do_not_count_as_delay(priority: int, name: str) -> None:
    now = timezone.now()
    tally.left(Message(priority=priority, created_at=now - timedelta(hours=2), due_at=now - timedelta(seconds=1)), now)
    told = {one.name: one for one in metrics.drain()}
    assert told[name].count == 1
    assert ("outbox" in told) == (name == "sent")
    if name == "sent":
        assert told["outbox"].total == 1000  # from when it was due, not from when it was written


@pytest.mark.parametrize(("status", "name"), [("failed", "failed"), ("uncertain", "uncertain")])
def test_what_stayed_is_counted_by_how_it_ended(status: str, name: str) -> None:
    tally.stayed(status)
    assert counted() == {name: 1}
