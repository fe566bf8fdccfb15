"""«Conexiones»: filled in without fear, tried before it is kept, and its key never seen again."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import AuditEvent
from backoffice.common.models import Activity
from backoffice.company.models import Company
from backoffice.connections.adapters import Tried, adapter_of, secrets_of
from backoffice.connections.models import CallLog, Connection
from backoffice.connections.services import record_test
from integrations.health import Health, HealthState
from integrations.isp.mikrowisp.client import Mikrowisp
from tests.backoffice.connections.conftest import FINE, TOKEN, enters
from tests.outside import Outside

HOME = "panel_connections"
NEW = ("panel_add_connection", "isp", "mikrowisp")
REFUSED = {"estado": "error", "mensaje": f"El token {TOKEN} no existe"}

Kept = Callable[..., Connection]


def at(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def sees(client: Client, name: str, /, *args: object) -> str:
    cache.clear()
    return html.unescape(client.get(at(name, *args)).text)


def sends(client: Client, name: str, /, *args: object, **data: Any) -> str:
    return html.unescape(client.post(at(name, *args), data, follow=True).text)


def tries(client: Client, /, **data: Any) -> str:
    return sends(client, "panel_try_connection", **({"kind": "isp", "provider": "mikrowisp"} | data))


# --- setting up ---------------------------------------------------------------------------------


def test_the_page_says_what_is_in_use_and_what_can_be_connected(admin: Client) -> None:
    page = sees(admin, HOME)
    assert "no hay nada que conectar" in " ".join(page.lower().split())
    assert "Conectar MikroWisp" in page
    assert "Conectar Mercado Pago" in page
    assert "Sin alias ni CBU" in page
    Company.objects.update_or_create(pk=1, defaults={"bank_alias": "fibrasur.pagos"})
    assert "Guardada" not in sees(admin, *NEW)
    page = sees(admin, HOME)
    assert "fibrasur.pagos" in page
    assert at("company_company_changelist") in page


def test_what_is_typed_is_tried_before_it_is_kept(admin: Client, form: dict[str, str], outside: Outside) -> None:
    assert "acepta la clave" in tries(admin, **form)
    assert not Connection.objects.exists()
    row = CallLog.objects.get()
    assert (row.connection, row.name, row.what, row.result) == (None, "MikroWisp", "Probar conexión", "ok")
    assert str(row.by) == "Elena Soto"
    outside.answers(REFUSED)
    told = tries(admin, **form)
    assert "no acepta la clave" in told
    assert TOKEN not in told  # though the other side said it
    assert Activity.objects.filter(text="Elena Soto probó la conexión «MikroWisp»: Clave rechazada").exists()


def test_the_other_side_is_waited_for_in_no_transaction(
    admin: Client, form: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    depth, inside = len(database.savepoint_ids), []

    def check(self: Mikrowisp) -> Health:
        inside.append(len(database.savepoint_ids) - depth)
        return Health(HealthState.OK, "Contesta.")

    monkeypatch.setattr(Mikrowisp, "check", check)
    tries(admin, **form)
    assert inside == [0]


def test_it_is_kept_with_its_key_encrypted_and_tried_again_on_the_card(admin: Client, form: dict[str, str]) -> None:
    answer = admin.post(at(*NEW), form)
    row = Connection.objects.get()
    assert answer.headers["Location"] == at(HOME) + f"?probar={row.pk}"
    assert secrets_of(row) == {"token": TOKEN}
    assert row.settings == {"base_url": form["base_url"], "timeout": 5, "verify_tls": True}
    assert isinstance(adapter_of(row), Mikrowisp)
    with database.cursor() as cursor:
        cursor.execute("SELECT secrets FROM connections_connection")
        assert TOKEN not in cursor.fetchone()[0]
    assert "Sin probar" in sees(admin, HOME)
    told = admin.post(at("panel_test_connection", row.pk), headers={"HX-Request": "true"}).text
    assert "acepta la clave" in told
    page = sees(admin, HOME)
    assert "Anda bien" in page
    assert "por Elena Soto" in page


def test_no_page_tells_the_key(admin: Client, kept: Kept) -> None:
    row = kept()
    sends(admin, "panel_test_connection", row.pk)
    pages = [
        (HOME,),
        ("panel_connection", row.pk),
        ("panel_changes", "conexiones"),
        ("connections_calllog_changelist",),
        ("connections_calllog_change", CallLog.objects.get().pk),
        ("accounts_auditevent_changelist",),
    ]
    for name, *args in pages:
        assert TOKEN not in sees(admin, name, *args), name
    assert "Guardada ••••1234" in sees(admin, "panel_connection", row.pk)
    assert not hasattr(row.history.latest(), "secrets")


# --- changing -----------------------------------------------------------------------------------


def test_an_empty_key_stays_another_takes_its_place_and_both_are_audited(
    admin: Client, kept: Kept, form: dict[str, str]
) -> None:
    row = kept()
    sends(admin, "panel_connection", row.pk, **form | {"name": "Central", "token": ""})
    row.refresh_from_db()
    assert (row.name, secrets_of(row)) == ("Central", {"token": TOKEN})
    before = AuditEvent.objects.filter(kind="secret").count()
    sends(admin, "panel_connection", row.pk, **form | {"token": "otra-clave-9876"})
    row.refresh_from_db()
    assert secrets_of(row) == {"token": "otra-clave-9876"}
    assert AuditEvent.objects.filter(kind="secret").count() == before + 1
    event = AuditEvent.objects.filter(kind="secret").latest("pk")
    assert event.text == "Cambió «Token de la API» de la conexión «MikroWisp»"
    history = sees(admin, "panel_changes", "conexiones")
    assert "Cambió Token de la API" in history
    assert "9876" not in history


def test_a_key_is_dropped_on_purpose_and_only_where_nothing_uses_it(
    admin: Client, kept: Kept, form: dict[str, str]
) -> None:
    row = kept()
    drop = form | {"token": "", "forget_token": "on"}
    assert "apagala, o pegá otra" in sends(admin, "panel_connection", row.pk, **drop)
    off = {name: value for name, value in drop.items() if name != "enabled"}
    assert "quedó guardada" in sends(admin, "panel_connection", row.pk, **off)
    row.refresh_from_db()
    assert (row.enabled, secrets_of(row), row.secrets) == (False, {}, "")
    page = sees(admin, HOME)
    assert "Falta completar: Token de la API." in page
    assert "Apagada" in page
    assert "Falta completar: Token" in sends(admin, "panel_test_connection", row.pk)


def test_a_kept_key_goes_nowhere_else(admin: Client, kept: Kept, form: dict[str, str], outside: Outside) -> None:
    """Otherwise whoever may change the address could read it at a server of theirs."""
    row = kept()
    moved = form | {"pk": str(row.pk), "token": "", "base_url": "http://localhost:1"}
    assert "pegá de nuevo la clave" in tries(admin, **moved)
    assert "pegá de nuevo la clave" in sends(admin, "panel_connection", row.pk, **moved)
    assert "no acepta la conexión" in tries(admin, **moved | {"token": TOKEN})
    same = form | {"pk": str(row.pk), "token": "", "base_url": f"{outside.url}/gestion"}
    assert "acepta la clave" in tries(admin, **same)


def test_the_history_tells_what_changed_by_the_words_of_the_form(
    admin: Client, kept: Kept, form: dict[str, str], outside: Outside
) -> None:
    row = kept()
    sends(
        admin, "panel_connection", row.pk, **form | {"token": "", "base_url": f"{outside.url}/gestion", "timeout": "9"}
    )
    page = sees(admin, "panel_changes", "conexiones")
    assert "Dirección:" in page
    assert f"{outside.url}/gestion" in page
    assert "Esperar la respuesta (s):" in page
    assert "base_url" not in page


def test_after_a_change_what_was_tried_before_says_nothing(admin: Client, kept: Kept, form: dict[str, str]) -> None:
    row = kept()
    sends(admin, "panel_test_connection", row.pk)
    assert "Anda bien" in sees(admin, HOME)
    sends(admin, "panel_connection", row.pk, **form | {"token": "", "name": "Central"})
    assert "Anda bien" in sees(admin, HOME)
    began = timezone.now()
    sends(admin, "panel_connection", row.pk, **form | {"token": "otra-clave-9876"})
    assert "Sin probar" in sees(admin, HOME)
    late = Tried(Health(HealthState.OK, ""), began, 9)  # it began with the key from before
    record_test(connection=row, name="Central", provider="mikrowisp", tried=late, by=None)
    assert "Sin probar" in sees(admin, HOME)


def test_one_is_taken_away_with_its_key_and_its_calls_stay(admin: Client, kept: Kept) -> None:
    row = kept()
    sends(admin, "panel_test_connection", row.pk)
    assert "se borró" in sends(admin, "panel_delete_connection", row.pk).lower()
    assert not Connection.objects.exists()
    assert (CallLog.objects.get().connection, CallLog.objects.get().name) == (None, "MikroWisp")
    assert AuditEvent.objects.filter(kind="deleted", text="Borró la conexión «MikroWisp»").exists()


# --- going back ---------------------------------------------------------------------------------


def goes_back(admin: Client, row: Connection, back: int = 1) -> str:
    version = row.history.order_by("-history_id")[back].pk
    return sends(admin, "panel_restore_version", "connections.connection", version)


def test_an_earlier_version_keeps_the_key_of_today(admin: Client, kept: Kept, form: dict[str, str]) -> None:
    row = kept()
    sends(admin, "panel_connection", row.pk, **form | {"name": "Central", "timeout": "9", "token": "otra-clave-9876"})
    assert "volvió a esa versión" in goes_back(admin, row)
    row.refresh_from_db()
    assert (row.name, row.settings["timeout"], secrets_of(row)) == ("MikroWisp", 5, {"token": "otra-clave-9876"})
    last = row.history.latest()
    assert (str(last.history_user), last.history_change_reason[:24]) == ("Elena Soto", "Volvió a la versión del ")


def test_an_earlier_version_of_another_place_asks_for_the_key_again(
    admin: Client, kept: Kept, form: dict[str, str]
) -> None:
    """Otherwise going back would be a way to have it sent to a server of one's own."""
    row = kept(base_url="http://localhost:1")
    sends(admin, "panel_connection", row.pk, **form)
    goes_back(admin, row)
    row.refresh_from_db()
    assert (row.settings["base_url"], secrets_of(row)) == ("http://localhost:1", {})
    assert AuditEvent.objects.filter(kind="secret", text__startswith="Borró «Token").exists()
    assert "Falta completar: Token de la API." in sees(admin, HOME)


def test_one_that_was_deleted_comes_back_without_its_key(admin: Client, kept: Kept) -> None:
    row = kept()
    key = row.pk
    sends(admin, "panel_delete_connection", key)
    version = Connection.history.filter(id=key, history_type="-").get().pk
    sends(admin, "panel_restore_version", "connections.connection", version)
    back = Connection.objects.get(pk=key)
    assert (back.name, back.kind, back.provider, secrets_of(back)) == ("MikroWisp", "isp", "mikrowisp", {})


# --- what is wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("base_url", "mi servidor", "No es una dirección"),
        ("base_url", "http://169.254.169.254/", "interna del servidor"),
        ("base_url", "https://elena:1234@mw.ar", "Sin usuario ni contraseña"),
        ("base_url", "", "Completá este dato"),
        ("token", "", "Falta. Pegala acá."),
        ("token", "con espacios", "no lleva espacios"),
        ("timeout", "1000", "menor o igual a 60"),
        ("name", "", "Completá este dato"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(
    admin: Client, form: dict[str, str], field: str, value: str, why: str
) -> None:
    typed = form | {field: value}
    answer = admin.post(at(*NEW), typed)
    shown = answer.context["form"]
    assert why in str(shown.errors[field])
    assert why in answer.text
    assert all(html.escape(typed[name]) in answer.text for name in ("name", "base_url", "token"))
    assert "no-store" in answer.headers["Cache-Control"]
    if field != "name":
        told = tries(admin, **typed)
        assert "corregí esto" in told
        assert why in told
    assert not Connection.objects.exists()


def test_two_of_a_kind_have_different_names(admin: Client, kept: Kept, form: dict[str, str]) -> None:
    kept()
    assert 'value="MikroWisp 2"' in sees(admin, *NEW)
    assert "Ya hay una conexión con ese nombre" in sends(admin, *NEW, **form)
    assert Connection.objects.count() == 1


def test_what_nobody_brings_is_not_found_or_can_only_be_taken_away(admin: Client, kept: Kept) -> None:
    assert admin.get(at("panel_add_connection", "isp", "otro")).status_code == 404
    assert admin.get(at("panel_add_connection", "nada", "mikrowisp")).status_code == 404
    assert admin.post(at("panel_try_connection"), {"pk": "x"}).status_code == 404
    row = kept()
    row.provider = "viejo"
    row.save()
    assert "no trae ese proveedor" in sees(admin, HOME)
    assert "no trae ese proveedor" in sends(admin, "panel_test_connection", row.pk)
    assert admin.get(at("panel_connection", row.pk)).status_code == 404
    sends(admin, "panel_delete_connection", row.pk)
    assert not Connection.objects.exists()


def test_a_key_that_no_longer_opens_is_one_that_is_missing(admin: Client, kept: Kept, settings: Any) -> None:
    kept()
    settings.SECRET_KEY = "otra-instalacion"
    admin = enters("Administrador", "marta")
    assert "Falta completar: Token de la API." in sees(admin, HOME)


# --- who, and how much --------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Supervisor", "Administración"])
def test_only_administrators_come_here(kept: Kept, role: str) -> None:
    row = kept()
    client = enters(role)
    for name, *args in ((HOME,), ("panel_connection", row.pk), NEW, ("connections_calllog_changelist",)):
        assert client.get(at(name, *args)).status_code == 403
    assert client.post(at("panel_test_connection", row.pk)).status_code == 403
    assert not CallLog.objects.exists()


def test_many_connections_cost_no_more_queries_than_one(
    admin: Client, kept: Kept, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        row = kept(f"MikroWisp {number}")
        record_test(
            connection=row, name=row.name, provider="mikrowisp",
            tried=Tried(Health(HealthState.OK, ""), timezone.now(), 9), by=None,
        )  # fmt: skip
    with django_assert_max_num_queries(14):
        assert admin.get(at(HOME)).status_code == 200


def test_it_is_found_by_what_people_call_it(admin: Client) -> None:
    for term in ("mercado pago", "mikrowisp", "conexiones"):
        assert at(HOME) in admin.get(reverse("admin:search"), {"s": term, "extended": "1"}).text


def test_a_refused_key_is_an_alert_on_the_health_page_until_it_is_mended(
    admin: Client, kept: Kept, outside: Outside
) -> None:
    told = "«MikroWisp» no acepta la clave guardada."
    row = kept()
    outside.answers(REFUSED)
    sends(admin, "panel_test_connection", row.pk)
    assert told in sees(admin, "panel_health")
    outside.answers(status="503 Service Unavailable")
    sends(admin, "panel_test_connection", row.pk)
    assert told not in sees(admin, "panel_health")  # it is down, which waiting mends
    outside.answers(REFUSED)
    sends(admin, "panel_test_connection", row.pk)
    row.enabled = False
    row.save()
    assert told not in sees(admin, "panel_health")
    row.enabled = True
    row.save()
    assert told in sees(admin, "panel_health")
    outside.answers(FINE)
    sends(admin, "panel_test_connection", row.pk)
    assert told not in sees(admin, "panel_health")
