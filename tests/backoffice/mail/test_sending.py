"""A mail leaves once: what waiting mends is tried again, and what nobody knows is left to a person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common import worker
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.connections.models import CallLog, Connection
from backoffice.mail import services
from backoffice.mail.models import OutgoingMail
from backoffice.operations.alerts import alerts
from tests.backoffice.mail.conftest import SECRET, works
from tests.outside_mail import CUT, MailServer

LINK = "https://panel.fibrasur.test/panel/elegir-clave/7/abc/"


def asked() -> OutgoingMail:
    return services.send_mail(kind="access", to="ana@fibrasur.test", subject="Cómo ingresar", text=f"Hola\n{LINK}\n")


def troubles() -> list[str]:
    return [alert.text for alert in alerts() if alert.url_name == "mail_outgoingmail_changelist"]


def test_a_mail_is_sent_by_the_worker_and_its_text_is_forgotten(post: MailServer) -> None:
    mail = asked()
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM mail_outgoingmail")
        assert LINK not in cursor.fetchone()[0], "a copy of the database opens nothing"
    assert post.mails == []
    works()
    [sent] = post.mails
    assert LINK in sent.get_content()
    mail.refresh_from_db()
    assert (mail.state, mail.text, mail.tries, mail.error) == ("sent", "", 1, "")
    assert sent["Message-ID"] == mail.message_id
    call = CallLog.objects.get()
    assert (call.what, call.result, call.name) == ("Mandar un correo", "ok", "Correo")
    works()
    assert len(post.mails) == 1
    assert troubles() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.update(text="de nuevo")


def test_nothing_is_sent_while_the_caller_s_work_may_be_undone(post: MailServer) -> None:
    @transaction.atomic
    def undone() -> None:
        asked()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    works()
    assert (post.mails, OutgoingMail.objects.count()) == ([], 0)


def test_what_waiting_may_mend_is_tried_again_with_the_same_number(post: MailServer) -> None:
    post.answers["RCPT"] = "450 4.7.1 greylisted, try later"
    mail = asked()
    worker.work()
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.fault) == ("queued", 1, "server")
    assert "greylisted" in mail.error
    assert Job.objects.get().not_before > timezone.now() + timedelta(minutes=4)
    assert troubles() == [], "a wait of some minutes is no alert"
    post.answers.clear()
    works()
    assert [sent["Message-ID"] for sent in post.mails] == [mail.message_id]


def test_a_letter_waits_until_the_mailbox_may_send_again(post: MailServer) -> None:
    post.answers["RCPT"] = "550 5.4.5 Daily user sending limit exceeded."
    mail = asked()
    worker.work()
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("queued", 1)
    assert "todos los correos que le permiten" in mail.error
    assert Job.objects.get().not_before > timezone.now() + timedelta(hours=5)
    post.answers.clear()
    works()
    assert [sent["Message-ID"] for sent in post.mails] == [mail.message_id]


def test_after_some_tries_it_is_given_up_and_somebody_tries_again(post: MailServer, admin: Client) -> None:
    post.answers["GREETING"] = "421 closed for today"
    mail = asked()
    works()
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("failed", worker.TRIES)
    [told] = troubles()
    assert told.startswith("No se pueden mandar correos. El servidor de correo no atiende")
    page = admin.get(reverse("admin:mail_outgoingmail_change", args=[mail.pk])).text
    assert "Reintentar" in page
    assert LINK not in page
    post.answers.clear()
    admin.post(reverse("admin:panel_retry_mail", args=[mail.pk]))
    works()
    assert len(post.mails) == 1
    assert troubles() == []
    answer = admin.post(reverse("admin:panel_retry_mail", args=[mail.pk]), follow=True)
    assert "ya no se puede reintentar" in answer.text


def test_a_wrong_address_is_the_mail_s_own_trouble(post: MailServer) -> None:
    post.answers["RCPT"] = "550 5.1.1 no such user"
    mail = asked()
    works()
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.fault) == ("failed", 1, "mail")
    assert "no such user" in mail.error
    assert troubles() == []
    assert CallLog.objects.get().result == "ok", "the connection is fine"
    assert Job.objects.get().state == "done"


def test_a_refused_key_is_not_insisted_on_and_is_never_written(post: MailServer) -> None:
    post.answers["AUTH"] = f"535 5.7.8 bad password {SECRET}"
    mail = asked()
    works()
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("failed", 1)
    assert SECRET not in mail.error
    assert [(call.result, call.connection) for call in CallLog.objects.all()] == [
        ("bad_credentials", Connection.objects.get())
    ]
    assert len([alert for alert in alerts() if alert.tone == "bad"]) == 2, "the key, and that no mail leaves"


def test_silence_after_the_whole_mail_is_doubt_and_is_not_repeated(post: MailServer, admin: Client) -> None:
    post.answers["."] = CUT
    mail = asked()
    works()
    mail.refresh_from_db()
    assert (mail.state, mail.tries) == ("uncertain", 1)
    assert "no se sabe" in mail.error
    post.answers.clear()
    works()
    assert post.mails == []
    assert "Preguntale a la persona" in admin.get(reverse("admin:mail_outgoingmail_change", args=[mail.pk])).text


def test_a_process_that_dies_while_it_speaks_leaves_doubt(post: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    mail = asked()
    with monkeypatch.context() as patch:
        patch.setattr("integrations.mail.smtp.client.Smtp.send", dies)
        with pytest.raises(KeyboardInterrupt):
            worker.work()
    Job.objects.update(lease_until=timezone.now())
    works()
    mail.refresh_from_db()
    assert (mail.state, post.mails) == ("uncertain", [])


def test_without_a_connection_it_says_so_and_a_wrong_address_is_refused_at_once(db: None) -> None:
    mail = asked()
    works()
    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("failed", "No hay una conexión de correo habilitada.")
    with pytest.raises(DomainError, match="No es una dirección"):
        services.send_mail(kind="access", to="ana@fibrasur.test\nBcc: x@y.z", subject="x", text="x")


def test_old_texts_and_old_mails_are_forgotten(db: None) -> None:
    new, waiting, old = asked(), asked(), asked()
    now = timezone.now()
    OutgoingMail.objects.filter(pk=waiting.pk).update(created_at=now - timedelta(days=4))
    OutgoingMail.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=91), state="uncertain")
    assert services.forget_mails(now=now) == 1
    assert [(row.pk, row.state, bool(row.text)) for row in OutgoingMail.objects.order_by("pk")] == [
        (new.pk, "queued", True),
        (waiting.pk, "failed", False),
    ]
    works()
    waiting.refresh_from_db()
    assert waiting.state == "failed", "it has nothing to say any more"


def test_a_trial_goes_to_oneself(post: MailServer, admin: Client) -> None:
    url = reverse("admin:panel_try_mail")
    assert "primero cargá tu correo" in admin.post(url, follow=True).text
    User.objects.filter(username="admin2").update(email="elena@fibrasur.test")
    assert "Te mandamos una prueba a elena@fibrasur.test" in admin.post(url, follow=True).text
    works()
    assert [mail["To"] for mail in post.mails] == ["elena@fibrasur.test"]


def test_the_list_says_what_happened_in_few_queries(
    post: MailServer, admin: Client, django_assert_max_num_queries
) -> None:
    url = reverse("admin:mail_outgoingmail_changelist")
    assert "Todavía no salió ningún correo" in admin.get(url).text
    for _ in range(3):
        asked()
    with django_assert_max_num_queries(20):
        page = admin.get(url, {"q": "ana@"}).text
    assert page.count("ana@fibrasur.test") >= 3
    assert "Por salir" in page
