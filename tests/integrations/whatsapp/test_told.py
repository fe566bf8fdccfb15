"""Whatever a network says, an adapter makes an event of it that every database can keep."""

import json
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.whatsapp.base import MessageIn, Unknown, event_from_json, to_json
from integrations.whatsapp.told import DEPTH_MAX, ID_MAX, RAW_MAX, told

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
LINE = {
    "kind": "message",
    "event_id": "msg:1",
    "message_id": "1",
    "chat": "p:5492612345678",
    "sender": "p:5492612345678",
    "at": NOW.isoformat(),
    "text": "hola",
}

numbers = st.floats() | st.integers() | st.just(10**400)
texts = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["\x00", "\ud800", "p:1", "g:1", NOW.isoformat(), "read"]
)
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
FIELDS = """kind event_id message_id chat sender sender_alt at text sender_name media location choice_id quoted_id
is_group from_me status client_ref state until data group change members me name addr also payload"""
fields = st.sampled_from(FIELDS.split())
kinds = st.sampled_from(["message", "status", "state", "qr", "group", "identity", "unknown", "poll"])


def _is_storable(value: object) -> bool:
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    return "\x00" not in text and "\\u0000" not in text and bool(text.encode())


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(fields, anything, max_size=6), st.none() | kinds, st.booleans())
def test_anything_is_an_event_that_can_be_kept_and_read_again(told_fields, kind, is_line):
    payload = (LINE if is_line else {}) | told_fields | ({"kind": kind} if kind else {})
    event = told(payload, now=NOW)
    row = to_json(event)
    assert _is_storable(row)
    assert event_from_json(json.loads(json.dumps(row))) == event
    assert len(event.event_id) <= ID_MAX
    assert told(payload, now=NOW) == event


@settings(deadline=None, max_examples=80)
@given(anything)
def test_even_what_is_no_object(value):
    assert _is_storable(to_json(told(value, now=NOW)))


def test_what_is_right_stays_as_it_was():
    event = told(LINE, now=NOW)
    assert isinstance(event, MessageIn)
    assert event == event_from_json(LINE)


@pytest.mark.parametrize(
    ("said", "kept"), [("ho\x00la", "hola"), ("a \ud83d\ude00", "a 😀"), ("\ud800x", "\ufffdx"), ("x\udfff", "x\ufffd")]
)
def test_what_no_database_keeps_is_taken_out_of_a_text(said, kept):
    event = told(LINE | {"text": said}, now=NOW)
    assert isinstance(event, MessageIn)
    assert event.text == kept


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        ("9999-12-31T23:59:59+00:00", NOW),
        ("0001-01-01T00:00:00-12:00", NOW),
        ("1969-12-31T23:59:59+00:00", NOW),
        ((NOW + timedelta(days=2)).isoformat(), NOW),
        ((NOW - timedelta(days=900)).isoformat(), NOW - timedelta(days=900)),
        ((NOW + timedelta(hours=2)).isoformat(), NOW + timedelta(hours=2)),
    ],
)
def test_a_time_that_cannot_be_is_now(at, kept):
    assert told(LINE | {"at": at}, now=NOW).at == kept


def test_a_long_id_is_shortened_always_to_the_same_one():
    long, longer = told(LINE | {"event_id": "x" * 300}), told(LINE | {"event_id": "x" * 301})
    assert long.event_id == told(LINE | {"event_id": "x" * 300}).event_id
    assert long.event_id != longer.event_id
    assert len(long.event_id) <= ID_MAX


def test_a_name_is_one_line():
    event = told(LINE | {"sender_name": "  María\n\n✅ Juan ha tomado el caso\u202e \t"}, now=NOW)
    assert isinstance(event, MessageIn)
    assert event.sender_name == "María ✅ Juan ha tomado el caso"


def test_a_place_that_is_not_a_number_is_kept_raw():
    event = told(LINE | {"location": {"latitude": math.nan, "longitude": math.inf}})
    assert isinstance(event, Unknown)
    assert event.payload["location"] == {"latitude": "nan", "longitude": "inf"}


def test_what_is_deep_or_enormous_is_kept_up_to_a_limit():
    deep: list[object] = []
    for _ in range(3 * DEPTH_MAX):
        deep = [deep]
    assert "…" in json.dumps(to_json(told({"kind": "call", "deep": deep})), ensure_ascii=False)
    assert len(json.dumps(to_json(told({"kind": "sync", "all": "x" * 10**6})))) < 2 * RAW_MAX
