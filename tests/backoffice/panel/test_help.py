"""Every screen leads to its page of the manual: all the URLs of the panel are walked, so a new one needs a decision."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from backoffice.panel.help import NO_HELP, TOPICS, topic
from backoffice.panel.manual.library import manual


def _names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns)
        elif one.name:
            yield one.name


NAMES = sorted(set(_names(admin.site.get_urls())))


def test_every_screen_says_where_its_help_is_or_that_it_needs_none() -> None:
    assert len(NAMES) > 150
    undecided = [name for name in NAMES if name not in NO_HELP and not topic(name)]
    assert undecided == [], "add them to backoffice/panel/help.py"


def test_no_decision_is_about_a_screen_that_is_gone() -> None:
    assert set(NAMES) >= NO_HELP
    assert [begin for begin in TOPICS if not any(name.startswith(begin) for name in NAMES)] == []


def test_every_decision_is_a_page_of_the_manual_and_a_section_of_it() -> None:
    pages = manual().pages
    for about in set(TOPICS.values()):
        slug, _, section = about.partition("#")
        assert slug in pages, about
        assert section in {one.anchor for one in pages[slug].rendered.sections}, about


@pytest.mark.parametrize(
    ("screen", "page"),
    [
        ("catalog_plan_add", "planes-promociones-y-zonas/#planes-de-internet"),
        ("panel_hours", "horarios-y-feriados/"),
        ("index", "tablero/"),
    ],
)
def test_a_screen_shows_the_link(client: Client, django_user_model, screen: str, page: str) -> None:
    client.force_login(django_user_model.objects.create_user("ana", is_staff=True, is_superuser=True))
    assert f'href="/panel/manual/{page}"' in client.get(reverse(f"admin:{screen}")).text
