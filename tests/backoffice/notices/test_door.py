"""The gateway's address: real bytes of both MikroWisp set-ups come in, are stored once, and no key ever leaks."""

import json
import logging
import os
from urllib.parse import quote, urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client

from backoffice.common.models import Activity
from backoffice.notices import services, views
from backoffice.notices.models import Gateway, GatewayNotice
from tests import template
from tests.cast import MARIA

TEXT = "Estimada María: su servicio será suspendido mañana por falta de pago. *Total* $ 18.500,00"


def stored() -> GatewayNotice:
    """The one notice there is."""
    return GatewayNotice.objects.get()


def is_what_mikrowisp_meant(notice: GatewayNotice) -> bool:
    told = (notice.phone, notice.phone_key, notice.text, notice.kind, notice.state)
    return told == (f"+{MARIA.phone}", MARIA.key, TEXT, "corte", "received")


# --- the two set-ups --------------------------------------------------------------------------


def test_the_set_up_with_get_and_double_braces(isp):
    answer = isp.get(f"destinatario={quote('{' + MARIA.key + '}')}&mensaje={quote('{' + TEXT + '}')}")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "success", "message": "Aviso recibido", "id": stored().token, "queued": True
    }  # fmt: skip
    assert is_what_mikrowisp_meant(stored())


FORM = urlencode({"to": MARIA.key, "message": TEXT}).encode()
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="to"\r\n\r\n2612345678\r\n'
    b'--x\r\nContent-Disposition: form-data; name="message"\r\n\r\n' + TEXT.encode() + b"\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    ("body", "content_type", "query"),
    [
        (FORM, "application/x-www-form-urlencoded", ""),
        (FORM, "", ""),
        (json.dumps({"to": MARIA.key, "message": TEXT}).encode(), "application/json", ""),
        (json.dumps({"to": int(MARIA.key), "message": TEXT}).encode(), "application/x-www-form-urlencoded", ""),
        (MULTIPART, "multipart/form-data; boundary=x", ""),
        (b"", "", FORM.decode()),
        (urlencode({"message": TEXT}).encode(), "application/x-www-form-urlencoded", f"to={MARIA.key}"),
        (f"to={MARIA.key}&message={quote(TEXT, encoding='cp1252')}".encode(), "", ""),
    ],
)
def test_the_set_up_with_post_in_any_kind_of_body(isp, body, content_type, query):
    assert isp.post(body, content_type, query=query).status_code == 200
    assert is_what_mikrowisp_meant(stored())


@pytest.mark.parametrize(
    "number", ["2612345678", "0261152345678", "542612345678", "5492612345678", "%2B54 9 261 234-5678"]
)
def test_one_person_however_the_number_is_written(isp, number):
    assert isp.get(f"to={quote(number, safe='%')}&text=Hola").status_code == 200
    assert (stored().phone, stored().phone_key) == (f"+{MARIA.phone}", MARIA.key)


def test_a_local_number_is_completed_with_the_company_s_area(isp):
    assert isp.get("to=4234567&text=Hola").status_code == 200
    assert stored().phone_key == "2614234567"


# --- who may enter ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["token", "apikey", "api_key", "key", "pass"])
def test_the_key_may_come_as_a_parameter_or_in_the_path(isp, name):
    sent = f"to={MARIA.key}&text=Hola"
    assert isp.get(f"{sent}&{name}={isp.key}", key="").status_code == 200
    assert isp.post(json.dumps({"to": MARIA.key, "text": "Hola", name: isp.key}).encode(), key="").status_code == 200
    assert isp.get(sent, key="", path=f"/gateway/mikrowisp/{isp.key}/send").status_code == 200
    kept = json.dumps(list(GatewayNotice.objects.values_list("raw", flat=True)))
    assert isp.key not in kept


@pytest.mark.parametrize("key", ["", "otra", "ñandú"])
def test_a_wrong_key_is_refused_and_told_once_in_the_console(isp, key):
    for _ in range(3):
        answer = isp.get(f"to={MARIA.key}&text=Hola&token={quote(key)}", key="")
        assert (answer.status_code, answer.json()["message"]) == (401, "Clave incorrecta")
    assert isp.get("to=1", key="", path="/gateway/mikrowisp/otra/send").status_code == 401
    assert not GatewayNotice.objects.exists()
    assert Activity.objects.filter(text__contains="clave incorrecta").count() == 1


def test_a_gateway_without_a_key_lets_nobody_in(isp):
    Gateway.objects.create(name="Otro", slug="otro", channel=isp.gateway.channel)
    services.doors.forget()
    assert isp.get("to=1&text=Hola", path="/gateway/otro/send", key="").status_code == 401


def test_a_renewed_key_takes_the_place_of_the_old_one(isp):
    renewed = services.renew_key(gateway=isp.gateway, by=None)
    assert isp.get(f"to={MARIA.key}&text=Hola").status_code == 401
    assert isp.get(f"to={MARIA.key}&text=Hola", key=renewed).status_code == 200
    for row in (isp.gateway, *Gateway.history.all()):
        assert renewed not in repr(row.__dict__)


def test_only_the_addresses_of_the_list_may_call(isp, settings):
    isp.changes(allowed_ips="10.0.0.0/24\n2001:db8::/32")
    sent = f"to={MARIA.key}&text=Hola"
    assert isp.get(sent, REMOTE_ADDR="10.0.0.7").status_code == 200
    assert isp.get(sent, REMOTE_ADDR="::ffff:10.0.0.7").status_code == 200
    assert isp.get(sent, REMOTE_ADDR="2001:db8::1").status_code == 200
    assert isp.get(sent, REMOTE_ADDR="10.0.1.7").status_code == 403
    assert isp.get(sent, REMOTE_ADDR="10.0.1.7", HTTP_X_FORWARDED_FOR="10.0.0.7").status_code == 403
    settings.BEHIND_PROXY = True
    invented = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.7, 8.8.8.8"}
    assert isp.get(sent, **invented).status_code == 403
    assert isp.get(sent, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="8.8.8.8, 10.0.0.9").status_code == 200
    assert GatewayNotice.objects.first().source_ip == "10.0.0.9"


@pytest.mark.parametrize("wrong", [{"allowed_ips": "cualquiera"}, {"rules": "sin dos puntos"}])
def test_a_gateway_whose_row_makes_no_sense_is_closed_and_the_others_are_not(isp, caplog, wrong):
    Gateway.objects.create(name="Roto", slug="roto", channel=isp.gateway.channel, **wrong)
    services.doors.forget()
    sent = f"to={MARIA.key}&text=Hola"
    assert isp.get(sent, path="/gateway/roto/send").status_code == 404
    assert isp.get(sent).status_code == 200
    assert "gateway roto is closed" in caplog.text


# --- what is refused --------------------------------------------------------------------------


def test_what_cannot_be_sent_says_why(isp):
    for query, why in (("text=Hola", "Falta el número"), ("to=2612345678", "Falta el texto")):
        answer = isp.get(query)
        assert answer.status_code == 400
        assert why in answer.json()["detail"]
    broken = isp.post(b'{"to": ', "application/json")
    assert (broken.status_code, broken.json()["status"]) == (400, "error")
    assert isp.post(b"[1]", "application/json").status_code == 400
    assert isp.post(b"--x\r\nnada", "multipart/form-data").status_code == 400
    assert not GatewayNotice.objects.exists()


def test_a_number_that_is_none_is_refused_and_kept_for_staff_to_see(isp):
    answer = isp.get("to=no-es&text=Hola")
    assert (answer.status_code, answer.json()["message"]) == (400, "Número inválido")
    assert (stored().state, stored().phone_raw, stored().reason) == ("failed", "no-es", services.NO_NUMBER)


def test_unknown_switched_off_too_big_and_other_methods(isp):
    sent = f"to={MARIA.key}&text=Hola"
    assert isp.get(sent, path="/gateway/nada/send").status_code == 404
    assert isp.post(b"x" * (views.BODY_MAX + 1)).status_code == 413
    assert isp.client.delete(isp.path).status_code == 405
    isp.changes(enabled=False)
    assert isp.get(sent).status_code == 403
    assert not GatewayNotice.objects.exists()


def test_what_could_not_be_stored_is_told_so_that_it_is_sent_again(isp, monkeypatch):
    isp.get(f"to={MARIA.key}&text=Hola")

    def full(**_):
        raise OperationalError("disk full")

    monkeypatch.setattr(services, "store_notice", full)
    answer = isp.get(f"to={MARIA.key}&text=Hola")
    assert (answer.status_code, answer.json()["status"]) == (503, "error")
    assert GatewayNotice.objects.count() == 1


@pytest.mark.parametrize("text", ["\x00Hola\x00", "\\ud800Hola", "🙂" * 1000, "a" * 4096, "مرحبا"])
def test_texts_that_a_database_fears_are_stored(isp, text):
    body = b'{"to": "2612345678", "text": "' + text.replace("\x00", "\\u0000").encode() + b'"}'
    assert isp.post(body, "application/json").status_code == 200
    assert stored().text


# --- what it costs and what it leaves behind --------------------------------------------------


def test_a_notice_costs_one_insert(isp, django_assert_num_queries):
    isp.get(f"to={MARIA.key}&text=Hola")
    with django_assert_num_queries(1):
        assert isp.get(f"to={MARIA.key}&text=Hola").status_code == 200


def test_it_is_stored_before_it_is_answered_each_time(isp):
    for _ in range(3):
        assert isp.get(f"to={MARIA.key}&text=Hola").status_code == 200
    assert GatewayNotice.objects.filter(state="received").count() == 3
    assert len({notice.fingerprint for notice in GatewayNotice.objects.all()}) == 1


def test_no_key_reaches_the_logs(isp, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    sent = f"to={MARIA.key}&text=Hola&token={isp.key}"
    by_path = f"/gateway/mikrowisp/{isp.key}/send"
    isp.get(sent, key="")
    isp.get(sent, path=by_path, key="")
    for path in (by_path + "/", f"/gateway/mikrowisp/{isp.key}/otra", f"/gateway/nada/{isp.key}/send", by_path + "x"):
        assert isp.get(sent, path=path).status_code in (301, 404)
    isp.get("to=1", path=by_path, key="")
    isp.client.put(by_path)

    def broken(*_args, **_kwargs):
        raise RuntimeError("boom")

    monkeypatch.setattr(views, "_take_in", broken)
    client = Client(raise_request_exception=False)
    assert client.get(f"{by_path}?{sent}").status_code == 500
    lines = [f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records]
    assert any("/gateway/mikrowisp/•••" in line for line in lines)
    assert not any(isp.key in line for line in lines)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that goes away")
def test_the_first_notice_after_the_database_came_back_is_kept_too(isp):
    assert isp.get("to=5492614000001&message=Antes").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    template.run(os.environ["DATABASE_URL"], f"SELECT pg_terminate_backend({process})")
    assert isp.get("to=5492614000001&message=Después").status_code == 200
    assert set(GatewayNotice.objects.values_list("text", flat=True)) == {"Antes", "Después"}
