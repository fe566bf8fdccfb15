"""The door: who keeps guessing waits, whichever process hears them, and nobody learns who has an account."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts import throttle
from backoffice.accounts.models import LoginAttempts, User
from tests.architecture.tree import ROOT
from tests.backoffice.panel.conftest import PASSWORD

LOGIN = "/panel/login/"
WAIT = "Demasiados intentos. Esperá 5 minutos"
WRONG = "Credenciales inválidas"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24T13:30:00Z", tick=False) as traveller:
        yield traveller


def enters(client: Client, name: str = "elena", *, password: str | None = None, **meta: str) -> str:
    """What the page says; "" when they are in."""
    answer = client.post(LOGIN, {"username": name, "password": password or "no"}, **meta)
    return "" if answer.status_code == 302 else answer.text


def test_an_unknown_name_and_a_wrong_password_sound_the_same(client: Client, staff: Callable[..., User]) -> None:
    staff("Operador")
    User.objects.create_user("cliente", password=PASSWORD)  # no staff
    User.objects.create_user("juan", password=PASSWORD, is_staff=True, is_active=False)
    for name, password in (("elena", "no"), ("nadie", "no"), ("cliente", PASSWORD), ("juan", PASSWORD)):
        said = enters(client, name, password=password)
        assert WRONG in said
        assert "Ingresá al panel" in said


def test_after_five_failures_even_the_right_password_waits_five_minutes(
    client: Client, staff: Callable[..., User], clock: time_machine.Traveller
) -> None:
    staff("Operador")
    for _ in range(throttle.FROM_HERE):
        assert WRONG in enters(client)
    assert WAIT in enters(client, password=PASSWORD)
    assert WAIT in enters(client, " ELENA ", password=PASSWORD)
    clock.shift(timedelta(minutes=throttle.WAIT_MINUTES, seconds=1))
    assert enters(client, password=PASSWORD) == ""


def test_others_enter_meanwhile_and_she_does_from_elsewhere(client: Client, staff: Callable[..., User]) -> None:
    staff("Operador")
    staff("Agente", username="juan")
    for _ in range(20):
        enters(client)
    assert enters(client, "juan", password=PASSWORD) == ""
    assert enters(Client(), password=PASSWORD, REMOTE_ADDR="10.0.0.9") == ""


def test_one_machine_that_tries_many_names_waits(client: Client, staff: Callable[..., User]) -> None:
    staff("Operador")
    for number in range(throttle.FROM_ONE_PLACE):
        assert WRONG in enters(client, f"nombre{number}")
    assert WAIT in enters(client, password=PASSWORD)


def test_one_network_of_ipv6_is_one_place(client: Client, staff: Callable[..., User]) -> None:
    staff("Operador")
    for number in range(throttle.FROM_HERE):
        enters(client, REMOTE_ADDR=f"2800:40:1:2::{number + 1}")
    assert WAIT in enters(client, password=PASSWORD, REMOTE_ADDR="2800:40:1:2:aaaa::1")
    assert enters(client, password=PASSWORD, REMOTE_ADDR="2800:40:1:3::1") == ""


def test_many_machines_that_try_one_name_wait(client: Client, staff: Callable[..., User]) -> None:
    staff("Operador")
    for number in range(throttle.FROM_ANYWHERE):
        assert WRONG in enters(client, REMOTE_ADDR=f"10.0.{number}.1")
    assert WAIT in enters(client, password=PASSWORD, REMOTE_ADDR="10.9.9.9")


def test_a_whole_office_enters_in_the_morning(staff: Callable[..., User]) -> None:
    staff("Operador")
    for _ in range(throttle.FROM_ONE_PLACE * 2):
        assert enters(Client(), password=PASSWORD) == ""


def test_behind_the_proxy_the_place_is_the_one_that_the_proxy_wrote(
    client: Client, staff: Callable[..., User], settings
) -> None:
    staff("Operador")
    settings.BEHIND_PROXY = True
    for number in range(throttle.FROM_HERE):
        enters(client, HTTP_X_FORWARDED_FOR=f"1.1.1.{number}, 200.1.2.3")
    assert WAIT in enters(client, password=PASSWORD, HTTP_X_FORWARDED_FOR="9.9.9.9, 200.1.2.3")
    assert enters(client, password=PASSWORD, HTTP_X_FORWARDED_FOR="200.1.2.3, 201.4.5.6") == ""


@pytest.mark.parametrize("name", ["", "\x00", "x" * 100_000, "ñandú\u202e", "' OR 1=1 --", "ele\x00na"])
def test_an_odd_name_is_only_a_wrong_one(client: Client, db: None, name: str) -> None:
    said = client.post(LOGIN, {"username": name, "password": "\x00" * 10})
    assert said.status_code == 200
    assert client.session.get("_auth_user_id") is None


def test_old_counts_go_by_themselves(client: Client, db: None, clock: time_machine.Traveller) -> None:
    enters(client, "una")
    clock.shift(timedelta(days=2))
    enters(client, "otra")
    assert not LoginAttempts.objects.filter(since__lt=timezone.now()).exists()


@pytest.mark.django_db(transaction=True)
def test_what_one_process_counted_another_knows() -> None:
    """Five guesses at one worker of the web; the sixth goes to another."""
    here = Client()
    for _ in range(throttle.FROM_HERE):
        assert WRONG in enters(here)
    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], cwd=ROOT, env=_same_database(), capture_output=True, text=True, check=True
    )
    assert WAIT in there.stdout


ELSEWHERE = f"""
import django
django.setup()
from django.test import Client
client = Client(SERVER_NAME="127.0.0.1")
print(client.post("{LOGIN}", {{"username": "elena", "password": "no"}}).content.decode())
"""


def _same_database() -> dict[str, str]:
    """The environment of a second process of this installation."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{told['NAME']}"
    else:
        who = f"{quote(told['USER'])}:{quote(told['PASSWORD'])}" if told["PASSWORD"] else quote(told["USER"])
        url = f"postgresql://{who}@{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}


def test_leaving_is_a_post_and_ends_the_session(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Operador")
    assert client.get(reverse("admin:logout")).status_code == 405
    assert client.get(reverse("admin:index")).status_code == 200
    client.post(reverse("admin:logout"))
    assert client.get(reverse("admin:index")).status_code == 302


def test_whoever_loses_the_account_or_changes_the_password_is_out_everywhere(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Operador")
    elena = User.objects.get(username="elena")
    other = Client()
    other.force_login(elena)
    elena.set_password("otra-clave-bien-larga-7")
    elena.save()
    for browser in (client, other):
        assert browser.get(reverse("admin:index")).status_code == 302
    other.force_login(elena)
    User.objects.filter(pk=elena.pk).update(is_active=False)
    assert other.get(reverse("admin:index")).status_code == 302


def test_signing_in_gives_a_new_session(client: Client, staff: Callable[..., User]) -> None:
    """A session that somebody planted before is worth nothing after."""
    staff("Operador")
    client.get(LOGIN)
    session = client.session
    session["mine"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    assert enters(client, password=PASSWORD) == ""
    assert client.cookies["sessionid"].value != planted


@pytest.mark.parametrize(
    "next_page", ["https://malo.example/", "//malo.example", "javascript:alert(1)", "/\\malo.example"]
)
def test_after_the_door_nobody_is_sent_elsewhere(client: Client, staff: Callable[..., User], next_page: str) -> None:
    staff("Operador")
    answer = client.post(LOGIN, {"username": "elena", "password": PASSWORD, "next": next_page})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/panel/")


def test_a_form_of_another_site_is_refused(staff: Callable[..., User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff("Administrador"))
    assert client.post(reverse("admin:panel_change_mode"), {"modo": "parado"}).status_code == 403
    assert client.post(LOGIN, {"username": "elena", "password": PASSWORD}).status_code == 403
