"""The «Consola en Vivo»: connections, messages, errors and what agents do, as they happen.

The cursor holds the last id of each source that is surely settled: rows of the last seconds are
read again, because a transaction may commit late, and the browser drops what it already shows.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from backoffice.common.models import Activity
from backoffice.conversations.models import Message
from backoffice.panel.pages.base import page
from backoffice.tickets.models import TicketEvent

SETTLED = timedelta(seconds=5)
LINES = 80
AUTHORS = {"bot": "Bot", "agent": "Agente", "staff": "Panel", "system": "Sistema"}


@dataclass(frozen=True)
class Line:
    key: str
    id: int
    at: datetime
    kind: str
    text: str


@page("accounts.view_full_dashboard")
def console(request: HttpRequest) -> HttpResponse:
    """JSON {"cursor": "a.m.t", "lines": [{"key", "at", "kind", "text"}]}, oldest first; 204 when nothing is new."""
    cursor = _parsed(request.GET.get("after", ""))
    sources = [_activity(cursor[0]), _messages(cursor[1]), _events(cursor[2])]
    lines = sorted((line for source in sources for line in source), key=lambda line: line.at)[-LINES:]
    if not lines:
        return HttpResponse(status=204)
    settled = timezone.now() - SETTLED
    after = [_settled(source, before, settled) for source, before in zip(sources, cursor, strict=True)]
    return JsonResponse({"cursor": ".".join(map(str, after)), "lines": [_shown(line) for line in lines]})


def _parsed(cursor: str) -> tuple[int, int, int]:
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return (0, 0, 0)
    return (int(parts[0]), int(parts[1]), int(parts[2]))


def _settled(lines: Iterable[Line], before: int, limit: datetime) -> int:
    return max((line.id for line in lines if line.at < limit), default=before)


def _shown(line: Line) -> dict[str, str]:
    at = timezone.localtime(line.at)
    return asdict(line) | {"at": f"{at:%H:%M:%S}", "day": f"{at:%d/%m}"}


def _activity(after: int) -> list[Line]:
    rows = Activity.objects.filter(id__gt=after).order_by("-id")[:LINES]
    return [Line(f"a{row.pk}", row.pk, row.at, row.kind, row.text) for row in rows]


def _messages(after: int) -> list[Line]:
    rows = Message.objects.filter(id__gt=after).select_related("conversation__contact").order_by("-id")[:LINES]
    return [Line(f"m{row.pk}", row.pk, row.created_at, _message_kind(row), _message_text(row)) for row in rows]


def _message_kind(message: Message) -> str:
    return "error" if message.status == Message.Status.FAILED else "message"


def _message_text(message: Message) -> str:
    text = " ".join(message.text.split())[:140] or "(archivo o ubicación)"
    if message.direction == Message.Direction.IN:
        return f"← {message.author_name or message.conversation}: {text}"
    who = AUTHORS.get(message.author, "Bot")
    failed = f" ✗ {message.error}" if message.status == Message.Status.FAILED else ""
    return f"→ {message.conversation} ({who}): {text}{failed}"


def _events(after: int) -> list[Line]:
    rows = TicketEvent.objects.filter(id__gt=after).select_related("ticket").order_by("-id")[:LINES]
    return [
        Line(
            f"t{row.pk}",
            row.pk,
            row.at,
            "agent",
            f"Ticket #{row.ticket.number} · {row.get_kind_display()} {row.actor}".strip(),
        )
        for row in rows
    ]
