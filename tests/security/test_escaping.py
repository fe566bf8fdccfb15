"""What a customer or an agent writes is text, wherever it is shown: in every page, list, history and live fragment."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from backoffice.conversations.models import Media
from tests.security.places import Place
from tests.security.test_urls import FIELDS
from tests.security.world import Browser, built, member

pytestmark = pytest.mark.once

ATTACK = "'\"><svg onload=x7()>{{7*7}}"
NEVER = ("<svg onload", "x7()>49", '"><svg')
RUN_BY_THE_BROWSER = ("x-", "@", ":", "on", "hx-on", "hx-vals", "hx-headers")


class Page(HTMLParser):
    """What a browser would make of a page: `runs` are the places where the attack would be run."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[str] = []
        self.in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        for name, value in attrs:
            told = value or ""
            if (tag == "svg" and name == "onload") or (name.startswith(RUN_BY_THE_BROWSER) and "x7()" in told):
                self.runs.append(f"<{tag} {name}={told!r}>")
            if name in ("href", "src", "action", "formaction") and told.strip().lower().startswith("javascript:"):
                self.runs.append(f"<{tag} {name}={told!r}>")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and "x7()>" in data:
            self.runs.append(f"script: {data[:80]!r}")


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Place], Path]]:
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), built(ATTACK, media) as places:
        yield places, media


@pytest.fixture
def places(standing: tuple[list[Place], Path], db: None, settings: Any) -> list[Place]:
    found, settings.MEDIA_ROOT = standing
    return found


@pytest.fixture
def admin(places: list[Place]) -> Client:
    client = Browser()
    client.force_login(member("Administrador", username="admin2"))
    return client


def _told(answer: HttpResponse) -> str:
    """The text of a page; "" for what a browser does not show as one."""
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if is_page and not answer.streaming else ""


def _runs(text: str) -> list[str]:
    if "x7" not in text:  # reading a page as a browser does takes long, and most show nobody's words
        return []
    return Page(text).runs + [piece for piece in NEVER if piece in text]


def test_nobody_s_words_are_markup(places: list[Place], admin: Client) -> None:
    seen, shown = [], 0
    for place in places:
        if place.name != "logout":
            text = _told(admin.get(place.url, follow=True))
            shown += "onload=x7()" in text
            seen += [f"{place.url}: {run}" for run in _runs(text)]
    assert seen == []
    assert shown > 40  # the attack did reach the pages


def test_a_search_for_it_is_shown_as_text(places: list[Place], admin: Client) -> None:
    asked = {"q": ATTACK, "s": ATTACK, "extended": "1", "pregunta": ATTACK}
    for place in places:
        if place.name.endswith("_changelist") or place.name in (
            "panel_chats",
            "panel_texts",
            "search",
            "panel_try_faq",
        ):
            assert _runs(_told(admin.get(place.url, asked))) == [], place


def test_what_is_told_back_after_a_form_is_text(places: list[Place], admin: Client) -> None:
    """Messages of success and refusals name what was typed."""
    for place in places:
        if place.name.startswith("panel_") or place.name.endswith("_add"):
            assert _runs(_told(admin.post(place.url, dict.fromkeys(FIELDS.split(), ATTACK), follow=True))) == [], place


@pytest.mark.parametrize("mimetype", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "x/y"])
def test_a_file_never_acts_as_a_page_of_ours(places: list[Place], admin: Client, mimetype: str) -> None:
    """Even one whose row says what it should not: it is downloaded, in a sandbox, under no guess of the browser."""
    media = Media.objects.latest("pk")
    Media.objects.filter(pk=media.pk).update(mimetype=mimetype, filename=f'"{ATTACK}\r\nX-Evil: 1')
    answer = admin.get(f"/archivos/{media.pk}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "X-Evil" not in answer.headers


def test_the_reader_of_these_tests_sees_an_attack_when_there_is_one() -> None:
    assert Page(f'<p title="{ATTACK}">').runs
    assert Page('<a href=" JavaScript:x7()">').runs
    assert Page("<div x-data=\"{name: 'x7()'}\">").runs
    assert Page("<script>var name = 'x7()>'</script>").runs
    assert Page("<p>&lt;svg onload=x7()&gt;</p>").runs == []
