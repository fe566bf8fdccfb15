"""What is sensitive is written down once, and nobody rewrites it."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from backoffice.accounts import audit, throttle
from backoffice.accounts.models import AuditEvent, User
from backoffice.accounts.services import import_people
from backoffice.catalog.models import Zone
from backoffice.common.errors import DomainError
from backoffice.operations.services import ask_restart, change_mode
from tests.backoffice.accounts.conftest import PASSWORD
from tests.tables import left

LIST = "/panel/accounts/auditevent/"
EXPORT = f"{LIST}export/"


def texts(**wanted: object) -> list[str]:
    return list(AuditEvent.objects.filter(**wanted).values_list("text", flat=True))


def test_nobody_rewrites_it(elena: User) -> None:
    event = audit.note(audit.Kind.USER, "Hizo algo", by=elena)
    event.text = "No hizo nada"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.update(text="nada")
    with pytest.raises(TypeError):
        AuditEvent.objects.all().delete()


def test_nor_by_writing_to_the_database(elena: User) -> None:
    audit.note(audit.Kind.USER, "Hizo algo", by=elena)
    with pytest.raises(DatabaseError, match="what was audited"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditevent SET text = 'nada'")
    assert texts() == ["Hizo algo"]


def test_who_did_it_keeps_their_name_when_their_user_goes(elena: User, ana: User) -> None:
    audit.note(audit.Kind.USER, "Hizo algo", by=ana)
    ana.delete()
    assert AuditEvent.objects.get().who_name == "Ana Ruiz (ana)"


def test_the_door_is_written_down_with_from_where(ana: User) -> None:
    Client(REMOTE_ADDR="190.5.6.7").post("/panel/login/", {"username": "ana", "password": PASSWORD})
    Client(REMOTE_ADDR="190.5.6.8").post("/panel/login/", {"username": "ana", "password": "no"})
    Client(REMOTE_ADDR="190.5.6.9").post("/panel/login/", {"username": "mi-clave-secreta", "password": "x"})
    told = list(AuditEvent.objects.order_by("id").values_list("kind", "about", "address"))
    assert told == [
        ("login", "", "190.5.6.7"),
        ("refused", "ana", "190.5.6.8"),
        ("refused", "un usuario que no existe", "190.5.6.9"),
    ]


def test_a_lock_out_is_told_once_and_unlocking_lets_them_try(elena: User, ana: User) -> None:
    client, admin = Client(), Client()
    admin.force_login(elena)
    for _ in range(throttle.FROM_HERE + 4):
        client.post("/panel/login/", {"username": "ana", "password": "no"})
    assert texts(text__startswith="Bloqueado") == ["Bloqueado por demasiados intentos de ingreso"]
    assert len(texts(kind="refused")) == throttle.FROM_HERE + 1
    assert "Bloqueado" in admin.get(reverse("admin:accounts_user_changelist")).text
    page = admin.get(reverse("admin:accounts_user_change", args=[ana.pk])).text
    assert "Bloqueado por intentos" in page
    assert "Demasiados intentos" in client.post("/panel/login/", {"username": "ana", "password": PASSWORD}).text
    admin.post(reverse("admin:panel_unlock_user", args=[ana.pk]))
    assert client.post("/panel/login/", {"username": "ana", "password": PASSWORD}).status_code == 302
    assert texts(text="Desbloqueó el ingreso de Ana Ruiz", who=elena)


def test_a_place_that_was_locked_with_them_opens_too(ana: User) -> None:
    here = "190.5.6.7"
    for number in range(throttle.FROM_ONE_PLACE + 1):
        throttle.admit(throttle.Attempt(f"nombre{number}", here))
    assert not throttle.admit(throttle.Attempt("ana", here))
    throttle.forget("ana")
    assert throttle.admit(throttle.Attempt("ana", here))


def test_modes_restarts_and_deletions_are_in_it(admin: Client, elena: User) -> None:
    change_mode(mode="emergencia", by=elena)
    change_mode(mode="emergencia", by=elena, emergency_text="Hay un corte")
    ask_restart(by=elena)
    assert texts(kind="bot") == ["Pidió reiniciar el bot", "Activó Modo Emergencia"]
    zone = Zone.objects.create(name="Centro")
    admin.post(reverse("admin:catalog_zone_delete", args=[zone.pk]), {"post": "yes"})
    event = AuditEvent.objects.get(kind="deleted")
    assert (event.text, event.who_name) == ("Borró zona de cobertura «Centro»", "Elena Soto (admin2)")


def test_what_is_undone_is_not_told(elena: User) -> None:
    with pytest.raises(DomainError, match="No se importó nada"):
        import_people(text="usuario;roles\nana;Agente\njuan;Jefe\n", by=elena)
    assert texts() == []


def test_the_policy_is_audited_and_has_history(admin: Client) -> None:
    url = reverse("admin:accounts_accesspolicy_change", args=[1])
    admin.get(reverse("admin:accounts_accesspolicy_changelist"))
    assert admin.post(url, {"idle_hours": "0"}).context["adminform"].form.errors["idle_hours"]
    assert admin.post(url, {"idle_hours": "12", "one_device": "on"}).status_code == 302
    assert texts(kind="settings") == [
        "Cambió la seguridad: horas sin uso hasta cerrar la sesión, un equipo por persona"
    ]


def test_it_is_filtered_and_searched(admin: Client, elena: User, ana: User) -> None:
    audit.note(audit.Kind.ROLE, "Le dio a Juan el rol Agente", by=elena)
    audit.note(audit.Kind.BOT, "Activó Modo Parado", by=ana)
    page = admin.get(LIST).text
    assert "Le dio a Juan" in page
    assert "Ana Ruiz (ana)" in page
    assert "Modo Parado" not in admin.get(LIST, {"kind__exact": "role"}).text
    assert "Le dio a Juan" not in admin.get(LIST, {"quien": str(ana.pk)}).text
    assert "Le dio a Juan" not in admin.get(LIST, {"q": "Parado"}).text
    for odd in ("x", "²", "9" * 40):
        assert admin.get(LIST, {"quien": odd}).status_code == 200


def test_what_is_exported_is_what_is_seen_and_runs_no_formula(admin: Client, elena: User, ana: User) -> None:
    audit.note(audit.Kind.ROLE, "=HYPERLINK(1)", by=elena, about="+54 261")
    audit.note(audit.Kind.BOT, "Activó Modo Parado", by=ana)
    header, *rows = left(admin, "accounts_auditevent", query={"kind__exact": "role"})
    assert header == ["cuándo", "quién", "tema", "qué hizo", "sobre", "desde"]
    assert [row[3:5] for row in rows] == [["'=HYPERLINK(1)", "'+54 261"]]
    assert texts(kind="data") == ["Exportó 1 fila de auditoría"]


def test_only_administrators_see_it(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Supervisor")
    for url in (LIST, EXPORT):
        assert client.get(url).status_code == 403
