"""Who is inside, in which browser; closing them, and how long they last (AMB-30, AMB-53)."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.accounts.devices import device_name
from backoffice.accounts.models import AccessPolicy, AuditEvent, StaffSession, User
from tests.backoffice.accounts.conftest import PASSWORD, role

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
HOME = "/panel/"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24T13:30:00Z", tick=False) as traveller:
        yield traveller


def enters(username: str, agent: str = CHROME, address: str = "200.1.2.3") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    answer = client.post("/panel/login/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def inside(client: Client) -> bool:
    return client.get(HOME).status_code == 200


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (CHROME, "Chrome en Windows"),
        (PHONE, "Chrome en Android"),
        (CHROME + " Edg/131.0", "Edge en Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox en Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E Safari/604.1",
            "Safari en iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15", "Safari en Mac"),
        ("curl/8", "Equipo desconocido"),
        ("", "Equipo desconocido"),
    ],
)
def test_a_browser_is_told_in_words(agent: str, told: str) -> None:
    assert device_name(agent) == told


def test_each_login_is_in_the_list_with_where_and_since(ana: User, elena: User, clock: time_machine.Traveller) -> None:
    enters("ana", PHONE, "190.5.6.7")
    page = enters("elena").get(reverse("admin:panel_staff_sessions")).text
    for told in ("Ana Ruiz", "Chrome en Android", "190.5.6.7", "Vos, acá", "desde 24/11 10:30"):
        assert told in page


def test_one_is_closed_and_its_browser_is_told(ana: User, elena: User) -> None:
    browser, other, admin = enters("ana"), enters("ana", PHONE), enters("elena")
    session = StaffSession.objects.get(user=ana, device="Chrome en Windows")
    admin.post(reverse("admin:panel_close_staff_sessions"), {"sesion": session.pk})
    told = browser.get(HOME, follow=True).text
    assert "Un administrador cerró tu sesión" in told
    assert inside(other)
    assert inside(admin)
    assert "cerró tu sesión" not in browser.get(HOME, follow=True).text
    assert AuditEvent.objects.get(kind="session").text == "Cerró sesiones de Ana Ruiz"


def test_all_of_somebody_or_of_everybody_but_never_one_s_own(ana: User, juan: User, elena: User) -> None:
    browsers = [enters("ana"), enters("ana", PHONE)]
    boss, agent = enters("elena"), enters("juan")
    boss.post(reverse("admin:panel_close_staff_sessions"), {"persona": ana.pk})
    assert not any(inside(browser) for browser in browsers)
    assert inside(agent)
    boss.post(reverse("admin:panel_close_staff_sessions"), {"todas": "si"})
    assert not inside(agent)
    assert inside(boss)


@pytest.mark.parametrize("sent", [{}, {"sesion": "x"}, {"sesion": "9" * 40}, {"persona": "²"}, {"todas": "no"}])
def test_a_button_without_sense_closes_nothing(ana: User, elena: User, sent: dict[str, str]) -> None:
    browser, boss = enters("ana"), enters("elena")
    assert boss.post(reverse("admin:panel_close_staff_sessions"), sent).status_code == 302
    assert inside(browser)


def test_everybody_closes_their_own_in_their_account(ana: User, juan: User) -> None:
    here, there, another = enters("ana"), enters("ana", PHONE), enters("juan")
    page = here.get(reverse("admin:panel_account")).text
    assert "Chrome en Android" in page
    strange = StaffSession.objects.get(user=juan)
    here.post(reverse("admin:panel_close_own_sessions"), {"sesion": strange.pk})
    assert inside(another)
    here.post(reverse("admin:panel_close_own_sessions"))
    assert "desde otro equipo" in there.get(HOME, follow=True).text
    assert inside(here)


def test_with_one_device_the_new_login_closes_the_one_before(ana: User) -> None:
    AccessPolicy.objects.update_or_create(pk=1, defaults={"one_device": True})
    before = enters("ana")
    after = enters("ana", PHONE)
    assert "Cerramos la sesión que tenías abierta en otro equipo" in after.get(HOME).text
    assert "ingresaste en otro equipo" in before.get(HOME, follow=True).text
    assert inside(after)


def test_without_that_setting_both_stay(ana: User) -> None:
    before, after = enters("ana"), enters("ana", PHONE)
    assert inside(before)
    assert inside(after)


def test_a_day_s_work_without_use_ends_it_and_use_keeps_it(ana: User, clock: time_machine.Traveller) -> None:
    client = enters("ana")
    for _ in range(3):
        clock.shift(timedelta(hours=9))
        cache.clear()
        assert inside(client)
    clock.shift(timedelta(hours=10, minutes=1))
    assert not inside(client)


def test_a_page_that_asks_by_itself_is_no_use(ana: User, clock: time_machine.Traveller) -> None:
    client = enters("ana")
    clock.shift(timedelta(hours=9))
    cache.clear()
    client.get(reverse("admin:panel_live"), headers={"HX-Request": "true"})
    client.get(reverse("admin:panel_console"), headers={"Sec-Fetch-Mode": "cors"})
    clock.shift(timedelta(hours=1, minutes=1))
    assert not inside(client)


def test_the_hours_are_a_setting(ana: User, clock: time_machine.Traveller) -> None:
    AccessPolicy.objects.update_or_create(pk=1, defaults={"idle_hours": 2})
    client = enters("ana")
    clock.shift(timedelta(hours=2, minutes=1))
    assert not inside(client)


def test_a_live_piece_of_a_page_left_open_asks_for_the_whole_page(ana: User) -> None:
    """And not for the login inside of a card."""
    client = enters("ana")
    Session.objects.all().delete()
    answer = client.get(reverse("admin:panel_live"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_changing_one_s_password_closes_the_others_and_keeps_this_one(ana: User, elena: User) -> None:
    here, there = enters("ana"), enters("ana", PHONE)
    change = reverse("admin:password_change")
    wrong = here.post(change, {"old_password": "no", "new_password1": "1", "new_password2": "1"})
    assert "no es tu contraseña actual" in wrong.text
    assert "Es muy corta" in wrong.text
    new = "cuatro-perros-9"
    done = here.post(change, {"old_password": PASSWORD, "new_password1": new, "new_password2": new}, follow=True)
    assert "Contraseña cambiada" in done.text
    assert "Tu contraseña cambió" in there.get(HOME, follow=True).text
    enters("elena").post(reverse("admin:panel_close_staff_sessions"), {"persona": ana.pk})
    assert not inside(here)  # its key is a new one, and the list knows it


def test_leaving_ends_it(ana: User) -> None:
    client = enters("ana")
    client.post(reverse("admin:logout"))
    assert StaffSession.objects.get(user=ana).ended_by == "left"
    assert list(AuditEvent.objects.filter(who=ana).values_list("text", flat=True)) == [
        "Salió",
        "Ingresó con Chrome en Windows",
    ]


def test_a_request_costs_no_query_more_between_looks(ana: User) -> None:
    client = enters("ana")
    client.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("admin:panel_console"))
    assert not [one for one in queries if "UPDATE" in one["sql"] or "INSERT" in one["sql"]]
    asked = ("accounts_staffsession", "accounts_workshift", "accounts_accesspolicy", "accounts_secondfactor")
    assert not [one for one in queries for table in asked if table in one["sql"]]


def test_the_list_makes_the_same_queries_whatever_its_rows(ana: User, elena: User) -> None:
    boss = enters("elena")
    url = reverse("admin:panel_staff_sessions")
    counts = []
    for _ in range(2):
        boss.get(url)
        with CaptureQueriesContext(connection) as queries:
            boss.get(url)
        counts.append(len(queries))
        for number in range(6):
            enters("ana", address=f"10.0.0.{number}").post(reverse("admin:logout"))
            enters("ana", address=f"10.0.0.{number}")
    assert counts[0] == counts[1]


def test_details_of_one_s_own_are_changed_and_nothing_else(ana: User) -> None:
    client = enters("ana")
    sent = {"first_name": "Anita", "last_name": "Ruiz", "email": "ana@fibrasur.com.ar", "phone": "2615550102"}
    strange = {"is_superuser": "on", "groups": str(role("Administrador").pk), "username": "otra"}
    assert client.post(reverse("admin:panel_account"), sent | strange).status_code == 302
    ana.refresh_from_db()
    assert (str(ana), ana.username, ana.is_superuser) == ("Anita Ruiz", "ana", False)
    assert [group.name for group in ana.groups.all()] == ["Operador"]
    wrong = client.post(reverse("admin:panel_account"), sent | {"email": "no"})
    assert "dirección de email válida" in wrong.text


def test_everybody_has_their_account_whatever_their_role(signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    page = client.get(reverse("admin:panel_account"))
    assert page.status_code == 200
    assert reverse("admin:panel_account") in page.text
