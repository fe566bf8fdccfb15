"""The «Consola en Vivo»: what the bot, customers and agents do, as one list by time.

The cursor holds, for each table, the last id that is surely settled. Rows of the last seconds are read again,
because a transaction may commit late with an older id; whoever shows the lines drops by `key` what it has already.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Model, Q, QuerySet
from django.utils import timezone

from backoffice.common.models import Activity
from backoffice.conversations.models import Message
from backoffice.tickets.models import TicketEvent

SETTLED = timedelta(seconds=10)
LINES = 80
WINDOW = 5_000  # how many rows of each table a search looks through
SHOWN = 80
AUTHORS = {"bot": "Bot", "agent": "Agente", "staff": "Panel", "system": "Sistema", "contact": ""}
KINDS = Activity.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """`key` names it for good ("m41"); `kind` is one of `Activity.Kind`."""

    key: str
    id: int
    at: datetime
    kind: str
    text: str


def console_lines(
    after: str = "", kinds: Collection[str] = (), search: str = "", now: datetime | None = None
) -> tuple[list[Line], str]:
    """Lines after a cursor, oldest first, and the cursor to go on from; without one, the last `LINES`.

    `kinds` empty means all. Six queries at most, each over the newest `WINDOW` rows of one table.
    """
    now = now or timezone.now()
    before = _parsed(after)
    wanted = set(kinds) or set(KINDS.values)
    term = search.strip()[:60]
    sources = [
        _activity(before[0], wanted, term),
        _messages(before[1], wanted, term),
        _events(before[2], wanted, term),
    ]
    lines = sorted((line for source in sources for line in source), key=lambda line: (line.at, line.key))[-LINES:]
    settled = [_settled(source, since, now - SETTLED) for source, since in zip(sources, before, strict=True)]
    return lines, ".".join(map(str, settled))


def _parsed(cursor: str) -> tuple[int, int, int]:
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        return (0, 0, 0)
    return (int(parts[0]), int(parts[1]), int(parts[2]))


def _settled(lines: Iterable[Line], before: int, limit: datetime) -> int:
    """Up to the last id before the first row that is still fresh."""
    rows = sorted(lines, key=lambda line: line.id)
    fresh = next((line.id for line in rows if line.at >= limit), None)
    return max((line.id for line in rows if fresh is None or line.id < fresh), default=before)


def _window(model: type[Model], after: int) -> Q:
    newest = model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
    return Q(pk__gt=max(after, newest - WINDOW))


def _activity(after: int, kinds: set[str], search: str) -> list[Line]:
    rows = Activity.objects.filter(_window(Activity, after), kind__in=kinds)
    if search:
        rows = rows.filter(text__icontains=search)
    return [Line(f"a{row.pk}", row.pk, row.at, row.kind, _short(row.text)) for row in rows.order_by("-pk")[:LINES]]


def _messages(after: int, kinds: set[str], search: str) -> list[Line]:
    if not kinds & {KINDS.MESSAGE, KINDS.ERROR}:
        return []
    rows = Message.objects.filter(_window(Message, after))
    if KINDS.MESSAGE not in kinds:
        rows = rows.filter(status=Message.Status.FAILED)
    elif KINDS.ERROR not in kinds:
        rows = rows.exclude(status=Message.Status.FAILED)
    return [_message(row) for row in _found(rows, search).order_by("-pk")[:LINES]]


def _found(rows: QuerySet[Message], search: str) -> QuerySet[Message]:
    rows = rows.select_related("conversation__contact")
    if not search:
        return rows
    who = Q(conversation__title__icontains=search) | Q(conversation__contact__name__icontains=search)
    phone = Q(conversation__contact__phone__icontains=search)
    return rows.filter(Q(text__icontains=search) | Q(author_name__icontains=search) | who | phone)


def _message(row: Message) -> Line:
    failed = row.status == Message.Status.FAILED
    text = _short(row.text) or "(archivo o ubicación)"
    if row.direction == Message.Direction.IN:
        shown = f"← {row.author_name or row.conversation}: {text}"
    else:
        who = row.author_name or AUTHORS.get(row.author, "Bot")
        shown = f"→ {row.conversation} ({who}): {text}" + (f" ✗ {row.error}" if failed else "")
    return Line(f"m{row.pk}", row.pk, row.created_at, KINDS.ERROR if failed else KINDS.MESSAGE, shown)


def _events(after: int, kinds: set[str], search: str) -> list[Line]:
    if KINDS.AGENT not in kinds:
        return []
    rows = TicketEvent.objects.filter(_window(TicketEvent, after)).select_related("ticket")
    if search:
        rows = rows.filter(Q(actor__icontains=search) | Q(ticket__subject__icontains=search))
    return [
        Line(f"t{row.pk}", row.pk, row.at, KINDS.AGENT, f"Ticket #{row.ticket.number} · {_told(row)}")
        for row in rows.order_by("-pk")[:LINES]
    ]


def _told(event: TicketEvent) -> str:
    return f"{event.get_kind_display()} {event.actor}".strip()


def _short(text: str) -> str:
    """One line of at most `SHOWN` characters."""
    line = " ".join(text[: SHOWN * 4].split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
