"""What a network may tell that no phone would write: impossible times, endless names, fields of another type."""

from typing import Any

import pytest

from backoffice.conversations.models import Contact, InboxEvent, Message
from tests.hostile.conftest import message, network_tells
from tests.story import StoryHere

ODD_LINES: dict[str, dict[str, Any]] = {
    "an id of 300 characters": {"event_id": "x" * 300, "message_id": "y" * 300},
    "a name of 5,000": {"sender_name": "María " * 1000},
    "the year 9999": {"at": "9999-12-31T23:59:59.999999+00:00"},
    "the year 1": {"at": "0001-01-01T00:00:00-12:00"},
    "before 1970": {"at": "1969-12-31T23:59:59+00:00"},
    "a quote of 5,000": {"quoted_id": "z" * 5000},
    "a choice that was never offered": {"choice_id": "⛔" * 2000},
    "no content at all": {"text": ""},
    "a file that is gone": {
        "media": {"handle": "nada", "kind": "image", "filename": "x" * 5000, "mimetype": "x/y", "size": 1}
    },
    "a file whose handle is a path": {
        "media": {"handle": "../../settings", "kind": "document", "filename": "", "mimetype": "", "size": -1}
    },
    "a place of nowhere": {"location": {"latitude": 0, "longitude": -180.0, "name": "x" * 9000, "address": ""}},
    "fields nobody knows": {"forwarded": 99, "ephemeral": {"seconds": 86400}, "__class__": "x"},
}


@pytest.mark.parametrize("told", ODD_LINES.values(), ids=ODD_LINES.keys())
def test_an_odd_line_is_kept_and_answered(story: StoryHere, told: dict[str, Any]) -> None:
    network_tells(story, message() | told)
    assert len(story.maria.hears_all()) == 1
    assert story.do("count_received") == 1
    assert Contact.objects.get(phone_key="2612345678").name
    assert story.maria.asks("menú").strip()


NOT_LINES: dict[str, Any] = {
    "a reaction": {"kind": "reaction", "event_id": "r1", "emoji": "👍", "to": "3EB0"},
    "no kind": {"event_id": "r1"},
    "nothing": {},
    "a list for a text": message(text=["hola"]),
    "a number for a text": message(text=5),
    "no sender": message(sender=None),
    "a sender who is a group": message(sender="g:120363"),
    "a sender without digits": message(sender="p:hola"),
    "a sender of 5,000 digits": message(sender="p:" + "5" * 5000, chat="p:" + "5" * 5000),
    "an address of no kind": message(chat="x:1"),
    "a time that is none": message(at="mañana"),
    "a time without its zone": message(at="2026-11-24T10:00:00"),
    "a time that is a number": message(at=-99999999999999),
    "a flag that is a word": message(from_me="no"),
    "a place outside the world": message(location={"latitude": 91, "longitude": 0}),
    "a file of an unknown kind": message(
        media={"handle": "x", "kind": "hologram", "filename": "", "mimetype": "", "size": 1}
    ),
    "a file with more in it": message(media={"handle": "x", "script": "y"}),
    "a tick that does not exist": {
        "kind": "status",
        "event_id": "s",
        "message_id": "m",
        "chat": "p:1",
        "status": "played",
    },
    "a state that does not exist": {"kind": "state", "event_id": "s", "state": "asleep", "at": "2026-11-24T10:00:00Z"},
    "deep": {"kind": "call", "told": [[[[[[[[[[[[[[[[[[[[[[[[[[["fondo"]]]]]]]]]]]]]]]]]]]]]]]]]]]},
    "enormous": {"kind": "sync", "told": ["x" * 1000] * 300},
}


@pytest.mark.parametrize("told", NOT_LINES.values(), ids=NOT_LINES.keys())
def test_what_has_no_word_is_kept_raw_and_bothers_nobody(story: StoryHere, told: Any) -> None:
    network_tells(story, told)
    assert story.maria.hears_nothing()
    kept = InboxEvent.objects.get(kind="raw")
    assert kept.state == InboxEvent.State.DONE
    assert kept.payload or told == {}
    assert story.maria.asks("hola").strip()


def test_the_same_odd_thing_twice_is_kept_once(story: StoryHere) -> None:
    for _ in range(2):
        network_tells(story, NOT_LINES["a reaction"])
    assert InboxEvent.objects.filter(kind="raw").count() == 1


def test_a_tick_of_a_message_that_is_not_ours_changes_nothing(story: StoryHere) -> None:
    tick = {"kind": "status", "chat": "p:5492612345678", "at": "2026-11-24T13:30:00+00:00"}
    for number, ref in enumerate(["m999999999", "m-1", "m1e9", "m", "x7", "m²", "m" + "9" * 40]):
        network_tells(
            story, tick | {"event_id": f"s{number}", "message_id": "x" * 300, "status": "read", "client_ref": ref}
        )
    assert Message.objects.count() == 0
    assert story.maria.asks("hola").strip()


def test_news_of_groups_that_nobody_has(story: StoryHere) -> None:
    news = {"kind": "group", "group": "g:404", "at": "2026-11-24T13:30:00+00:00"}
    for number, change in enumerate(["joined", "left", "promoted", "demoted", "renamed"]):
        network_tells(
            story, news | {"event_id": f"g{number}", "change": change, "members": ["p:1", "l:2"], "name": "x" * 900}
        )
        network_tells(story, news | {"event_id": f"h{number}", "change": change, "me": True})
    assert story.maria.asks("hola").strip()
