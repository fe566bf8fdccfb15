"""Rows stored by the short way are the rows that the ORM would have stored."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError

from backoffice.catalog.models import Faq
from backoffice.channels.models import Channel
from backoffice.common.inserting import AT_ONCE, insert
from backoffice.conversations.models import Contact, Conversation, DialogState, InboxEvent, Lane, Message

AT = datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def chat(db: None) -> Conversation:
    channel = Channel.objects.create(name="WhatsApp", kind=Channel.Kind.SIMULATOR)
    return Conversation.objects.create(channel=channel, contact=Contact.objects.create(name="María"), address="p:1")


def line(chat: Conversation, **told: Any) -> Message:
    values = {"direction": Message.Direction.IN, "author": Message.Author.CONTACT, "status": Message.Status.RECEIVED}
    return Message(conversation=chat, channel_id=chat.channel_id, created_at=AT, status_at=AT, **(values | told))


def told(message: Message) -> dict[str, Any]:
    return {
        field.attname: getattr(message, field.attname)
        for field in Message._meta.concrete_fields
        if field.attname != "id"
    }


def test_a_row_is_as_the_orm_would_have_stored_it(chat):
    values: dict[str, Any] = {
        "text": "¿«Cuánto» debo? 🙏\n%s {x}",
        "location": {"latitude": -32.9, "name": "casa"},
        "menu": [{"key": "do:balance", "title": "Cuenta"}],
        "due_at": AT,
        "priority": Message.Priority.NOTICE,
        "status": Message.Status.QUEUED,
    }
    by_hand, by_orm = line(chat, **values), line(chat, **values)
    insert([by_hand])
    by_orm.save()
    assert told(Message.objects.get(pk=by_hand.pk)) == told(Message.objects.get(pk=by_orm.pk))


def test_each_row_learns_its_own_id_however_many_there_are(chat):
    rows = [line(chat, text=str(number)) for number in range(2 * AT_ONCE + 3)]
    insert(rows)
    assert {row.pk: row.text for row in rows} == dict(Message.objects.values_list("pk", "text"))
    rows[7].text = "corregido"
    rows[7].save()  # it is no new row
    assert Message.objects.count() == len(rows)


def test_what_is_there_is_skipped_or_replaced_as_asked(chat):
    lane = Lane.objects.create(key="1:p:1")
    events = [InboxEvent(lane=lane, source="s", external_id=name, kind="message") for name in ("1", "1", "2")]
    insert(events, skip_known=True)
    assert sorted(InboxEvent.objects.values_list("external_id", flat=True)) == ["1", "2"]
    for step in ("uno", "dos"):
        insert(
            [DialogState(contact_id=chat.contact_id, step=step, data={"n": step}, updated_at=AT)], replace_by="contact"
        )
    assert list(DialogState.objects.values_list("step", "data")) == [("dos", {"n": "dos"})]


def test_what_the_database_refuses_is_told(chat):
    with pytest.raises(IntegrityError):
        insert([line(chat, external_id="w1"), line(chat, external_id="w1")])


def test_nothing_is_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert([])


def test_what_keeps_a_history_is_not_written_behind_its_back(db):
    with pytest.raises(TypeError, match="history"):
        insert([Faq(question="¿?")])
