"""The body parser believes nothing: whatever arrives, it answers with parts or with a sentence."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.simulator import parsing
from backoffice.simulator.parsing import BadRequest

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(["text", "quoted_id", "media", "id", "kind", "base64", "mimetype", "filename", "latitude"])
bodies = st.dictionaries(fields, anything | st.dictionaries(fields, anything, max_size=5), max_size=6)


def refused_or(read: Callable[[], Any]) -> Any:
    """What was read, or the refusal. Anything else that goes wrong goes up."""
    try:
        return read()
    except BadRequest as refusal:
        return refusal


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_refusal(raw):
    value = refused_or(lambda: parsing.json_object(raw))
    assert isinstance(value, dict | BadRequest)


@settings(deadline=None)
@given(bodies)
def test_any_body_is_a_message_or_a_refusal(body):
    parts = refused_or(lambda: parsing.message_body(body))
    if not isinstance(parts, BadRequest):
        assert parts.text.strip() or parts.media
        assert parsing.is_storable(parts.text)
        json.dumps(parts.media, allow_nan=False)


@settings(deadline=None)
@given(anything)
def test_anything_is_an_address_a_phone_or_a_refusal(value):
    for read in (parsing.phone_of, lambda given: parsing.address_of(given, "to"), parsing.member_op):
        assert refused_or(lambda read=read: read(value))


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_cursor_fits_the_database_or_is_refused(text):
    try:
        cursor = parsing.cursor_of(text)
    except BadRequest:
        return
    assert cursor is None or 0 <= cursor < 2**63


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=100))
def test_any_file_comes_out_as_it_went_in(data):
    value = {"kind": "document", "filename": "../../etc/passwd", "base64": base64.b64encode(data).decode()}
    media, read = parsing.media_of(value)
    assert read == data
    assert media == {"kind": "document", "filename": "passwd", "mimetype": "application/octet-stream"}


@pytest.mark.parametrize(
    ("media", "sentence"),
    [
        ("foto.jpg", "objeto"),
        ({}, "media.kind"),
        ({"kind": "hologram"}, "media.kind"),
        ({"kind": ["image"]}, "media.kind"),
        ({"kind": "image"}, "Falta «media.base64»"),
        ({"kind": "image", "base64": "no es base64 ñ"}, "base64 válido"),
        ({"kind": "image", "base64": "===="}, "base64 válido"),
        ({"kind": "image", "base64": "AAAA", "mimetype": "imagen"}, "mimetype"),
        ({"kind": "image", "base64": "AAAA", "mimetype": "text/html\r\nX: 1"}, "mimetype"),
        ({"kind": "location"}, "latitude"),
        ({"kind": "location", "latitude": 91, "longitude": 0}, "entre -90 y 90"),
        ({"kind": "location", "latitude": True, "longitude": 0}, "número"),
        ({"kind": "location", "latitude": float("nan"), "longitude": 0}, "número"),
    ],
)
def test_an_attachment_that_is_wrong_says_what_is_wrong(media, sentence):
    with pytest.raises(BadRequest, match=sentence):
        parsing.media_of(media)


def test_sixteen_megabytes_and_no_more():
    exact = base64.b64encode(b"x" * parsing.MEDIA_MAX).decode()
    assert len(parsing.media_of({"kind": "video", "base64": exact})[1] or b"") == parsing.MEDIA_MAX
    for size in (parsing.MEDIA_MAX + 1, parsing.MEDIA_MAX + 1000):
        with pytest.raises(BadRequest, match="16 MB"):
            parsing.media_of({"kind": "video", "base64": base64.b64encode(b"x" * size).decode()})


@pytest.mark.parametrize("text", ["hola\x00", "\ud83d", "x" * 65_537, 5, ["hola"]])
def test_a_text_that_no_database_takes_is_refused(text):
    with pytest.raises(BadRequest):
        parsing.text_of({"text": text}, "text", longest=parsing.TEXT_MAX)


def test_people_are_not_groups():
    assert [addr.key for addr in parsing.addresses_of(["p:+54 9 261 5550101", "l:12"], "members")] == [
        "p:5492615550101",
        "l:12",
    ]
    for value in ("p:1", ["g:1"], ["p:1"], ["b:1"], "x"):
        with pytest.raises(BadRequest):
            parsing.addresses_of(value, "members")


@pytest.mark.parametrize("ids", [None, "3EB0", [1], ["a b"], ["x"] * 501])
def test_ids_are_a_list_of_ids(ids):
    with pytest.raises(BadRequest):
        parsing.ids_of(ids, "ids")
