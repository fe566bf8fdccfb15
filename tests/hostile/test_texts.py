"""What people write that is no sentence: each gets one answer, or a clear no, and the chat goes on."""

import json

import pytest

from tests.hostile.conftest import posts
from tests.story import StoryHere

MARIA = "5492612345678"

FLOOD = "no anda internet " * 3855  # 65,535 characters: what the network carries at most
ODD = {
    "a flood": FLOOD,
    "one word of 60,000 letters": "a" * 60_000,
    "only emoji": "😡🤬🔥" * 300,
    "a family with its joiners": "👨‍👩‍👧‍👦" * 50,
    "right to left": "مرحبا، لا يعمل الإنترنت",
    "bidi controls": "\u202e\u2066hola\u2069\u202c internet no anda",
    "zero width": "h\u200bo\u200cl\u200da\ufeff",
    "only invisible": "\u200b\u2060\ufeff\u00ad",
    "combining marks": "h" + "\u0301" * 2000 + "ola",
    "controls": "\x01\x02\x07\x08\x1b[31mhola\x1b[0m\x7f",
    "line separators": "hola\u2028\u2029\x85\x0b\x0cpagar",
    "private use": "\U0010ffff\ue000\ufffe",
    "digits of another script": "١٢٣٤٥٦٧٨",
    "a superscript": "²",
    "a huge number": "9" * 5000,
    "a template": "{{ 7*7 }} {nombre} %(x)s ${y} {0} {",
    "markup": "<script>alert(1)</script> <img src=x onerror=alert(1)>",
    "SQL": "'; DROP TABLE conversations_message; --",
    "whatsapp's own marks": "*_~```*_~``` > - 1. ",
    "a slash": "/",
    "slashes": "/" * 500,
    "quotes": "\"'`´«»“”\\",
}


@pytest.mark.parametrize("said", ODD.values(), ids=ODD.keys())
def test_whatever_she_writes_is_answered_once_and_she_goes_on(story: StoryHere, said: str) -> None:
    assert story.maria.asks(said).strip()
    assert story.maria.asks("menú").strip()
    assert story.do("count_received") == 2


def test_whatever_a_stranger_writes_opens_no_account(story: StoryHere) -> None:
    for number, odd in enumerate(("only emoji", "SQL", "a template", "digits of another script", "a huge number")):
        stranger = story.phone(f"54926122200{number:02d}")
        stranger.asks("quiero ver mi deuda")
        assert "$" not in stranger.asks(ODD[odd]).replace(ODD[odd], "")
        assert stranger.asks("menú").strip()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "vacío"),
        (" \t\r\n\u00a0\u2003", "vacío"),
        ("a" * 70_000, "demasiado largo"),
        ("ho\x00la", "no se pueden guardar"),
        ("\ud800", "no se pueden guardar"),
        ("hola \udfff", "no se pueden guardar"),
    ],
    ids=["empty", "blank", "70,000 characters", "a null", "half a pair", "the other half"],
)
def test_what_the_network_cannot_carry_is_refused_in_spanish(story: StoryHere, text: str, why: str) -> None:
    sent = posts(story, json.dumps({"from": MARIA, "chat": "bot", "text": text}).encode())
    assert sent.status_code == 400
    assert why in sent.json()["error"]
    assert story.maria.hears_nothing()
    assert story.maria.asks("hola").strip()


def test_a_burst_of_two_hundred_lines_is_answered_in_a_few_turns(story: StoryHere) -> None:
    for number in range(200):
        story.maria.writes(f"hola {number}")
    story.goes_on()
    assert 1 <= len(story.maria.hears_all()) <= 12
    assert story.do("count_received") == 200
    story.time_passes(minutes=30)
    story.maria.says("menú")
    assert story.maria.hears().strip()
