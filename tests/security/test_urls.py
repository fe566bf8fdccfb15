"""Every address of the product, opened by everybody: who may, by their permissions, and who may not, gets nothing."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from backoffice.accounts.models import User
from tests.security.places import Place, is_of_a_list
from tests.security.world import Browser, built, member, unrendered

pytestmark = pytest.mark.once

ROLES = list(json.loads(Path(settings.FIXTURES_DIR / "roles.json").read_text(encoding="utf-8")))
DRAWN = ("Administrador", "Supervisor", "")  # the admin's own pages are drawn for all, for some and for nobody
SECRET = "Zulema-Secreta"


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Place], Path]]:
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), built(SECRET, media) as places:
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


def _wrong(client: Client, place: Place, user: User | None) -> str:
    """What is wrong with how a place receives somebody; "" when nothing is."""
    for ask in (client.get, client.post):
        answer = ask(place.url)
        status, told = answer.status_code, f"{ask.__name__} {place.url} ({place.name}): {answer.status_code}"
        to_login = status == 302 and "/login/" in answer.headers["Location"]
        if status >= 500 and not place.name.startswith("health-"):
            return told
        if place.rule is None:
            continue
        if place.admits(user):
            if to_login or (status == 403 and not _may_refuse(place, ask == client.post)):
                return told
        elif not (status == 405 or (to_login if user is None else status == 403)):
            return told
        elif SECRET in _text(answer):
            return f"{told}, and it tells"
    return ""


def _may_refuse(place: Place, is_post: bool) -> bool:
    """Django's search for a list's choices asks which list; and whoever may only look at a row saves nothing."""
    return place.name == "autocomplete" or (is_post and place.name.endswith(("_change", "_simple_history")))


def _text(answer) -> str:
    return "" if answer.streaming else answer.content.decode(errors="replace")


def test_a_stranger_opens_nothing_but_the_doors(places: list[Place]) -> None:
    assert len(places) > 100
    wrong = [_wrong(Browser(), place, None) for place in places]
    assert "\n".join(filter(None, wrong)) == ""


@pytest.mark.parametrize("role", ["", *ROLES])
def test_each_role_opens_what_its_permissions_say_and_no_more(places: list[Place], role: str) -> None:
    user, client, wrong = member(role), Browser(), []
    client.force_login(user)
    for place in places:
        with unrendered(when=role not in DRAWN and is_of_a_list(place) and place.admits(user)):
            wrong.append(_wrong(client, place, user))
        if place.name == "logout":
            client.force_login(user)
    assert "\n".join(filter(None, wrong)) == ""


def test_somebody_with_an_account_who_is_no_staff_opens_nothing(places: list[Place]) -> None:
    client = Browser()
    client.force_login(User.objects.create_user("cliente", is_superuser=True))
    for place in places:
        if place.rule is not None and place.name not in ("chat-media", "logout"):
            assert client.get(place.url).status_code in (302, 403), place


def test_what_everybody_opens_is_their_own(places: list[Place]) -> None:
    """«Mi cuenta», the manual and what goes with them: each address without a permission of its own is on this list."""
    own = {place.name for place in places if place.rule == () and place.name.startswith("panel_")}
    assert own == {
        "panel_account",
        "panel_second_factor",
        "panel_recovery_codes",
        "panel_remove_factor",
        "panel_close_own_sessions",
        "panel_start",
        "panel_manual",
        "panel_manual_page",
        "panel_manual_picture",
        "panel_manual_sample",
        "panel_downloads",
        "panel_downloads_live",
        "panel_download",
        "panel_cancel_download",
    }


def test_the_search_of_everything_finds_only_what_one_may_see(places: list[Place]) -> None:
    asked = {"s": SECRET, "extended": "1"}

    def found(*roles: str, username: str) -> set[str]:
        """Under which addresses there is something of theirs."""
        client = Browser()
        client.force_login(member(*roles, username=username))
        page = client.get("/panel/search/", asked).text
        assert (SECRET in page) == bool(_ROWS.findall(page))
        return set(_ROWS.findall(page))

    assert {"customers", "ticket"} <= found("Agente", username="ana")
    assert not found(username="nadie")
    assert found("Operador", username="olga") == {"ticket"}


_ROWS = re.compile(r'href="/panel/(\w+)/[\w/]*\d+/')
ODD = ["\x00", "1" * 5000, "²٣'\"%😀", "-1"]
QUERIES = """q p s antes v ver after estado o e all rango version texto para buscar cliente numero celular contacto
sucursal desde hasta"""
FIELDS = """text reason note notas modo a name title phone group_count area motivo texto key pregunta position decision
username password1 question answer date total balance price number posicion hacia direccion every emergency_text
menu lugar opcion visto nota charla etiqueta nueva otro mensaje de notas"""


def test_no_question_breaks_a_page(places: list[Place], admin: Client) -> None:
    broken = []
    for place in places:
        if place.name.startswith(("panel_", "search", "index")) or place.name.endswith("_changelist"):
            for value in ODD:
                with unrendered(when=value != ODD[-2]):
                    answer = admin.get(place.url, dict.fromkeys(QUERIES.split(), value))
                broken += [(place.url, value[:9], answer.status_code)] if answer.status_code >= 500 else []
    assert broken == []


def test_no_form_breaks_a_page(places: list[Place], admin: Client) -> None:
    broken = []
    for place in places:
        if place.name.startswith("panel_") or place.name.endswith("_add"):
            for value in ODD:
                kinds = {"a": f"agente:{value}", "agente": value, "agent": value}
                with unrendered(when=value != ODD[-2]):
                    answer = admin.post(place.url, dict.fromkeys(FIELDS.split(), value) | kinds)
                broken += [(place.url, value[:9], answer.status_code)] if answer.status_code >= 500 else []
    assert broken == []


@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 25])
def test_a_row_that_is_not_there_is_not_found(places: list[Place], admin: Client, pk: str) -> None:
    for place in places:
        if place.name.startswith(("panel_", "chat-")) and any(part.isdigit() for part in place.url.split("/")):
            url = "/".join(pk if part.isdigit() else part for part in place.url.split("/"))
            for answer in (admin.get(url), admin.post(url)):
                assert answer.status_code in (302, 404, 405), url
