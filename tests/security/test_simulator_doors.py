"""The simulator is for this machine and for whoever switched it on: every one of its doors, not only the front one."""

import subprocess
import sys

import pytest
from django.test import Client

from backoffice.accounts.models import User
from backoffice.simulator import urls
from tests.architecture.tree import ROOT

DOORS = [
    "/simulator/" + str(one.pattern).replace("<str:group_id>", "1").replace("<str:handle>", "x")
    for one in urls.urlpatterns
]
STRANGERS = {
    "another machine": {"REMOTE_ADDR": "192.168.0.7"},
    "behind a proxy": {"HTTP_X_FORWARDED_FOR": "200.1.2.3"},
    "behind another kind of proxy": {"HTTP_FORWARDED": "for=200.1.2.3"},
    "a page from elsewhere": {"HTTP_ORIGIN": "https://malo.example"},
    "a page without an origin": {"HTTP_ORIGIN": "null"},
    "an image of another site": {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "no-cors"},
}


def _all_closed(client: Client, **meta: str) -> None:
    for door in DOORS:
        for method in ("get", "post", "delete", "put", "options"):
            answer = getattr(client, method)(door, **meta)
            assert answer.status_code == 404, (method, door)


def test_it_has_the_doors_that_this_test_tries() -> None:
    assert len(DOORS) > 20


@pytest.mark.parametrize("who", STRANGERS.values(), ids=STRANGERS.keys())
def test_whoever_is_elsewhere_finds_nothing(db: None, client: Client, who: dict[str, str]) -> None:
    _all_closed(client, **who)


def test_not_even_an_administrator_from_elsewhere(admin_user: User, client: Client) -> None:
    client.force_login(admin_user)
    _all_closed(client, REMOTE_ADDR="10.0.0.5")


def test_switched_off_it_is_closed_for_this_machine_too(db: None, client: Client, settings) -> None:
    settings.SIMULATOR = False
    _all_closed(client)


def test_an_installation_without_it_does_not_even_have_its_addresses(tmp_path) -> None:
    ask = (
        "import django; django.setup()\n"
        "from backoffice.urls import urlpatterns\n"
        "print([str(one.pattern) for one in urlpatterns])"
    )
    environment = {"SIMULATOR": "0", "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "backoffice.settings"}
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert "panel/" in told.stdout
    assert "simulator" not in told.stdout
