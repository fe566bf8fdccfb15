"""The number and its connection: what staff fill in, what «Probar conexión» finds, and what state it is in."""

import pytest

from integrations import registry
from integrations.addresses import WrongValue
from integrations.errors import Unavailable
from integrations.health import HealthState
from integrations.whatsapp.base import Addr, ConnState
from integrations.whatsapp.cloud import PROVIDER, version_text
from integrations.whatsapp.cloud.client import CloudTransport
from tests.integrations.whatsapp.cloud.conftest import Connect
from tests.integrations.whatsapp.cloud.meta import ACCOUNT_ID, NUMBER_ID, TOKEN, VERSION, Meta, Refusal, error_body

S = HealthState


def test_what_staff_filled_in_becomes_a_number_that_answers(meta: Meta) -> None:
    settings = {"number_id": NUMBER_ID, "account_id": ACCOUNT_ID, "base_url": meta.url, "version": VERSION}
    built = registry.build("integrations.whatsapp", "cloud", settings, {"token": TOKEN})
    health = built.check()
    built.close()
    assert (health.state, health.advice) == (S.OK, "")
    assert health.message == "Meta acepta la clave. El número es +54 9 261 555-0100, «FibraSur»."


@pytest.mark.parametrize(
    ("changed", "state", "told"),
    [
        ({"token": "vencido"}, S.BAD_CREDENTIALS, "no acepta la clave"),
        ({"number_id": "555"}, S.WRONG_SETTINGS, "no conoce ese número"),
        ({"account_id": "555"}, S.WRONG_SETTINGS, "no es de esa cuenta"),
        ({"base_url": "http://127.0.0.1:1"}, S.UNREACHABLE, "no acepta la conexión"),
    ],
)
def test_each_wrong_value_is_told_apart(connect: Connect, changed: dict, state: S, told: str) -> None:
    health = connect(**changed).check()
    assert health.state is state
    assert told in health.message
    assert health.advice


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (Refusal(403, error_body(10)), S.NO_PERMISSION),
        (Refusal(403, error_body(368)), S.REJECTED),
        (Refusal(429, error_body(4)), S.THROTTLED),
        (Refusal(500, b"<html>", "text/html"), S.UNREACHABLE),
        (Refusal(200, b"<html>", "text/html"), S.WRONG_ADDRESS),
        (Refusal(200, b"[]"), S.WRONG_ADDRESS),
        (Refusal(302, b"", headers={"Location": "https://login.example/"}), S.WRONG_ADDRESS),
        (Refusal(cut=True), S.UNREACHABLE),
    ],
)
def test_each_answer_is_told_apart(meta: Meta, cloud: CloudTransport, refusal: Refusal, state: S) -> None:
    meta.refusals.append(refusal)
    health = cloud.check()
    assert health.state is state
    assert health.message
    assert health.advice


def test_a_number_of_another_account_is_found_out(meta: Meta, cloud: CloudTransport) -> None:
    meta.refusals += [Refusal(200, b'{"display_phone_number": "+1 555"}'), Refusal(200, b'{"data": [{"id": "9"}]}')]
    assert "no es de esa cuenta" in cloud.check().message
    meta.refusals += [Refusal(200, b'{"display_phone_number": "+1 555"}'), Refusal(200, b'{"data": "?"}')]
    assert cloud.check().state is S.WRONG_ADDRESS


def test_a_number_that_meta_likes_less_says_so(meta: Meta, cloud: CloudTransport) -> None:
    meta.number["quality_rating"] = "RED"
    assert cloud.check().ok
    assert "calidad baja" in cloud.check().advice
    meta.number["status"] = "BANNED"
    assert cloud.check().state is S.REJECTED
    meta.number["status"] = "DISCONNECTED"
    assert "no está registrado" in cloud.check().message


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("CONNECTED", ConnState.ONLINE),
        ("PENDING", ConnState.ONLINE),
        ("BANNED", ConnState.RESTRICTED),
        ("DISCONNECTED", ConnState.STOPPED),
    ],
)
def test_the_state_is_what_meta_says(meta: Meta, cloud: CloudTransport, status: str, state: ConnState) -> None:
    meta.number["status"] = status
    assert (cloud.state().state, cloud.state().me) == (state, Addr.phone("5492615550100"))


def test_a_key_that_is_not_accepted_is_a_state_and_silence_is_not(meta: Meta, cloud: CloudTransport) -> None:
    meta.refusals += [Refusal(401, error_body(190)), Refusal(403, error_body(131031)), Refusal(cut=True)]
    assert cloud.state().state is ConnState.AUTH_ERROR
    assert cloud.state().state is ConnState.RESTRICTED
    with pytest.raises(Unavailable):
        cloud.state()


@pytest.mark.parametrize(("typed", "kept"), [("v26.0", "v26.0"), (" V26 ", "v26.0"), ("26.0", "v26.0")])
def test_the_version_however_it_was_typed(typed: str, kept: str) -> None:
    assert version_text(typed) == kept


@pytest.mark.parametrize("typed", ["", "última", "v26.0/../me", "26.0.1"])
def test_what_is_no_version(typed: str) -> None:
    with pytest.raises(WrongValue):
        version_text(typed)


def test_what_is_asked_of_staff() -> None:
    assert {field.name for field in PROVIDER.secrets} == {"token", "app_secret", "app_secret_before", "verify_token"}
    assert all(field.default != "" and not field.is_secret for field in PROVIDER.fields if field.advanced)
    assert PROVIDER.help_text
    assert PROVIDER.used_for
    assert PROVIDER.guide
