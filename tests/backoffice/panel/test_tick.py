"""Fifty people look and the database is asked once (ISPBOT-DASH-01): what is shared, and what never is."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.accounts.models import User
from backoffice.panel import tick as module
from backoffice.panel.tick import TOO_OLD, Tick
from tests.backoffice import desk
from tests.cast import MARIA

WHO = re.compile(r'"(django_session|accounts_user\w*|auth_\w+|django_content_type|company_company)"')


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(settings) -> Clock:
    settings.PANEL_TICK = 2
    return Clock()


@pytest.fixture
def shared(settings):
    """As in production: what one page read serves the others for a while."""
    settings.PANEL_TICK = 60
    module.tick.forget()
    yield
    module.tick.forget()


def test_a_value_lasts_a_tick(clock: Clock) -> None:
    values = iter("abc")
    tick = Tick(clock)
    assert [tick.read("x", lambda: next(values)), tick.read("x", lambda: next(values))] == ["a", "a"]
    clock.now = 2
    assert tick.read("x", lambda: next(values)) == "b"
    assert tick.read("y", lambda: "other") == "other"
    tick.forget()
    assert tick.read("x", lambda: next(values)) == "c"


def test_while_one_renews_the_others_get_the_one_before(clock: Clock) -> None:
    tick, inside, go_on = Tick(clock), threading.Event(), threading.Event()
    tick.read("x", lambda: "old")
    clock.now = 3

    def slow() -> str:
        inside.set()
        go_on.wait(10)
        return "new"

    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(tick.read, "x", slow)
        assert inside.wait(10)
        assert tick.read("x", lambda: "a second one") == "old"
        go_on.set()
        assert renewing.result() == "new"
    assert tick.read("x", lambda: "a second one") == "new"


@pytest.mark.parametrize("asleep", [0, 2 * TOO_OLD + 3])
def test_without_a_value_or_with_one_of_last_night_everybody_waits_for_one(clock: Clock, asleep: int) -> None:
    tick, together = Tick(clock), threading.Barrier(8)
    if asleep:
        tick.read("x", lambda: "old")
        clock.now = asleep
    worked: list[int] = []

    def look(_: int) -> str:
        together.wait(10)
        return tick.read("x", lambda: (worked.append(1), "new")[1])

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(look, range(8))) == {"new"}
    assert len(worked) == 1


def test_what_fails_is_not_kept_and_what_was_forgotten_meanwhile_neither(clock: Clock) -> None:
    tick = Tick(clock)
    with pytest.raises(ZeroDivisionError):
        tick.read("x", lambda: 1 / 0)

    def changed_meanwhile() -> str:
        tick.forget()
        return "before the change"

    tick.read("x", changed_meanwhile)
    assert tick.read("x", lambda: "after") == "after"


def test_fifty_viewers_ask_the_database_once(staff: Callable[..., User], shared) -> None:
    chat = desk.chat_of(desk.open_for_business(), MARIA)
    desk.case(chat)
    desk.writes(chat, "no tengo internet")
    viewers = [Client() for _ in range(50)]
    for number, client in enumerate(viewers):
        client.force_login(staff("Supervisor", username=f"elena{number}"))
    pages = [reverse(f"admin:panel_{name}") for name in ("live", "console", "health_live")]
    with CaptureQueriesContext(connection) as queries:
        for client in viewers:
            assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    asked = [one["sql"] for one in queries if not WHO.search(one["sql"].partition(" WHERE ")[0])]
    assert len(asked) <= 38
    assert len(queries) - len(asked) <= 50 * len(pages) * 5 + 5, "session, person, two of permissions, the company"


def test_what_one_may_see_never_reaches_another(staff: Callable[..., User], shared) -> None:
    chat = desk.chat_of(desk.open_for_business(), MARIA)
    desk.writes(chat, "no tengo internet")
    type(chat).objects.update(last_message_at=chat.created_at - timedelta(minutes=30))
    blind = staff("Operador", username="nadia")
    blind.user_permissions.set(Permission.objects.filter(codename="view_full_dashboard"))
    people = {
        "boss": staff("Administrador", username="elena"),
        "blind": blind,
        "basic": staff("Operador", username="omar"),
    }
    seen: dict[str, list[str]] = {}
    for order in (("boss", "blind", "basic"), ("basic", "blind", "boss")):
        module.tick.forget()
        for who in order:
            client = Client()
            client.force_login(people[who])
            told = [client.get(reverse(f"admin:{page}")) for page in ("index", "panel_live", "panel_console")]
            seen.setdefault(who, []).append(" ".join(one.text for one in told if one.status_code == 200))
    for words in ("no tengo internet", MARIA.name):
        assert all(words in text for text in seen["boss"])
        assert not any(words in text for who in ("blind", "basic") for text in seen[who])
    assert all("Contactos únicos" in text and "un mensaje." in text for text in seen["blind"])
    assert not any("Contactos únicos" in text or "Alertas" in text or "un mensaje." in text for text in seen["basic"])
