"""Mercado Pago's «Probar conexión», against a server that answers its very bytes."""

import pytest

from integrations import registry
from integrations.addresses import WrongValue
from integrations.health import Health, HealthState
from integrations.payments.mercadopago import descriptor, pos_id
from tests.outside import Outside

TOKEN = "APP_USR-1234567890-112400-abcdef"
OWNER = {"id": 123456789, "nickname": "FIBRASUR", "site_id": "MLA", "email": "pagos@fibrasur.test"}


def check(outside: Outside, **settings: str) -> Health:
    kept = {"base_url": outside.url} | settings
    return registry.build("integrations.payments", "mercadopago", kept, {"access_token": TOKEN}).check()


def test_it_says_whose_the_token_is(outside: Outside) -> None:
    outside.answers(OWNER)
    health = check(outside, user_id="123456789")
    assert health.ok
    assert health.message == "Mercado Pago acepta la clave. Es la cuenta FIBRASUR (User ID 123456789)."
    [asked] = outside.asked
    assert (asked.line, asked.headers["authorization"]) == ("GET /users/me HTTP/1.1", f"Bearer {TOKEN}")
    outside.answers({"id": 7})
    assert "de User ID 7" in check(outside).message


def test_a_token_of_another_account_or_country_is_told(outside: Outside) -> None:
    outside.answers(OWNER)
    health = check(outside, user_id="987")
    assert health.state is HealthState.WRONG_SETTINGS
    assert "FIBRASUR (User ID 123456789), y cargaste User ID 987" in health.message
    outside.answers(OWNER | {"site_id": "MLB"})
    assert "otro país" in check(outside).message


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        ("401 Unauthorized", {"message": "invalid access token", "status": 401}, HealthState.BAD_CREDENTIALS),
        ("403 Forbidden", {"message": "forbidden"}, HealthState.NO_PERMISSION),
        ("429 Too Many Requests", {}, HealthState.THROTTLED),
        ("502 Bad Gateway", "<html>", HealthState.UNREACHABLE),
        ("200 OK", "<html>", HealthState.WRONG_ADDRESS),
        ("200 OK", {"id": "x"}, HealthState.WRONG_ADDRESS),
        ("200 OK", [1], HealthState.WRONG_ADDRESS),
    ],
)
def test_each_failure_is_told_apart(outside: Outside, status: str, body: object, state: HealthState) -> None:
    outside.answers(body, status=status)
    health = check(outside)
    assert health.state is state
    assert "{" not in health.message + health.advice


@pytest.mark.parametrize("wrong", ["CAJA-1", "caja 1", "cajá", "x" * 40])
def test_mercado_pago_takes_only_plain_names_of_boxes(wrong: str) -> None:
    assert pos_id(" CAJA1 ") == "CAJA1"
    with pytest.raises(WrongValue, match="sin espacios ni guiones"):
        pos_id(wrong)


def test_what_the_card_s_statement_says_is_short_and_plain() -> None:
    assert descriptor("  FIBRA   SUR ") == "FIBRA SUR"
    with pytest.raises(WrongValue, match="Hasta 22"):
        descriptor("Fibra Sur ñ")
