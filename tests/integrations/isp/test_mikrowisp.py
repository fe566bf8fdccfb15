"""MikroWisp's «Probar conexión», against a server that answers its very bytes."""

import pytest

from integrations import registry
from integrations.health import Health, HealthState
from integrations.isp.mikrowisp import clean_address
from tests.outside import Outside, listening

TOKEN = "Q2xhdmUtZGUtRmlicmFTdXI="
PAGE = "<html><h1>403 Forbidden</h1></html>"


def check(url: str, **settings: object) -> Health:
    kept = {"base_url": url, "timeout": 3, "verify_tls": True} | settings
    return registry.build("integrations.isp", "mikrowisp", kept, {"token": TOKEN}).check()


def test_it_answers_and_takes_the_token(outside: Outside) -> None:
    outside.answers({"estado": "exito", "departamentos": [{"id": 1, "nombre": "Soporte técnico"}]})
    health = check(f"{outside.url}/gestion")
    assert (health.state, health.message) == (HealthState.OK, "MikroWisp contesta y acepta la clave.")
    assert "sin cifrar" in health.advice
    [asked] = outside.asked
    assert asked.line == "POST /gestion/api/v1/GetDepartamentos HTTP/1.1"
    assert asked.json == {"token": TOKEN}
    assert TOKEN not in str(asked.headers)


def test_newer_commands_answer_with_a_code(outside: Outside) -> None:
    outside.answers({"code": "200", "mensaje": "Operación exitosa", "datos": []})
    assert check(outside.url).ok


@pytest.mark.parametrize("said", ["mensaje", "salida"])
def test_a_refusal_comes_with_http_200_and_is_told_in_its_words(outside: Outside, said: str) -> None:
    outside.answers({"estado": "error", said: "Token  incorrecto.\n"})
    health = check(outside.url)
    assert health.state is HealthState.BAD_CREDENTIALS
    assert "Dice: «Token incorrecto»." in health.message
    assert "habilitada la API" in health.advice


S = HealthState


@pytest.mark.parametrize(
    ("status", "kind", "state", "told"),
    [
        ("401 Unauthorized", "application/json", S.BAD_CREDENTIALS, "no acepta la clave"),
        ("403 Forbidden", "application/json", S.NO_PERMISSION, "no le permite usar su API"),
        ("403 Forbidden", "text/html", S.UNREACHABLE, "Un filtro delante"),
        ("404 Not Found", "text/html", S.WRONG_ADDRESS, "no contesta MikroWisp"),
        ("400 Bad Request", "application/json", S.REJECTED, "rechazó la consulta"),
        ("429 Too Many Requests", "application/json", S.THROTTLED, "pide esperar"),
        ("500 Internal Server Error", "text/html", S.UNREACHABLE, "una falla propia (HTTP 500"),
        ("503 Service Unavailable", "text/html", S.UNREACHABLE, "una falla propia (HTTP 503"),
        ("200 OK", "text/html", S.WRONG_ADDRESS, "sino otra cosa"),
    ],
)
def test_each_failure_is_told_apart(outside: Outside, status: str, kind: str, state: S, told: str) -> None:
    outside.answers(PAGE, status=status, kind=kind)
    health = check(outside.url)
    assert health.state is state
    assert told in health.message
    assert health.advice


@pytest.mark.parametrize("body", [[], {"hola": 1}, "null", '{"estado": {"a": 1}'])
def test_json_of_somebody_else_is_not_mikrowisp(outside: Outside, body: object) -> None:
    outside.answers(body)
    assert check(outside.url).state is HealthState.WRONG_ADDRESS


def test_a_redirection_says_where_to_and_is_not_followed(outside: Outside) -> None:
    outside.answers(
        status="301 Moved Permanently", Location="https://mikrowisp.fibrasur.com.ar/api/v1/GetDepartamentos"
    )
    health = check(outside.url)
    assert health.state is HealthState.WRONG_ADDRESS
    assert health.message == "Esa dirección manda a https://mikrowisp.fibrasur.com.ar. Si es la tuya, poné esa."
    outside.answers(status="302 Found", Location="/login")
    assert "del mismo servidor" in check(outside.url).message


def test_nobody_there_or_nobody_who_answers(outside: Outside) -> None:
    assert "no acepta la conexión" in check("http://127.0.0.1:1").message
    health = check(outside.url)
    assert (health.state, health.message) == (S.UNREACHABLE, "La conexión se cortó antes de la respuesta.")
    outside.reply = None
    assert "no contestó a tiempo" in check(outside.url, timeout=0.1).message


def test_a_certificate_of_its_own_is_refused_until_staff_say_otherwise() -> None:
    with listening(tls=True) as own:
        own.answers({"estado": "exito"})
        health = check(own.url)
        assert health.state is HealthState.UNTRUSTED
        assert "«Verificar el certificado»" in health.advice
        assert own.asked == []
        assert check(own.url, verify_tls=False).ok


def test_https_where_there_is_none_is_told(outside: Outside) -> None:
    outside.reply = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    assert check(outside.url.replace("http:", "https:")).state is HealthState.UNREACHABLE


@pytest.mark.parametrize("pasted", ["https://mw.ar/api/v1", "https://mw.ar/api/v1/", "mw.ar", "https://mw.ar/api"])
def test_the_address_of_the_api_may_be_pasted(pasted: str) -> None:
    assert clean_address(pasted) == "https://mw.ar"
