"""The heart tells what its process counted: each ten seconds, at the end, and later when the database was away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from backoffice.common import metrics
from backoffice.operations import metering
from backoffice.operations.models import Heartbeat, Metric
from bot import heart as module
from bot.heart import COUNTED_EVERY, EVERY, Heart

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    metrics.drain()
    yield
    metrics.drain()


def since_ever(name: str) -> int:
    return sum(Metric.objects.filter(name=name, minute=Metric.SINCE_EVER).values_list("count", flat=True))


@pytest.fixture
def later(monkeypatch):
    """A clock that the test moves."""
    clock = [timezone.now()]
    monkeypatch.setattr(module.timezone, "now", lambda: clock[0])

    def move(by: timedelta) -> None:
        clock[0] += by

    return move


def test_it_beats_each_five_seconds_and_tells_its_counters_each_ten(later):
    heart = Heart("despachador 1")
    metrics.count("turns", 4)
    heart.beat()
    seen = Heartbeat.objects.get().seen_at
    later(EVERY)
    heart.beat()
    assert Heartbeat.objects.get().seen_at == seen + EVERY
    assert since_ever("turns") == 0
    later(COUNTED_EVERY - EVERY)
    heart.beat()
    assert since_ever("turns") == 4


def test_a_process_that_ends_tells_the_rest():
    metrics.count("sent", 2)
    Heart("canal 1").tell_counters()
    assert since_ever("sent") == 2


def test_what_the_database_refused_is_told_later(monkeypatch):
    def away(*_args: object, **_more: object) -> None:
        raise OperationalError("the server is restarting")

    heart = Heart("canal 1")
    metrics.count("sent", 2)
    with monkeypatch.context() as broken:
        broken.setattr(metering, "store", away)
        broken.setattr(module.connection, "close", lambda: None)
        heart.tell_counters()
    assert since_ever("sent") == 0
    heart.tell_counters()
    assert since_ever("sent") == 2
