"""The bad alerts by mail: once each, together, not too often, and never about the mail itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.connections.models import Connection
from backoffice.connections.services import save_connection
from backoffice.mail.models import OutgoingMail
from backoffice.operations import telling
from backoffice.operations.alerts import Alert
from backoffice.operations.models import StandingAlert

pytestmark = pytest.mark.django_db
START = timezone.now().replace(microsecond=0)
DISK = Alert("bad", "Queda poco lugar en el disco.", key="disk")
BOT = Alert("bad", "El bot no atiende.", key="bot")
WARN = Alert("warn", "Una tarea falló hoy.")
NO_MAIL = Alert("bad", "No se pueden mandar correos.", key="mail")


@pytest.fixture
def elena(elena: User) -> User:
    """She may see the alerts and asked for them; mails can leave."""
    row = Connection(kind="mail", provider="smtp", name="Correo")
    values = {"host": "127.0.0.1", "port": 1, "sender": "a@fibrasur.test", "security": "tls"}
    save_connection(connection=row, settings=values, secrets={}, by=None)
    elena.user_permissions.add(Permission.objects.get(codename="view_health"))
    elena.is_staff, elena.gets_alerts, elena.email = True, True, "elena@fibrasur.test"
    elena.save()
    return elena


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What is asked to be mailed when the worker comes round at a minute with these alerts standing."""

    def comes_round(minute: int, *standing: Alert) -> list[str]:
        now: datetime = START + timedelta(minutes=minute)
        monkeypatch.setattr(telling, "alerts", lambda _now: list(standing))
        before = set(OutgoingMail.objects.values_list("pk", flat=True))
        telling.tell_alerts(now)
        new = OutgoingMail.objects.exclude(pk__in=before)
        new.update(created_at=now)
        return [f"{mail.subject}\n{mail.text}" for mail in new]

    return comes_round


def test_what_passes_by_itself_is_not_told(elena: User, at: Callable[..., list[str]]) -> None:
    assert at(0, DISK, WARN) == []
    assert at(4, DISK) == []
    assert at(5) == []
    assert at(6, DISK) == []
    assert at(10, DISK) == []


def test_one_that_stands_is_told_once_and_its_end_too(elena: User, at: Callable[..., list[str]]) -> None:
    at(0, DISK)
    [told] = at(5, DISK)
    assert told.startswith("Mostrador: Queda poco lugar en el disco.")
    assert "/panel/salud/" in told
    assert at(6, DISK) == at(90, DISK) == []
    [solved] = at(91)
    assert solved.startswith("Mostrador: Ya se resolvió")
    assert "Queda poco lugar" in solved
    assert at(92) == []
    assert not StandingAlert.objects.exists()


def test_those_that_stand_go_together_half_an_hour_apart(elena: User, at: Callable[..., list[str]]) -> None:
    at(0, DISK, BOT)
    [both] = at(5, DISK, BOT)
    assert both.startswith("Mostrador: 2 alertas en el panel")
    at(6, DISK)
    assert at(8, DISK, BOT) == []
    assert at(20, DISK, BOT) == [], "it came back, but half an hour did not pass"
    [again] = at(35, DISK, BOT)
    assert "El bot no atiende." in again
    assert at(70, DISK, BOT) == []
    assert at(71, DISK) == [], "one still stands"
    assert len(at(72)) == 1


def test_a_count_that_moves_is_the_same_alert(elena: User, at: Callable[..., list[str]]) -> None:
    at(0, Alert("bad", "Un mensaje no se pudo enviar hoy.", key="messages"))
    assert len(at(5, Alert("bad", "2 mensajes no se pudieron enviar hoy.", key="messages"))) == 1
    assert at(40, Alert("bad", "9 mensajes no se pudieron enviar hoy.", key="messages")) == []


def test_that_no_mail_leaves_is_not_told_by_mail(elena: User, at: Callable[..., list[str]]) -> None:
    assert at(0, NO_MAIL) == at(9, NO_MAIL) == []


def test_only_who_asked_and_may_see_them_is_told(elena: User, at: Callable[..., list[str]]) -> None:
    for name, changes in {
        "sin-pedir": {"gets_alerts": False},
        "sin-permiso": {"is_superuser": False},
        "sin-correo": {"email": ""},
        "afuera": {"is_active": False},
        "jefa": {},
    }.items():
        base = {"gets_alerts": True, "is_superuser": True, "is_staff": True, "email": f"{name}@fibrasur.test"}
        User.objects.create_user(name, **(base | changes))
    assert sorted(user.username for user in telling.readers()) == ["elena", "jefa"]
    at(0, DISK)
    assert len(at(5, DISK)) == 2
    Connection.objects.update(enabled=False)
    assert at(50, DISK, BOT) == []
    assert not StandingAlert.objects.exists()
