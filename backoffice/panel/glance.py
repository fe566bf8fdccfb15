"""What every page of the panel tells beside its own matter, by one query for everybody: the bot's mode, what waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, QuerySet, Subquery, Value
from django.http import HttpRequest

from backoffice.accounts.models import User
from backoffice.operations.models import BotControl
from backoffice.operations.selectors import unanswered
from backoffice.panel.tick import tick
from backoffice.tickets.models import Ticket

NAMES = ("username", "first_name", "last_name")  # what a person is called by


@dataclass(frozen=True, slots=True)
class Glance:
    """`changed_by` put the bot in `mode`; both are "" when nobody ever did. How many tickets and chats wait."""

    mode: str
    changed_at: datetime | None
    changed_by: str
    pending: int
    unanswered: int
    is_attended: bool  # somebody attends a case from the panel


def glance(request: HttpRequest) -> Glance:
    """As it stood within the last tick; the same to all that one page tells."""
    kept: Glance | None = getattr(request, "_glance", None)
    if kept is None:
        kept = tick.read("glance", _look)
        request._glance = kept  # type: ignore[attr-defined]
    return kept


def _look() -> Glance:
    """It hangs from a table that is never empty while somebody looks."""
    control = BotControl.objects.filter(pk=1)
    who = User.objects.filter(pk=control.values("changed_by")[:1])
    asked: dict[str, Any] = {
        "mode": Subquery(control.values("mode")[:1]),
        "changed_at": Subquery(control.values("changed_at")[:1]),
        **{f"by_{name}": Subquery(who.values(name)[:1]) for name in NAMES},
        "pending": _count(Ticket.objects.filter(state=Ticket.State.PENDING)),
        "unanswered": _count(unanswered()),
        "attended": Exists(Ticket.objects.filter(state=Ticket.State.IN_PROGRESS, user__isnull=False)),
    }
    row: dict[str, Any] = dict(User.objects.order_by("pk").values(**asked)[:1].get())
    by = User(**{name: row[f"by_{name}"] for name in NAMES}) if row["by_username"] else None
    return Glance(
        mode=row["mode"] or "",
        changed_at=row["changed_at"],
        changed_by=str(by) if by else "",
        pending=row["pending"] or 0,
        unanswered=row["unanswered"] or 0,
        is_attended=row["attended"],
    )


def _count(rows: QuerySet[Any]) -> Subquery:
    """How many, as a part of another query; NULL for none."""
    each = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them")
    return Subquery(each.annotate(how_many=Count("pk")).values("how_many"))
