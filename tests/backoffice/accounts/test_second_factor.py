"""The second step of the login: codes of a telephone, recovery codes, roles that must have it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts import services, throttle, totp
from backoffice.accounts.models import AccessPolicy, AuditEvent, RecoveryCode, SecondFactor, User
from backoffice.common.errors import DomainError
from tests.backoffice.accounts.conftest import PASSWORD, role

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
STEP = "/panel/login/codigo/"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def phone(user: User) -> str:
    """What somebody's telephone shows now."""
    return totp.code_at(SecondFactor.objects.get(user=user).secret, timezone.now())


@pytest.fixture
def codes(ana: User, clock: time_machine.Traveller) -> list[str]:
    """Ana has a telephone with codes; her recovery codes."""
    services.begin_second_factor(user=ana)
    found = services.confirm_second_factor(user=ana, code=phone(ana))
    clock.shift(60)
    return found


def password(client: Client, username: str = "ana") -> str:
    answer = client.post("/panel/login/", {"username": username, "password": PASSWORD, "next": "/panel/sesiones/"})
    return answer.headers.get("Location", "")


def inside(client: Client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def test_the_codes_are_those_of_the_rfc() -> None:
    """RFC 6238, appendix B: the last six digits of its vectors for SHA-1."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert totp.step_of(secret, code, datetime.fromtimestamp(second, UTC)) == second // 30


@pytest.mark.parametrize("code", ["", "123", "abcdef", "١٢٣٤٥٦", "000000 000000", "\x00" * 6])
def test_what_is_no_code_is_only_wrong(code: str) -> None:
    assert totp.step_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", code, NOW) is None


def test_a_clock_that_is_a_little_off_is_forgiven() -> None:
    secret = totp.new_secret()
    for seconds, fits in ((-30, True), (30, True), (-90, False), (90, False)):
        code = totp.code_at(secret, NOW + timedelta(seconds=seconds))
        assert (totp.step_of(secret, code, NOW) is not None) is fits


def test_the_password_alone_does_not_enter(ana: User, codes: list[str]) -> None:
    client = Client()
    assert password(client) == STEP
    assert not inside(client)
    assert "Ese código no es correcto" in client.post(STEP, {"code": "000000"}).text
    answer = client.post(STEP, {"code": phone(ana)})
    assert answer["Location"] == "/panel/sesiones/"
    assert inside(client)


def test_a_code_enters_once(ana: User, codes: list[str]) -> None:
    code = phone(ana)
    first, second = Client(), Client()
    password(first)
    password(second)
    assert first.post(STEP, {"code": code}).status_code == 302
    assert "no es correcto" in second.post(STEP, {"code": code}).text


def test_a_recovery_code_enters_once_however_it_is_typed(ana: User, codes: list[str]) -> None:
    client, again = Client(), Client()
    password(client)
    assert client.post(STEP, {"code": codes[0].lower().replace("-", " ")}).status_code == 302
    password(again)
    assert "no es correcto" in again.post(STEP, {"code": codes[0]}).text
    assert AuditEvent.objects.filter(text="Ingresó con un código de recuperación", who=ana).count() == 1


def test_the_step_does_not_wait_for_ever_nor_for_somebody_else(
    ana: User, codes: list[str], clock: time_machine.Traveller
) -> None:
    client = Client()
    assert client.get(STEP)["Location"] == "/panel/login/"
    password(client)
    clock.shift(timedelta(minutes=6))
    assert client.post(STEP, {"code": phone(ana)})["Location"] == "/panel/login/"
    password(client)
    ana.set_password("otra-clave-larga-1")
    ana.save()
    assert client.post(STEP, {"code": phone(ana)})["Location"] == "/panel/login/"


def test_whoever_guesses_codes_waits(ana: User, codes: list[str]) -> None:
    client = Client()
    password(client)
    for number in range(throttle.FROM_HERE):
        client.post(STEP, {"code": f"00000{number}"})
    assert "Demasiados intentos" in client.post(STEP, {"code": phone(ana)}).text
    services.unlock(user=ana, by=ana)
    assert client.post(STEP, {"code": phone(ana)}).status_code == 302


def test_nothing_secret_is_kept_in_clear(ana: User, codes: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        kept = cursor.fetchone()[0]
    assert SecondFactor.objects.get(user=ana).secret not in kept
    digests = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not digests & set(codes)


def test_with_another_key_of_the_installation_no_code_enters(ana: User, codes: list[str], settings) -> None:
    code = phone(ana)
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another-" + "1" * 50
    assert not services.use_code(user=ana, code=code)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert services.use_code(user=ana, code=code)


def test_it_is_activated_in_one_s_account(ana: User, clock: time_machine.Traveller) -> None:
    client = Client()
    password(client)
    page = client.get(reverse("admin:panel_second_factor")).text
    assert "<svg" in page
    assert SecondFactor.objects.get(user=ana).secret in page
    wrong = client.post(reverse("admin:panel_second_factor"), {"code": "000000"})
    assert "no es correcto" in wrong.text
    done = client.post(reverse("admin:panel_second_factor"), {"code": phone(ana)})
    assert len(re.findall(r"<li>[A-Z0-9-]{12}</li>", done.text)) == totp.RECOVERY_CODES
    assert "Activa desde el 24/11/2026" in client.get(reverse("admin:panel_account")).text
    with pytest.raises(DomainError):
        services.begin_second_factor(user=ana)


def test_taking_it_away_asks_for_the_password(ana: User, codes: list[str], clock: time_machine.Traveller) -> None:
    client = Client()
    password(client)
    client.post(STEP, {"code": phone(ana)})
    for page in ("panel_remove_factor", "panel_recovery_codes"):
        answer = client.post(reverse(f"admin:{page}"), {"password": "no"}, follow=True)
        assert "no es tu contraseña actual" in answer.text
    renewed = client.post(reverse("admin:panel_recovery_codes"), {"password": PASSWORD})
    assert "no se vuelven a mostrar" in renewed.text
    assert not services.use_code(user=ana, code=codes[1])
    client.post(reverse("admin:panel_remove_factor"), {"password": PASSWORD})
    assert password(Client()) == "/panel/sesiones/"


def test_an_administrator_resets_it_for_who_lost_the_telephone(elena: User, ana: User, codes: list[str]) -> None:
    admin = Client()
    admin.force_login(elena)
    assert "Quitar dos pasos" in admin.get(reverse("admin:accounts_user_change", args=[ana.pk])).text
    admin.post(reverse("admin:panel_reset_factor", args=[ana.pk]))
    assert password(Client()) == "/panel/sesiones/"
    assert AuditEvent.objects.filter(text="Quitó la verificación en dos pasos de Ana Ruiz", who=elena).exists()


def test_a_role_that_needs_it_uses_nothing_else_until_it_is_set_up(ana: User, clock: time_machine.Traveller) -> None:
    AccessPolicy.load().second_factor_roles.set([role("Operador")])
    client = Client()
    password(client)
    for page in ("/panel/", "/panel/tickets/ticket/", "/panel/no-existe/", "/"):
        assert "Tu rol necesita" in client.get(page).text
    assert "Tu rol necesita" in client.post(reverse("admin:panel_close_own_sessions")).text
    forced = reverse("admin:forced_second_factor")
    assert "no es correcto" in client.post(forced, {"code": "000000"}).text
    assert "Guardá estos códigos" in client.post(forced, {"code": phone(ana)}).text
    assert "Tickets abiertos" in client.get("/panel/").text


def test_a_role_that_begins_to_need_it_reaches_who_is_inside(ana: User, clock: time_machine.Traveller) -> None:
    client = Client()
    password(client)
    assert "Tu rol necesita" not in client.get("/panel/").text
    AccessPolicy.load().second_factor_roles.set([role("Operador")])
    cache.clear()  # a minute later
    assert "Tu rol necesita" in client.get("/panel/").text
