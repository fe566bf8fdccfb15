"""The watchdog mends, samples and tidies, each at its pace."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.common import metrics
from backoffice.common.metrics import Tally
from backoffice.connections.models import CallLog
from backoffice.conversations.models import InboxEvent, Lane
from backoffice.operations.metering import KEPT, store
from backoffice.operations.models import Heartbeat, Metric
from bot.dispatcher import Dispatcher
from bot.watchdog import Watchdog
from tests.backoffice import desk
from tests.bot import inbox
from tests.cast import MARIA

pytestmark = [pytest.mark.django_db, pytest.mark.flow]


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    metrics.drain()
    yield
    metrics.drain()


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def counted(name: str) -> int:
    return sum(tally.count for tally in metrics.drain() if tally.name == name)


def test_a_chat_that_lost_its_turn_is_answered_after_all(clock, story):
    """What no code of ours does: the event is stored and its lane says nothing."""
    channel = desk.open_for_business()
    inbox.writes(channel, MARIA.phone, "hola")
    Lane.objects.update(ready_at=None)
    InboxEvent.objects.update(ready_at=timezone.now() - timedelta(seconds=31))
    assert Dispatcher().run_once() == 0
    Watchdog(clock).look()
    assert counted("mended") == 1
    assert Dispatcher().run_once() == 1
    assert inbox.states() == [InboxEvent.State.DONE]
    assert inbox.answers(MARIA.key)


def test_it_samples_the_queue_each_ten_seconds(clock):
    Lane.objects.create(key="1:p:1", ready_at=timezone.now() - timedelta(seconds=90))
    watchdog = Watchdog(clock)
    watchdog.look()
    watchdog.look()
    [queue] = [tally for tally in metrics.drain() if tally.name == "queue"]
    assert (queue.bound, queue.count) == (120_000, 1)
    assert queue.total >= 90_000
    clock.at += 10
    watchdog.look()
    assert counted("queue") == 1


def test_between_two_looks_it_costs_nothing(clock, django_assert_num_queries):
    watchdog = Watchdog(clock)
    watchdog.look()
    clock.at += 9
    with django_assert_num_queries(0):
        watchdog.look()


def test_each_hour_it_forgets_old_minutes_old_calls_and_processes_that_are_no_more(clock):
    now = timezone.now()
    for name, days in (("vieja", 91), ("nueva", 89)):
        call = {"provider": "mikrowisp", "what": "Probar conexión", "ms": 9, "result": "ok"}
        CallLog.objects.create(name=name, at=now - timedelta(days=days), **call)
    store([Tally("sent", 0, 1)], at=now - KEPT - timedelta(days=1))
    Heartbeat.objects.create(name="canal 9", started_at=now, seen_at=now - timedelta(hours=25))
    Heartbeat.objects.create(name="canal 1", started_at=now, seen_at=now - timedelta(hours=23))
    Watchdog(clock).look()
    assert list(Metric.objects.values_list("minute", flat=True)) == [Metric.SINCE_EVER]
    assert [row.name for row in Heartbeat.objects.all()] == ["canal 1"]
    assert [row.name for row in CallLog.objects.all()] == ["nueva"]
