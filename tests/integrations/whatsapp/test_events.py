"""Events are rows before they are anything: what is stored must come back the same."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.whatsapp.base import (
    Addr,
    ConnState,
    GroupChanged,
    IdentityLearned,
    Location,
    MediaIn,
    MessageIn,
    QrCode,
    StateChanged,
    StatusIn,
    event_from_json,
    to_json,
)

MARIA = Addr.phone("5492612345678")
LID = Addr.lid("467260860768477")
GROUP = Addr.group("120363000000000001")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80)
people = st.sampled_from([MARIA, LID])
moments = st.datetimes(timezones=st.just(UTC))
media = st.builds(MediaIn, texts, st.sampled_from(["image", "audio", "document"]), texts, texts, st.integers(0))
degrees = st.floats(-90, 90)
messages = st.builds(
    MessageIn,
    event_id=texts,
    message_id=texts,
    chat=people | st.just(GROUP),
    sender=people,
    at=moments,
    text=texts,
    sender_name=texts,
    sender_alt=st.none() | people,
    media=st.none() | media,
    location=st.none() | st.builds(Location, degrees, degrees, texts, texts),
    choice_id=st.none() | texts,
    quoted_id=st.none() | texts,
    is_group=st.booleans(),
    from_me=st.booleans(),
    replayed=st.booleans(),
)


@settings(deadline=None)
@given(messages)
def test_any_message_survives_as_json(message):
    assert event_from_json(json.loads(json.dumps(to_json(message)))) == message


@pytest.mark.parametrize(
    "event",
    [
        StatusIn("status:1", "3EB0", MARIA, "read", NOW, client_ref="message:7"),
        StateChanged("state:1", ConnState.TEMP_BANNED, NOW, reason="temp_ban", until=NOW),
        QrCode("qr:1", "2@abc", NOW),
        GroupChanged("group:1", GROUP, "left", NOW, members=(MARIA, LID)),
        GroupChanged("group:2", GROUP, "left", NOW, me=True),
        IdentityLearned("identity:1", MARIA, LID, NOW),
    ],
)
def test_every_kind_survives_as_json(event):
    assert event_from_json(json.loads(json.dumps(to_json(event)))) == event


def test_a_row_holds_only_what_was_told():
    row = to_json(MessageIn("msg:1", "1", MARIA, MARIA, NOW, "hola"))
    assert set(row) == {"kind", "event_id", "message_id", "chat", "sender", "at", "text"}


def test_what_a_later_version_adds_is_ignored():
    row = to_json(StatusIn("status:1", "3EB0", MARIA, "read", NOW)) | {"played": True}
    assert isinstance(event_from_json(row), StatusIn)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"kind": "poll"},
        {"kind": "message"},
        {"kind": "status", "event_id": "1", "message_id": "1", "chat": 5, "status": "read", "at": NOW.isoformat()},
        {"kind": "state", "event_id": "1", "state": "asleep", "at": NOW.isoformat()},
    ],
)
def test_what_cannot_be_read_is_one_kind_of_error(row):
    with pytest.raises(ValueError, match=r"event|address|ConnState|isoformat"):
        event_from_json(row)


def test_every_state_has_its_words():
    assert all(state.label for state in ConnState)
    assert ConnState.ONLINE.label == "CONECTADO"
