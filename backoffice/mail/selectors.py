"""Reads of the mail: through which connection it leaves, and how the last attempts went."""

from datetime import datetime, timedelta

from backoffice.accounts.models import User
from backoffice.connections.adapters import missing, secrets_of
from backoffice.connections.kinds import provider_of
from backoffice.connections.models import Connection
from backoffice.mail.models import OutgoingMail
from integrations.addresses import WrongValue
from integrations.mail.base import clean_mailbox

KIND = "mail"
LATE, DAY = timedelta(minutes=15), timedelta(days=1)
State = OutgoingMail.State


def mail_connection() -> Connection | None:
    """The one that mails leave by: the oldest that is enabled and whole. One query."""
    for row in Connection.objects.filter(kind=KIND, enabled=True).order_by("pk"):
        provider = provider_of(row.kind, row.provider)
        if provider is not None and not missing(provider, row.settings, secrets_of(row)):
            return row
    return None


def mail_is_connected() -> bool:
    return mail_connection() is not None


def may_receive(user: User) -> bool:
    """Whether a mail can reach somebody: they may enter, and have an address that is one."""
    try:
        return user.is_active and user.is_staff and bool(clean_mailbox(user.email))
    except WrongValue:
        return False


def last_asked(kind: str, person: User | None = None) -> datetime | None:
    """When the last mail of a kind was asked for, to anybody or to one person."""
    found = OutgoingMail.objects.filter(kind=kind)
    found = found if person is None else found.filter(person=person)
    return found.order_by("-id").values_list("created_at", flat=True).first()


def trouble(now: datetime) -> str:
    """Why no mail leaves, by the last that was tried today; "" when it left, or only its address was wrong."""
    last = OutgoingMail.objects.filter(tried_at__gt=now - DAY).order_by("-tried_at").first()
    if last is None or last.fault != OutgoingMail.Fault.SERVER:
        return ""
    is_given_up = last.state in (State.FAILED, State.UNCERTAIN)
    return last.error if is_given_up or last.created_at < now - LATE else ""
