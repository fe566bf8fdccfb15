"""The browsers in which staff are inside: they begin at the door, and end there, by hand or by themselves."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import AccessPolicy, StaffSession, User
from backoffice.accounts.selectors import open_sessions

Ended = StaffSession.Ended
TOUCHED_EACH = timedelta(minutes=1)
KEPT = timedelta(days=90)


@transaction.atomic
def open_session(*, user: User, key: str, device: str, address: str) -> tuple[StaffSession, int]:
    """Write down that somebody entered; with «un equipo por persona» what they had open elsewhere is closed (AMB-30).

    `key` is the key of Django's session. Returns it and how many others were closed.
    """
    User.objects.select_for_update().filter(pk=user.pk).first()  # two logins at once are one after the other
    now = timezone.now()
    StaffSession.objects.filter(seen_at__lt=now - KEPT).delete()
    session = StaffSession.objects.create(user=user, key=key, device=device[:80], address=address)
    audit.note(audit.Kind.LOGIN, f"Ingresó con {device}", by=user)
    if not AccessPolicy.load().one_device:
        return session, 0
    return session, end_sessions(sessions=open_sessions(user).exclude(pk=session.pk), how=Ended.OTHER_DEVICE)


@transaction.atomic
def end_sessions(*, sessions: Iterable[StaffSession], how: str) -> int:
    """End these, whatever else happens in their browsers: the next page that they ask for is the login.

    Returns how many were still open. Whoever calls it audits why.
    """
    keys = {session.pk: session.key for session in sessions}
    ended = StaffSession.objects.filter(pk__in=keys, ended_at=None).update(ended_at=timezone.now(), ended_by=how)
    Session.objects.filter(session_key__in=keys.values()).delete()
    return ended


@transaction.atomic
def close_sessions(*, sessions: Iterable[StaffSession], by: User) -> int:
    """What the buttons of the lists of sessions do: end some of another's, or some of one's own. Returns how many."""
    found = list(sessions)
    own = all(session.user_id == by.pk for session in found)
    ended = end_sessions(sessions=found, how=Ended.OWN if own else Ended.CLOSED)
    for name in sorted({str(session.user) for session in found} if ended else ()):
        text = "Cerró sesiones propias en otros equipos" if own else f"Cerró sesiones de {name}"
        audit.note(audit.Kind.SESSION, text, by=by, about=name)
    return ended


@transaction.atomic
def leave(*, session: StaffSession, how: str = Ended.LEFT) -> None:
    """End one's own session, which the page that is being answered goes out of by itself."""
    if StaffSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=how):
        audit.note(audit.Kind.SESSION, Ended(how).label, by=session.user)


@transaction.atomic
def touch_session(*, session: StaffSession, key: str) -> None:
    """It was used, and its key may be a new one (Django gives one when a password changes)."""
    StaffSession.objects.filter(pk=session.pk, ended_at=None).update(seen_at=timezone.now(), key=key)
