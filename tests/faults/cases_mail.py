"""Cases of the mails that leave, and of the alerts that are told by them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from backoffice.accounts import services as accounts
from backoffice.accounts.links import link_for
from backoffice.accounts.models import User
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.connections import services as connections
from backoffice.connections.models import Connection
from backoffice.mail import services as mail
from backoffice.mail.models import OutgoingMail
from backoffice.operations import services as operations
from backoffice.operations.models import StandingAlert
from integrations.errors import Unavailable
from tests.faults.cases import Call, admin, case
from tests.faults.cases_accounts import ana, make_ana
from tests.story import StoryHere

SETTINGS = {"host": "mail.fibrasur.test", "port": 465, "security": "tls", "sender": "avisos@fibrasur.test"}


def connected() -> None:
    row = Connection(kind="mail", provider="smtp", name="Correo")
    connections.save_connection(connection=row, settings=SETTINGS, secrets={}, by=None)


def waiting(state: str = "queued", **changed: object) -> None:
    row = mail.send_mail(kind="access", to="ana@fibrasur.test", subject="Hola", text="Hola")
    OutgoingMail.objects.filter(pk=row.pk).update(state=state, **changed)


def the_mail() -> OutgoingMail:
    return OutgoingMail.objects.get()


def ana_with_mail() -> None:
    connected()
    make_ana()
    user = ana()
    user.email = "ana@fibrasur.test"
    user.save()


@case("accounts.choose_password")
def choose_password(story: StoryHere) -> Call:
    make_ana()
    token = link_for(ana()).rstrip("/").rpartition("/")[2]
    return lambda: accounts.choose_password(pk=ana().pk, token=token, password="cuatro-perros-9")


@case("connections.record_call")
def record_call(story: StoryHere) -> Call:
    connected()
    return lambda: connections.record_call(
        connection=Connection.objects.get(), what="Mandar un correo", at=timezone.now(), ms=9, result="ok"
    )


@case("mail.send_mail")
def send_mail(story: StoryHere) -> Call:
    return lambda: mail.send_mail(kind="alert", to="ana@fibrasur.test", subject="Hola", text="Hola", by=admin())


@case("mail.begin_sending")
def begin_sending(story: StoryHere) -> Call:
    waiting()
    return lambda: mail.begin_sending(pk=the_mail().pk)


@case("mail.record_outcome")
def record_outcome(story: StoryHere) -> Call:
    waiting("sending")
    return lambda: mail.record_outcome(mail=the_mail(), error=Unavailable())


@case("mail.give_up")
def give_up(story: StoryHere) -> Call:
    waiting()
    return lambda: mail.give_up(pk=the_mail().pk, error="No contesta.")


@case("mail.retry_mail")
def retry_mail(story: StoryHere) -> Call:
    waiting("failed")
    return lambda: mail.retry_mail(mail=the_mail(), by=admin())


@case("mail.forget_mails")
def forget_mails(story: StoryHere) -> Call:
    for days in (4, 91):
        waiting("failed")
        OutgoingMail.objects.filter(created_at__gt=timezone.now() - timedelta(days=1)).update(
            created_at=timezone.now() - timedelta(days=days)
        )
    return lambda: mail.forget_mails(now=timezone.now())


@case("mail.invite")
def invite(story: StoryHere) -> Call:
    ana_with_mail()
    return lambda: mail.invite(user=ana(), by=admin())


@case("mail.ask_forgotten")
def ask_forgotten(story: StoryHere) -> Call:
    return lambda: mail.ask_forgotten(email="ana@fibrasur.test", address="10.0.0.1")


@case("mail.answer_forgotten")
def answer_forgotten(story: StoryHere) -> Call:
    ana_with_mail()
    asked = mail.ask_forgotten(email="ana@fibrasur.test", address="10.0.0.1")
    jobs.claim(owner="worker", now=timezone.now())
    return lambda: mail.answer_forgotten(job=Job.objects.get(pk=asked.pk))


@case("operations.mail_alerts")
def mail_alerts(story: StoryHere) -> Call:
    old = timezone.now() - timedelta(minutes=9)
    StandingAlert.objects.create(key="disk", text="Queda poco lugar.", since=old)
    StandingAlert.objects.create(key="bot", text="El bot no atiende.", since=old)
    return lambda: operations.mail_alerts(
        bad={"disk": "Queda poco lugar."}, people=[admin_with_mail()], now=old + timedelta(minutes=9)
    )


def admin_with_mail() -> User:
    user = admin()
    user.email = "elena@fibrasur.test"
    return user
