"""The life of a mail that leaves: asked for, taken to be sent, what came of it, tried again, forgotten."""

import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.common import worker
from backoffice.common.errors import DomainError
from backoffice.mail.models import OutgoingMail
from integrations.addresses import WrongValue
from integrations.errors import IntegrationError, OutcomeUnknown
from integrations.mail.base import RecipientRefused, clean_mailbox, one_line

State = OutgoingMail.State
JOB = "mail"
TEXT_KEPT = timedelta(days=3)  # as long as the links that are in it
KEPT = timedelta(days=90)
INTERRUPTED = "Se interrumpió mientras salía: no se sabe si llegó."
TOO_OLD = "Ese correo ya no se puede reintentar. Si todavía hace falta, pedilo de nuevo."


@transaction.atomic
def send_mail(
    *, kind: str, to: str, subject: str, text: str, person: User | None = None, by: User | None = None
) -> OutgoingMail:
    """Have the worker send a mail, as soon as the caller's transaction is kept. No one waits for the network.

    Raises:
        DomainError: `to` is no address.
    """
    try:
        address = clean_mailbox(to)
    except WrongValue as error:
        raise DomainError(str(error), field="email") from None
    mail = OutgoingMail.objects.create(
        kind=kind, to=address, subject=one_line(subject), text=text, person=person, by=by, message_id=_new_id()
    )
    worker.start(kind=JOB, subject=f"correo {mail.pk}", payload={"mail": mail.pk})
    return mail


@transaction.atomic
def begin_sending(*, pk: int, now: datetime | None = None) -> OutgoingMail | None:
    """Take a mail that waits, to be said to the server by nobody else. None when there is nothing to send.

    One that was being said when its process died may have left: it is not said again by itself.
    """
    found = OutgoingMail.objects.filter(pk=pk)
    taken = found.filter(state=State.QUEUED).exclude(text="")
    if taken.update(state=State.SENDING, tried_at=now or timezone.now()):
        return found.get()
    found.filter(state=State.SENDING).update(state=State.UNCERTAIN, error=INTERRUPTED)
    return None


@transaction.atomic
def record_outcome(*, mail: OutgoingMail, error: IntegrationError | None) -> None:
    """Write down how a mail that was taken went. What waiting may mend waits; the rest is ended."""
    said = OutgoingMail.objects.filter(pk=mail.pk, state=State.SENDING)
    if error is None:
        said.update(state=State.SENT, text="", error="", fault="", tries=mail.tries + 1)
        return
    state = State.UNCERTAIN if isinstance(error, OutcomeUnknown) else State.QUEUED if error.retry else State.FAILED
    blame = OutgoingMail.Fault.MAIL if isinstance(error, RecipientRefused) else OutgoingMail.Fault.SERVER
    said.update(state=state, error=error.staff_text[:400], fault=blame, tries=mail.tries + 1)


@transaction.atomic
def give_up(*, pk: int, error: str) -> None:
    """It was tried as often as it is worth: it stays, for somebody to try again."""
    waiting = OutgoingMail.objects.filter(pk=pk, state__in=(State.QUEUED, State.SENDING))
    waiting.update(state=State.FAILED, error=error[:400], fault=OutgoingMail.Fault.SERVER)


@transaction.atomic
def retry_mail(*, mail: OutgoingMail, by: User) -> None:
    """Have one that did not leave, or that nobody knows of, sent again under the number it had.

    Raises:
        DomainError: it left, it is on its way, or its text was forgotten.
    """
    ended = OutgoingMail.objects.filter(pk=mail.pk, state__in=(State.FAILED, State.UNCERTAIN)).exclude(text="")
    if not ended.update(state=State.QUEUED, error="", fault="", tries=0):
        raise DomainError(TOO_OLD)
    worker.start(kind=JOB, subject=f"correo {mail.pk}", payload={"mail": mail.pk})
    audit.note(audit.Kind.DATA, f"Mandó de nuevo el correo «{mail.subject}»", by=by, about=mail.to)


@transaction.atomic
def forget_mails(*, now: datetime) -> int:
    """Texts that nobody may send any more are blanked, and old mails go. Returns how many went."""
    old = OutgoingMail.objects.filter(created_at__lt=now - TEXT_KEPT).exclude(text="")
    old.filter(state__in=(State.QUEUED, State.SENDING)).update(
        state=State.FAILED, error="Esperó demasiado para salir.", fault=OutgoingMail.Fault.SERVER
    )
    old.update(text="")
    return OutgoingMail.objects.filter(created_at__lt=now - KEPT).delete()[0]


def _new_id() -> str:
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.PUBLIC_URL).hostname or 'mostrador'}>"
