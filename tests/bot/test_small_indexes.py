"""The queue and the outbox are found by what waits in them, however much was said before (on both databases)."""

import re

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.conversations.models import InboxEvent, Lane, Message
from bot.dispatcher import Dispatcher
from bot.intake import take_in
from bot.sender import Sender
from tests.backoffice import desk
from tests.bench.dialogue import wave
from tests.bot import inbox
from tests.bot.outbox import BULK, say
from tests.bot.wire import Wire
from tests.cast import ANA, MARIA


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()


def plan(statement: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table of ten rows is read whole otherwise
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + statement)
        return "\n".join(str(row) for row in cursor.fetchall())


def plans(captured: CaptureQueriesContext, word: str) -> list[str]:
    found = [query["sql"] for query in captured if query["sql"].startswith("SELECT") and word in query["sql"]]
    assert found
    return [plan(statement) for statement in found]


def test_the_sender_looks_only_at_the_outbox(channel):
    inbox.writes(channel, MARIA.phone, "hola")
    Dispatcher().run_once()
    sender = Sender(channel, Wire().transport)
    with CaptureQueriesContext(connection) as captured:
        sender.run_once()
    for told in plans(captured, '"conversations_message"."due_at" <='):
        used = set(re.findall(r"\b(?:conversations_)?message_\w+", told))
        assert "message_outbox" in used
        assert used <= {"message_outbox", "message_chat_outbox", "conversations_message_pkey"}  # the key is the quote's


def test_no_row_of_the_outbox_is_compared_with_the_others(channel):
    """Right after ten thousand notices a server does not know of them yet, and would plan a join for one row."""
    say(desk.chat_of(channel, ANA), "aviso", BULK)
    with CaptureQueriesContext(connection) as captured:
        assert Sender(channel, Wire().transport).run_once()
    asked = plans(captured, '"due_at" IS NOT NULL')
    assert len(asked) == 2  # for a line, and then for a notice
    for told in asked:
        assert "Join" not in re.sub("(Left|Right) Join", "", told)
        assert "CORRELATED" not in told


def test_the_dispatcher_looks_only_at_what_waits(channel):
    inbox.writes(channel, MARIA.phone, "hola")
    with CaptureQueriesContext(connection) as captured:
        Dispatcher().run_once()
    for told in plans(captured, 'FROM "conversations_inboxevent"'):
        assert "inbox_pending" in told


def test_a_crowd_is_found_by_the_same_indexes(channel):
    """With many values at once SQLite weighs its indexes anew, and one over everything looks good to it."""
    crowd = wave([f"54926155501{number:02d}" for number in range(40)], "hola", "crowd:")
    with CaptureQueriesContext(connection) as captured:
        take_in(channel, Wire().transport, crowd)
        Lane.objects.update(ready_at=timezone.now())  # nobody waits for the rest of a burst
        Dispatcher().run_once()
    for told in plans(captured, 'FROM "conversations_inboxevent" WHERE ("conversations_inboxevent"."lane_id"'):
        assert "inbox_pending" in told
    for told in plans(captured, '"conversations_lane"."key" IN'):
        assert "lane_once" in told or "lane_1" in told  # SQLite names the index of a constraint by its number


def left_over(rows: QuerySet, column: str) -> list[str]:
    return [str(row) for row in rows.filter(**{f"{column}__isnull": False})]


def test_what_is_done_waits_for_nothing(channel):
    for person in (MARIA, ANA):
        inbox.writes(channel, person.phone, "quiero hablar con una persona")
    bot, sender = Dispatcher(), Sender(channel, Wire().transport)
    while bot.run_once() or sender.run_once():
        pass
    assert Message.objects.filter(status="sent").exists()
    assert left_over(Message.objects.exclude(status__in=["queued", "sending", "uncertain"]), "due_at") == []
    assert left_over(InboxEvent.objects.exclude(state=InboxEvent.State.PENDING), "ready_at") == []
    assert not InboxEvent.objects.filter(state=InboxEvent.State.PENDING, ready_at__lte=timezone.now()).exists()
