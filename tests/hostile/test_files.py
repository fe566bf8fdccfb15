"""Files, places and stickers where words were asked for, and files that are not what they say."""

import base64
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from backoffice.conversations.models import Media, Message
from backoffice.simulator.parsing import SIGNS, WORDLESS
from tests.hostile.conftest import posts, staff_opens
from tests.scenarios.test_agents import PNG, juan_takes_it, maria_asks_for_a_person
from tests.story import Phone, StoryHere

pytestmark = pytest.mark.once

MARIA = "5492612345678"
OGG = b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x1e\x01vorbis"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 40
PLACE = {
    "kind": "location",
    "latitude": -32.89,
    "longitude": -68.84,
    "name": "<b>Casa</b>",
    "address": "San Martín 450",
}


def _file(kind: str, data: bytes) -> dict[str, Any]:
    return {"kind": kind, "filename": "archivo", "base64": base64.b64encode(data).decode()}


INSTEAD: dict[str, dict[str, Any]] = {
    "image": _file("image", PNG),
    "audio": _file("audio", OGG) | {"voice": True},
    "video": _file("video", MP4),
    "document": _file("document", b"%PDF-1.4 nada"),
    "location": PLACE,
    **{kind: {"kind": kind} for kind in WORDLESS},
}
ANSWERS = ("image", "audio", "location", "sticker")  # one of each way that the talk has to receive them


def _talks(*said: str) -> Callable[[Phone], None]:
    def talk(phone: Phone) -> None:
        for text in said:
            phone.says(text)
        phone.messages()

    return talk


STEPS: dict[str, Callable[[Phone], None]] = {
    "nothing yet": _talks(),
    "the menu": _talks("menú"),
    "did it work": _talks("anda re lento el wifi"),
    "since when": _talks("menú", "1", "5", "Se corta cuando llueve"),
    "how to pay": _talks("cuánto debo", "pagar"),
    "waits for a person": _talks("quiero hablar con una persona"),
}


@pytest.mark.parametrize("begin", STEPS.values(), ids=STEPS.keys())
def test_whatever_comes_instead_of_words_the_talk_goes_on(story: StoryHere, begin: Callable[[Phone], None]) -> None:
    kinds = INSTEAD if begin is STEPS["nothing yet"] else ANSWERS
    for number, kind in enumerate(kinds):
        media = INSTEAD[kind]
        maria = story.phone(f"549261222000{number}")
        begin(maria)
        maria.says(media=media)
        assert len(maria.hears_all()) <= 1
        assert maria.asks("menú").strip()


def test_a_stranger_who_is_asked_for_a_document_number_sends_its_photo(story: StoryHere) -> None:
    for number, media in enumerate(INSTEAD.values()):
        stranger = story.phone(f"549261222000{number}")
        stranger.asks("quiero ver mi deuda")
        stranger.says(media=media)
        assert "$" not in stranger.hears()
        assert stranger.asks("menú").strip()


@pytest.mark.parametrize("sign", SIGNS)
def test_a_reaction_a_call_a_deleted_message_are_no_words(story: StoryHere, sign: str) -> None:
    story.maria.says(media={"kind": sign})
    assert story.maria.hears_nothing()
    assert story.do("count_received") == 0
    assert story.maria.asks("hola").strip()


def test_what_cannot_be_relayed_is_told_to_whoever_sent_or_waits_for_it(story: StoryHere) -> None:
    maria_asks_for_a_person(story)
    seat = juan_takes_it(story)
    story.maria.messages()
    for kind in WORDLESS:
        story.maria.says(media={"kind": kind})
        assert "no se puede reenviar" in story.juan.hears(seat)
        story.juan.says(media={"kind": kind}, chat=seat)
        assert story.juan.hears(seat).strip()
        assert story.maria.hears_nothing()


LIES = {
    "a page that says it is an image": ("image", b"<html><script>alert(1)</script></html>", "image/png", "foto.png"),
    "a drawing that runs": (
        "image",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "image/svg+xml",
        "a.svg",
    ),
    "a program": ("document", b"MZ\x90\x00" + b"\x00" * 80, "application/pdf", "factura.pdf"),
    "one byte": ("audio", b"\x00", "audio/ogg", "nota.ogg"),
    "a cut image": ("image", PNG[:20], "image/png", "../../../etc/passwd"),
    "an archive": ("document", b"PK\x03\x04" + b"\x00" * 60, "text/html", "a.html"),
    "an image that says it is a page": ("document", PNG, "text/html", "index.html"),
    "a name of nothing but dots": ("document", b"%PDF-1.4", "application/pdf", "..."),
    "a name that turns around": ("document", b"MZ", "application/pdf", "factura\u202efdp.exe"),
}


@pytest.mark.parametrize(("kind", "data", "says", "name"), LIES.values(), ids=LIES.keys())
def test_a_file_is_kept_by_what_its_bytes_are(story: StoryHere, kind: str, data: bytes, says: str, name: str) -> None:
    media = {"kind": kind, "filename": name, "mimetype": says, "base64": base64.b64encode(data).decode()}
    story.maria.says(media=media)
    assert len(story.maria.hears_all()) <= 1
    kept = Media.objects.get()
    assert kept.file.name.startswith("chats/")
    assert ".." not in kept.file.name
    assert kept.file.name.rsplit(".", 1)[-1] not in ("html", "htm", "svg", "exe", "js")
    shown = staff_opens(story, f"/archivos/{kept.pk}/")
    assert shown.status_code == 200
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Content-Type"].partition(";")[0] not in (
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
    )
    if not kept.mimetype.startswith(("image/", "audio/", "video/", "application/pdf")):
        assert shown.headers["Content-Disposition"].startswith("attachment")
    assert story.maria.asks("menú").strip()


def test_an_image_of_many_pixels_is_never_opened(story: StoryHere) -> None:
    """A header that asks for 50,000 × 50,000 pixels costs its own few bytes."""
    huge = PNG[:16] + (50_000).to_bytes(4, "big") * 2 + PNG[24:]
    story.maria.sends("image", huge)
    assert story.maria.hears().strip()


def test_an_archive_that_grows_is_never_unpacked(story: StoryHere) -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nada.txt", b"\x00" * 5_000_000)
    story.maria.sends("document", bomb.getvalue(), filename="fotos.zip")
    assert story.maria.hears().strip()
    assert Media.objects.get().size == len(bomb.getvalue())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "base64"),
        ("=", "base64"),
        ("no es base64 ¡!", "base64"),
        ("A" * (16 * 1024 * 1024 * 4 // 3 + 8), "demasiado grande"),
    ],
    ids=["zero bytes", "only padding", "not base64", "17 MB"],
)
def test_a_file_that_is_none_or_too_much_is_refused(story: StoryHere, data: str, why: str) -> None:
    media = {"kind": "image", "filename": "foto.png", "mimetype": "image/png", "base64": data}
    body = json.dumps({"from": MARIA, "chat": "bot", "text": "", "media": media}).encode()
    sent = posts(story, body)
    assert sent.status_code == 400
    assert why in sent.json()["error"]
    assert Message.objects.filter(direction="in").count() == 0
    assert story.maria.asks("hola").strip()
