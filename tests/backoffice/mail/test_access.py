"""How somebody gets in with a link: it opens one account, once, and tells a stranger nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts import services as accounts
from backoffice.accounts import throttle
from backoffice.accounts.links import link_for
from backoffice.accounts.models import AuditEvent, StaffSession, User
from backoffice.common.models import Job
from backoffice.connections.models import Connection
from backoffice.mail.models import OutgoingMail
from tests.backoffice.mail.conftest import PASSWORD, works
from tests.outside_mail import MailServer

NEW = "Nueva-clave-segura-27"
FORGOTTEN = "/panel/olvide-mi-clave/"


def path_of(link: str) -> str:
    return urlsplit(link).path


def link_in(server: MailServer) -> str:
    return re.findall(r"https?://\S+/elegir-clave/\S+", server.mails[-1].get_content())[0]


def chooses(link: str, password: str = NEW) -> object:
    return Client().post(path_of(link), {"new_password1": password, "new_password2": password}, follow=True)


def enters(username: str, password: str) -> bool:
    return Client().post("/panel/login/", {"username": username, "password": password}).status_code == 302


def forgets(email: str, client: Client | None = None, **meta: str):
    return (client or Client()).post(FORGOTTEN, {"email": email}, **meta)


# --- an administrator ---------------------------------------------------------------------------


def test_whoever_is_new_gets_a_link_and_no_password_is_said(post: MailServer, admin: Client) -> None:
    url = reverse("admin:accounts_user_add")
    assert "Mandarle por correo cómo ingresar" in admin.get(url).text
    typed = {"username": "juan", "first_name": "Juan", "groups": [_role("Agente")], "send_access": "on"}
    assert "Hace falta su correo" in admin.post(url, typed).text
    answer = admin.post(url, typed | {"email": "juan@fibrasur.test"}, follow=True)
    assert "Le mandamos a juan@fibrasur.test cómo ingresar" in answer.text
    works()
    [mail] = post.mails
    assert mail["To"] == "juan@fibrasur.test"
    text = mail.get_content()
    assert "Tu usuario: juan" in text
    assert "contraseña:" not in text.lower()
    page = Client().get(path_of(link_in(post)))
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Tu usuario es <b>juan</b>" in page.text
    assert "Listo. Ingresá con tu usuario (juan)" in chooses(link_in(post)).text
    assert enters("juan", NEW)
    assert not User.objects.get(username="juan").must_change_password


def test_without_a_mail_a_first_password_is_needed_as_ever(admin: Client, post: MailServer) -> None:
    url = reverse("admin:accounts_user_add")
    typed = {"username": "juan", "email": "juan@fibrasur.test", "groups": [_role("Agente")]}
    assert "Completá este dato" in admin.post(url, typed).text
    Connection.objects.update(enabled=False)
    assert "Mandarle por correo" not in admin.get(url).text
    admin.post(url, typed | {"send_access": "on"})
    assert not User.objects.filter(username="juan").exists()
    admin.post(url, typed | {"password1": NEW, "password2": NEW})
    assert User.objects.get(username="juan").must_change_password
    assert not OutgoingMail.objects.exists()


def test_the_card_sends_it_to_whom_one_may_manage(
    post: MailServer, admin: Client, ana: User, signed_in: Callable[..., Client]
) -> None:
    url = reverse("admin:panel_invite_user", args=[ana.pk])
    assert url in admin.get(reverse("admin:accounts_user_change", args=[ana.pk])).text
    assert "Le mandamos a ana@fibrasur.test" in admin.post(url, follow=True).text
    assert AuditEvent.objects.filter(text="Le mandó a Ana Ruiz por correo cómo ingresar").exists()
    assert signed_in("Supervisor").post(url).status_code == 403
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert "deshabilitado" in admin.post(url, follow=True).text
    assert url not in admin.get(reverse("admin:accounts_user_change", args=[ana.pk])).text
    assert OutgoingMail.objects.count() == 1


# --- the link -----------------------------------------------------------------------------------


def test_a_link_serves_once_and_closes_every_session(ana: User) -> None:
    inside = Client()
    inside.post("/panel/login/", {"username": "ana", "password": PASSWORD})
    ana.refresh_from_db()
    link = link_for(ana)
    for _ in range(2):
        assert Client().get(path_of(link)).status_code == 200, "a program that opens links uses nothing up"
    assert "demasiado" in chooses(link, "123").text, "the rules of the house"
    assert "Elegí una contraseña distinta" in chooses(link, PASSWORD).text
    chooses(link)
    assert enters("ana", NEW)
    assert inside.get("/panel/").status_code == 302
    assert StaffSession.objects.filter(user=ana, ended_by="password").count() == 1
    assert AuditEvent.objects.filter(kind="password", text__startswith="Eligió su contraseña con el enlace").exists()
    again = chooses(link, "Otra-clave-distinta-31")
    assert again.status_code == 410
    assert "Ese enlace ya no sirve" in again.text
    assert enters("ana", NEW)


def _enters(user: User) -> None:
    assert enters(user.username, PASSWORD)


def _password_changes(user: User) -> None:
    accounts.give_password(user=user, password="dada-por-elena-9", by=None)


def _is_disabled(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _address_changes(user: User) -> None:
    accounts.change_own_details(user=user, first_name="Ana", last_name="", email="otra@fibrasur.test", phone="")


@pytest.mark.parametrize("happens", [_enters, _password_changes, _is_disabled, _address_changes])
def test_a_link_dies_with_what_it_was_made_for(ana: User, happens: Callable[[User], None]) -> None:
    link = link_for(ana)
    happens(ana)
    assert Client().get(path_of(link)).status_code == 410
    assert chooses(link).status_code == 410


def test_a_link_lasts_three_days_and_is_of_one_person(ana: User, staff: Callable[..., User]) -> None:
    link = link_for(ana)
    other = staff("Administrador", username="jefa")
    assert Client().get(path_of(link).replace(f"/{ana.pk}/", f"/{other.pk}/")).status_code == 410
    assert Client().get(path_of(link)[:-3] + "x/").status_code == 410
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert Client().get(path_of(link)).status_code == 410


def test_a_link_enters_nobody_by_itself(ana: User) -> None:
    """The second factor and the shift are asked for at the door, as ever."""
    accounts.begin_second_factor(user=ana)
    ana.second_factor.confirmed_at = timezone.now()
    ana.second_factor.save()
    client = Client()
    client.post(path_of(link_for(ana)), {"new_password1": NEW, "new_password2": NEW})
    assert "_auth_user_id" not in client.session
    answer = client.post("/panel/login/", {"username": "ana", "password": NEW})
    assert answer.headers["Location"] == reverse("admin:second_step")


# --- «¿Olvidaste tu contraseña?» ----------------------------------------------------------------


def test_it_is_offered_only_where_a_mail_can_leave(post: MailServer) -> None:
    assert FORGOTTEN in Client().get("/panel/login/").text
    Connection.objects.update(enabled=False)
    page = Client().get("/panel/login/").text
    assert FORGOTTEN not in page
    assert "Pedile a un administrador" in page
    assert Client().get(FORGOTTEN).headers["Location"] == "/panel/login/"
    forgets("ana@fibrasur.test")
    assert not Job.objects.exists()


def test_a_stranger_learns_nothing_and_the_owner_gets_a_link(post: MailServer, ana: User) -> None:
    warm = forgets("calienta@fibrasur.test")
    assert warm.status_code == 200
    answers, counts = [], []
    for email in ("Ana@FibraSur.test", "nadie@fibrasur.test"):
        with CaptureQueriesContext(connection) as seen:
            answers.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", forgets(email).text))
        counts.append(len(seen))
    assert answers[0] == answers[1]
    assert counts[0] == counts[1], "nor by how long it takes"
    works()
    [mail] = post.mails
    assert mail["To"] == "ana@fibrasur.test", "the address that is kept, not the one that was typed"
    event = AuditEvent.objects.get(text__startswith="Se le mandó a Ana Ruiz un enlace")
    assert event.address == "127.0.0.1"
    assert "nadie@fibrasur.test" not in str(list(Job.objects.values_list("payload", "steps")))
    chooses(link_in(post))
    assert enters("ana", NEW)


def test_the_link_is_of_the_installation_whatever_host_is_asked(post: MailServer, ana: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    forgets(ana.email, headers={"host": "malo.test", "x-forwarded-host": "malo.test"})
    works()
    assert link_in(post).startswith(f"{settings.PUBLIC_URL}/panel/elegir-clave/")
    assert "malo.test" not in post.mails[0].as_string()


def test_who_is_disabled_or_is_no_staff_gets_nothing(post: MailServer, ana: User) -> None:
    User.objects.create_user("cliente", email="cliente@fibrasur.test")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    forgets(ana.email)
    forgets("cliente@fibrasur.test")
    works()
    assert post.mails == []


def test_nobody_is_flooded_and_who_asks_too_much_waits(post: MailServer, ana: User) -> None:
    for _ in range(throttle.FROM_HERE):
        assert "en unos minutos le llega" in forgets(ana.email).text
    assert "Demasiados intentos" in forgets(ana.email.upper()).text
    works()
    assert len(post.mails) == 1
    assert enters("ana", PASSWORD), "and nobody is locked out of the door by it"
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        forgets(User.objects.get(pk=ana.pk).email)
        works()
    assert len(post.mails) == 2


@pytest.mark.parametrize("typed", ["", "no es un correo", "a@b.test\r\nBcc: x@y.z", "x" * 300 + "@b.test"])
def test_what_is_no_address_is_told_at_its_field(post: MailServer, typed: str) -> None:
    answer = forgets(typed)
    assert "en unos minutos le llega" not in answer.text
    assert not Job.objects.exists()


def _role(name: str) -> int:
    from tests.backoffice.accounts.conftest import role

    return role(name).pk
