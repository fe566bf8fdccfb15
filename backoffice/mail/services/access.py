"""How somebody of the staff is told how to enter: by a link, never by a password."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.links import HOURS, link_for
from backoffice.accounts.models import User
from backoffice.accounts.services import check_may_manage
from backoffice.common import worker
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.company.models import Company
from backoffice.mail.models import OutgoingMail
from backoffice.mail.selectors import last_asked, mail_is_connected, may_receive
from backoffice.mail.services.sending import send_mail

Kind = OutgoingMail.Kind
FORGOTTEN_JOB = "forgotten-password"
APART = timedelta(minutes=10)  # between two links that the same person asks for
_BODY = """Hola {name}:

{why}

Elegí tu contraseña acá:
{link}

El enlace sirve una sola vez, por {hours} horas.

Después ingresás en {panel}
Tu usuario: {username}

{otherwise}
"""


@transaction.atomic
def invite(*, user: User, by: User) -> OutgoingMail:
    """Tell somebody by mail how to enter: the panel's address, their user, and a link to choose their password.

    Raises:
        DomainError: they may more than `by`, have no address or are disabled, or no mail can leave.
    """
    check_may_manage(by=by, user=user)
    if not mail_is_connected():
        raise DomainError("Para mandarle un correo, primero conectá el correo en Conexiones.")
    if not may_receive(user):
        raise DomainError(f"{user} no tiene un correo cargado, o está deshabilitado.")
    company = _company()
    is_new = user.last_login is None
    why = f"Ya tenés acceso al panel de {company}." if is_new else f"{by} te mandó un acceso al panel de {company}."
    text = _written(user, why, "Si no esperabas este correo, avisale a quien administra el panel.")
    audit.note(audit.Kind.PASSWORD, f"Le mandó a {user} por correo cómo ingresar", by=by, about=user)
    subject = f"Cómo ingresar al panel de {company}"
    return send_mail(kind=Kind.ACCESS, to=user.email, subject=subject, text=text, person=user, by=by)


@transaction.atomic
def ask_forgotten(*, email: str, address: str) -> Job:
    """Somebody at the door says that they forgot their password. The same is done whoever has that address.

    Who has it is looked for by the worker, so neither the answer nor how long it takes tells. `address` is the
    caller's, for the audit.
    """
    return worker.start(kind=FORGOTTEN_JOB, payload={"email": email, "address": address})


@transaction.atomic
def answer_forgotten(*, job: Job) -> int:
    """Send their link to everybody of the staff with that address, which it is sent to as it is kept, not as it was
    typed. Not twice within `APART`. What was typed is forgotten. Returns how many.
    """
    typed, address = str(job.payload.get("email", "")), str(job.payload.get("address", ""))
    job.payload = {}
    sent = 0
    for user in _with_address(typed) if typed and mail_is_connected() else ():
        last = last_asked(Kind.FORGOTTEN, user)
        if not may_receive(user) or (last is not None and last > timezone.now() - APART):
            continue
        why = f"Alguien pidió elegir una contraseña nueva para tu usuario del panel de {_company()}."
        text = _written(user, why, "Si no fuiste vos, no hace falta que hagas nada: tu contraseña sigue igual.")
        send_mail(kind=Kind.FORGOTTEN, to=user.email, subject="Elegí una contraseña nueva", text=text, person=user)
        told = f"Se le mandó a {user} un enlace para elegir una contraseña nueva, porque lo pidieron al ingresar"
        audit.note(audit.Kind.PASSWORD, told, about=user, address=address)
        sent += 1
    jobs.advance(job=job)
    return sent


def _with_address(email: str) -> QuerySet[User]:
    return User.objects.filter(email__iexact=email, is_active=True, is_staff=True).order_by("pk")


def _written(user: User, why: str, otherwise: str) -> str:
    return _BODY.format(
        name=user.get_short_name() or user.username,
        why=why,
        link=link_for(user),
        hours=HOURS,
        panel=settings.PUBLIC_URL + reverse("admin:index"),
        username=user.username,
        otherwise=otherwise,
    )


def _company() -> str:
    return Company.objects.filter(pk=1).values_list("name", flat=True).first() or "Mostrador"
