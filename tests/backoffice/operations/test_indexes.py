"""What is asked every few seconds is answered by a small index, never by reading the history."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from backoffice.common.sql import Written
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.operations.stuck import dead_events, forgotten_lanes, waiting_lanes
from backoffice.panel.pages.doubtful import _doubtful

pytestmark = pytest.mark.django_db


def plan(rows: QuerySet) -> str:
    """How the database would find them. PostgreSQL prefers to read a small table whole: here it may not."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


def reads_all(told: str) -> bool:
    """SQLite says «SCAN table» for the whole table and «SCAN … USING … INDEX» for an index; PostgreSQL «Seq Scan»."""
    return any(
        "Seq Scan on conversations_" in line or ("SCAN conversations_" in line and "INDEX" not in line)
        for line in told.splitlines()
    )


now = timezone.now()
day = now - timedelta(days=1)

QUESTIONS: dict[str, tuple[Callable[[], QuerySet], str]] = {
    "failed today": (
        lambda: Message.objects.filter(status=Written(Message.Status.FAILED), status_at__gt=day).order_by(),
        "message_failed",
    ),
    "dead letters": (lambda: dead_events().select_related(None), "inbox_dead"),
    "chats that wait": (lambda: waiting_lanes(now).order_by(), "lane_ready"),
    "chats whose owner died": (lambda: waiting_lanes(now).order_by(), "lane_leased"),
    "chats that lost their turn": (lambda: forgotten_lanes(now), "inbox_pending"),
}


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_each_question_has_its_index(question):
    ask, index = QUESTIONS[question]
    told = plan(ask())
    assert index in told
    assert not reads_all(told), told


def test_in_doubt_is_found_in_the_outbox():
    told = plan(Message.objects.filter(due_at__isnull=False, status=Message.Status.UNCERTAIN).order_by())
    assert "outbox" in told
    assert not reads_all(told), told


def test_the_list_of_what_is_to_be_decided_finds_each_state_by_its_own_index():
    told = plan(_doubtful().select_related(None).order_by())
    assert "message_failed" in told
    assert "outbox" in told


@pytest.mark.parametrize("strange", ["x' OR 1=1", "Failed", "", "a" * 31, 1.5, None])
def test_only_a_constant_of_ours_is_written_in_the_sql(strange):
    with pytest.raises((ValueError, TypeError)):
        Written(strange)


def test_what_is_written_means_the_same_as_what_is_given():
    lane = Lane.objects.create(key="1:p:1")
    event = {"source": "channel:1", "external_id": "a", "kind": "message", "state": 2, "ready_at": None}
    InboxEvent.objects.create(lane=lane, **event)
    assert InboxEvent.objects.filter(state=Written(InboxEvent.State.DEAD)).count() == 1
    assert not InboxEvent.objects.filter(state=Written(InboxEvent.State.DONE)).exists()
