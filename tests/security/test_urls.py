"""Every address of the product, opened by everybody: who may, by their permissions, and who may not, gets nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from backoffice.accounts.models import User
from tests.security import house
from tests.security.places import Place, every_place

pytestmark = pytest.mark.once

ROLES = list(json.loads(Path(settings.FIXTURES_DIR / "roles.json").read_text(encoding="utf-8")))
SECRET = "Zulema-Secreta"


@pytest.fixture
def places(staff: Callable[..., User]) -> list[Place]:
    house.build()
    assert house.write_everywhere(SECRET) > 50
    return every_place()


def _wrong(client: Client, place: Place, user: User | None) -> str:
    """What is wrong with how a place receives somebody; "" when nothing is."""
    client.raise_request_exception = False
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
    wrong = [_wrong(Client(), place, None) for place in places]
    assert "\n".join(filter(None, wrong)) == ""


@pytest.mark.parametrize("role", ["", *ROLES])
def test_each_role_opens_what_its_permissions_say_and_no_more(
    places: list[Place], staff: Callable[..., User], role: str
) -> None:
    user = staff(*filter(None, [role]))
    client = Client()
    wrong = []
    for place in places:
        client.force_login(user)  # one of the places signs out
        wrong.append(_wrong(client, place, user))
    assert "\n".join(filter(None, wrong)) == ""


def test_somebody_with_an_account_who_is_no_staff_opens_nothing(places: list[Place], client: Client) -> None:
    user = User.objects.create_user("cliente", is_superuser=True)
    for place in places:
        if place.rule is not None and place.name not in ("chat-media", "logout"):
            client.force_login(user)
            assert client.get(place.url).status_code in (302, 403), place


def test_the_search_of_everything_finds_only_what_one_may_see(
    places: list[Place], signed_in: Callable[..., Client]
) -> None:
    asked = {"s": SECRET, "extended": "1"}
    assert SECRET in signed_in("Agente").get("/panel/search/", asked).text
    for role in ("", "Operador"):
        assert (
            SECRET not in signed_in(*filter(None, [role]), username=f"alguien{role}").get("/panel/search/", asked).text
        )


ODD = ["\x00", "1" * 5000, "²٣'\"%😀", "-1"]
QUERIES = "q p s antes v ver after estado o e all rango version texto para buscar cliente"
FIELDS = """text reason note notas modo a name title phone group_count area motivo texto key pregunta position decision
username password1 question answer date total balance price number posicion hacia direccion every emergency_text
menu lugar opcion visto nota charla etiqueta nueva otro mensaje de notas"""


def test_no_question_breaks_a_page(places: list[Place], admin: Client) -> None:
    admin.raise_request_exception = False
    broken = []
    for place in places:
        if place.name.startswith(("panel_", "search", "index")) or place.name.endswith("_changelist"):
            for value in ODD:
                answer = admin.get(place.url, dict.fromkeys(QUERIES.split(), value))
                broken += [(place.url, value[:9], answer.status_code)] if answer.status_code >= 500 else []
    assert broken == []


def test_no_form_breaks_a_page(places: list[Place], admin: Client) -> None:
    admin.raise_request_exception = False
    broken = []
    for place in places:
        if place.name.startswith("panel_") or place.name.endswith("_add"):
            for value in ODD:
                kinds = {"a": f"agente:{value}", "agente": value, "agent": value}
                answer = admin.post(place.url, dict.fromkeys(FIELDS.split(), value) | kinds)
                broken += [(place.url, value[:9], answer.status_code)] if answer.status_code >= 500 else []
    assert broken == []


@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 25])
def test_a_row_that_is_not_there_is_not_found(places: list[Place], admin: Client, pk: str) -> None:
    admin.raise_request_exception = False
    for place in places:
        if place.name.startswith(("panel_", "chat-")) and any(part.isdigit() for part in place.url.split("/")):
            url = "/".join(pk if part.isdigit() else part for part in place.url.split("/"))
            for answer in (admin.get(url), admin.post(url)):
                assert answer.status_code in (302, 404, 405), url
