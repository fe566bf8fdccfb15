"""The one function by which what is sensitive is written down: who, what, about what, when and from where."""

from typing import Any

from django.http import HttpRequest
from simple_history.models import HistoricalRecords

from backoffice.accounts.models import AuditEvent, User
from backoffice.common.addresses import client_address

Kind = AuditEvent.Kind


def note(
    kind: str,
    text: str,
    *,
    by: User | None = None,
    about: object = "",
    request: HttpRequest | None = None,
    address: str = "",
) -> AuditEvent:
    """Write a line of the audit inside the caller's transaction: what is undone is not told.

    `text` says in Spanish what was done, as it follows a name: «Deshabilitó a Juan Pérez». Without `by` or `request`
    they are those of the page that is being answered; outside of one it was the system, and `address` is from where it
    was asked for.
    """
    request = request or current_request()
    who = by or _person(request)
    return AuditEvent.objects.create(
        kind=kind,
        who=who,
        who_name=f"{who} ({who.username})"[:150] if who else "",
        text=text[:300],
        about=str(about)[:160],
        address=client_address(request) if request else address,
    )


def current_request() -> HttpRequest | None:
    """The page that is being answered in this thread, which simple-history's middleware keeps."""
    request: Any = getattr(HistoricalRecords.context, "request", None)
    return request if isinstance(request, HttpRequest) else None


def acting() -> User | None:
    """Whoever is at the screen of the page that is being answered."""
    return _person(current_request())


def _person(request: HttpRequest | None) -> User | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_authenticated else None
