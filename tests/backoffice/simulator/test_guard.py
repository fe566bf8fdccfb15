"""Nobody but this machine, and no page of somebody else's."""

import pytest

from tests.backoffice.simulator.conftest import MARIA, Api

PATHS = ["/simulator/", "/simulator/api/state", "/simulator/api/messages?phone=5492612345678", "/simulator/qr.svg"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "stranger",
    [
        {"REMOTE_ADDR": "192.168.0.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "unix:"},
        {"HTTP_X_FORWARDED_FOR": "200.1.2.3"},
        {"HTTP_FORWARDED": "for=200.1.2.3"},
        {"HTTP_ORIGIN": "https://malo.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
    ],
)
def test_from_elsewhere_there_is_nothing(api: Api, path, stranger):
    assert api.client.get(path, **stranger).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may(api: Api, address):
    assert api.client.get("/simulator/api/state", REMOTE_ADDR=address).status_code == 200


def test_its_own_page_may(api: Api):
    ours = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}
    assert api.client.get("/simulator/api/state", **ours).status_code == 200


def test_a_foreign_name_that_resolves_here_may_not(api: Api):
    assert api.client.get("/simulator/api/state", HTTP_HOST="malo.example").status_code in (400, 404)


def test_a_link_on_another_page_opens_the_page_but_moves_nothing(api: Api):
    link = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "navigate"}
    assert api.client.get("/simulator/", **link).status_code == 200
    assert api.client.get("/simulator/api/state", **link).status_code == 404
    assert api.client.post("/simulator/api/unlink", **link).status_code == 404


def test_a_form_of_another_page_writes_nothing(api: Api):
    form = {"HTTP_ORIGIN": "https://malo.example", "HTTP_SEC_FETCH_SITE": "cross-site"}
    body = '{"from": "5492612345678", "chat": "bot", "text": "hola"}'
    assert api.client.post("/simulator/api/messages", body, content_type="text/plain", **form).status_code == 404
    assert api.sees(MARIA) == []


@pytest.mark.parametrize("path", PATHS)
def test_switched_off_there_is_nothing(api: Api, settings, path):
    settings.SIMULATOR = False
    assert api.client.get(path).status_code == 404
