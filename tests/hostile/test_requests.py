"""Bytes that are no request, to every door of the simulator's network: a clear no in Spanish, and nothing kept."""

import json
from typing import Any

import pytest

from backoffice.simulator import urls
from backoffice.simulator.models import Message, Phone
from tests.hostile.conftest import posts
from tests.story import StoryHere

DOORS = [
    str(one.pattern).removeprefix("api").replace("<str:group_id>", "120363").replace("<str:handle>", "nada")
    for one in urls.urlpatterns
    if str(one.pattern).startswith("api/")
]
FIELDS = "from to chat text quoted_id media id phone name kind members op ids"
BODIES = {
    "nothing": b"",
    "not JSON": b"{hola",
    "not UTF-8": b"\xff\xfe\x00{",
    "a list": b"[]",
    "a number that is none": b"NaN",
    "infinity": b'{"from": Infinity}',
    "deeper than any parser": b"[" * 100_000,
    "an object of objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "a number of 5,000 digits": b'{"times": ' + b"9" * 5_000 + b"}",
    "the same key twice": b'{"from": "1", "from": ["2"]}',
    "half a pair for a key": b'{"\\ud800": 1}',
    "every field of another type": json.dumps({name: {"a": [1, None, True]} for name in FIELDS.split()}).encode(),
}
ODD_QUERIES = [
    {"phone": "\x00", "chat": "\x00", "after": "\x00"},
    {"phone": "5492612345678", "chat": "bot", "after": "9" * 400},
    {"phone": "5492612345678", "chat": "x" * 5000, "after": "-1"},
    {"phone": "٥٤٩٢٦١٢٣٤٥٦٧٨", "chat": "bot", "after": "²"},
    {"phone": "1", "chat": "", "after": "1e3", "include": "base64"},
]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_no_door_breaks(story: StoryHere, body: bytes) -> None:
    phones = Phone.objects.count()
    for door in DOORS:
        answer = posts(story, body, door)
        assert answer.status_code < 500, door
        if answer.status_code >= 400:
            assert answer.json()["error"], door
    assert (Message.objects.count(), Phone.objects.count()) == (0, phones)


@pytest.mark.parametrize("query", ODD_QUERIES, ids=range(len(ODD_QUERIES)))
def test_no_question_breaks(story: StoryHere, query: dict[str, Any]) -> None:
    for door in DOORS:
        answer = story.network._client.get(f"/simulator/api{door}", params=query)
        assert answer.status_code < 500, door
    assert Message.objects.count() == 0


def test_the_line_after_them_is_answered(story: StoryHere) -> None:
    for body in BODIES.values():
        posts(story, body)
    assert story.maria.asks("hola").strip()
