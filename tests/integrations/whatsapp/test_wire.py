"""What each failure of the wire means, decided in one place."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from integrations.errors import (
    BadCredentials,
    IntegrationError,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
)
from integrations.http import DEFAULT_WAIT, LONGEST_WAIT, Wire, retry_after

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def wire(answer: Callable[[httpx.Request], httpx.Response], **options) -> Wire:
    return Wire("http://isp.test/api", transport=httpx.MockTransport(answer), **options)


def fails_with(error: Exception) -> Wire:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return wire(answer)


def answers(status: int, **content) -> Wire:
    return wire(lambda request: httpx.Response(status, **content))


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (400, Rejected, Rejected),
        (401, BadCredentials, BadCredentials),
        (403, BadCredentials, BadCredentials),
        (404, NotFound, NotFound),
        (408, Unavailable, OutcomeUnknown),
        (422, Rejected, Rejected),
        (429, Throttled, Throttled),
        (500, Unavailable, OutcomeUnknown),
        (502, Unavailable, OutcomeUnknown),
        (503, Unavailable, Unavailable),
        (504, Unavailable, OutcomeUnknown),
        (302, Rejected, Rejected),
    ],
)
def test_what_a_status_means_for_a_read_and_for_a_write(status, read, write):
    with pytest.raises(IntegrationError) as error:
        answers(status).read("/x")
    assert type(error.value) is read
    with pytest.raises(IntegrationError) as error:
        answers(status).write("POST", "/x", json={})
    assert type(error.value) is write


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.PoolTimeout("no")])
def test_a_write_that_never_left_may_be_made_again(error):
    with pytest.raises(Unavailable) as raised:
        fails_with(error).write("POST", "/pay", json={})
    assert raised.value.retry


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout("slow"), httpx.WriteError("cut"), httpx.RemoteProtocolError("cut in the middle")]
)
def test_a_write_that_broke_on_the_way_has_an_unknown_outcome(error):
    with pytest.raises(OutcomeUnknown) as raised:
        fails_with(error).write("POST", "/pay", json={})
    assert not raised.value.retry
    with pytest.raises(Unavailable):
        fails_with(error).read("/pay")


def test_a_success_that_cannot_be_read_is_unknown_after_a_write():
    page = {"text": "<html>Estamos en mantenimiento</html>"}
    with pytest.raises(OutcomeUnknown):
        answers(200, **page).write_json("POST", "/pay", json={})
    with pytest.raises(Unavailable):
        answers(200, **page).read_json("/balance")


def test_json_comes_back_parsed():
    assert answers(200, json={"ok": 1}).read_json("/x") == {"ok": 1}
    assert answers(201, json=[1]).write_json("POST", "/x", json={}) == [1]


def test_a_port_may_name_its_own_refusals():
    named = wire(lambda request: httpx.Response(409), translate=lambda response: NotFound("no such plan"))
    with pytest.raises(NotFound, match="no such plan"):
        named.write("PUT", "/plan", json={})


@pytest.mark.parametrize("url", ["http://isp:puerto", "isp.com.ar", ""])
def test_an_address_that_is_no_address_is_a_clear_refusal(url):
    with pytest.raises(Rejected) as error:
        Wire(url).read("/x")
    assert error.value.staff_text == "La dirección no es válida."


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("99999999999999", LONGEST_WAIT),
        ("Tue, 24 Nov 2026 08:01:00 GMT", timedelta(minutes=1)),
        ("Tue, 24 Nov 2026 07:00:00 GMT", timedelta(0)),
        ("Tue, 24 Nov 2026 08:01:00 -0000", timedelta(minutes=1)),
        ("mañana", DEFAULT_WAIT),
        ("", DEFAULT_WAIT),
        ("²", DEFAULT_WAIT),
    ],
)
def test_retry_after_is_read_in_both_shapes(header, wait):
    assert retry_after(header, now=NOW) == wait


def test_a_throttled_error_says_how_long():
    with pytest.raises(Throttled) as error:
        answers(429, headers={"Retry-After": "7"}).read("/x")
    assert error.value.after == timedelta(seconds=7)
    assert error.value.retry


def test_a_wire_can_be_closed():
    opened = answers(200)
    opened.close()
    with pytest.raises(RuntimeError):
        opened.read("/x")


def test_every_error_has_a_sentence_for_staff():
    assert Rejected(staff_text="Sin saldo.").staff_text == "Sin saldo."
    assert str(Unavailable()) == Unavailable.staff_text
