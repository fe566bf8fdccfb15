"""The «Consola en Vivo» (ISPBOT-DASH-15): what the bot, customers and agents did in the last day, as one list by time.

`newest` reads the tables, for everybody who looks; `lines_after` gives each one what they have not seen. The cursor
holds, for each table, the last id that is surely settled. Rows of the last seconds are told again, because a
transaction may commit late with an older id; whoever shows the lines drops by `key` what it has already.
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
KEPT = timedelta(days=1)
LINES = 80
WINDOW = 5_000  # how many rows of each table a search looks through
SHOWN = 80
AUTHORS = {"bot": "Bot", "agent": "Agente", "staff": "Panel", "system": "Sistema", "contact": ""}
KINDS = Activity.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """`key` names it for good ("m41"); `kind` is one of `Activity.Kind`.

    `discreet` is what is told instead of `text` to who may not see what customers write; empty when it is the same.
    """

    key: str
    id: int
    at: datetime
    kind: str
    text: str
    discreet: str = ""


Sources = tuple[list[Line], list[Line], list[Line]]


def newest(
    kinds: Collection[str] = (), search: str = "", now: datetime | None = None, *, with_messages: bool = True
) -> Sources:
    """The last lines of each table, in the day that is kept. `kinds` empty means all.

    Six queries at most, each over the newest `WINDOW` rows of one table. Who may not read messages searches in
    everything but them (`with_messages`).
    """
    since = (now or timezone.now()) - KEPT
    wanted = set(kinds) or set(KINDS.values)
    term = search.strip()[:60]
    messages = _messages(since, wanted, term) if with_messages else []
    return _activity(since, wanted, term), messages, _events(since, wanted, term)


def lines_after(sources: Sources, after: str = "", now: datetime | None = None) -> tuple[list[Line], str]:
    """Lines after a cursor, oldest first, and the cursor to go on from; without one, the last `LINES`."""
    now = now or timezone.now()
    before = _parsed(after)
    fresh = [[line for line in source if line.id > since] for source, since in zip(sources, before, strict=True)]
    lines = sorted((line for source in fresh for line in source), key=lambda line: (line.at, line.key))[-LINES:]
    settled = [_settled(source, since, now - SETTLED) for source, since in zip(fresh, before, strict=True)]
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


def _window(model: type[Model]) -> Q:
    newest_id = model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
    return Q(pk__gt=newest_id - WINDOW)


def _activity(since: datetime, kinds: set[str], search: str) -> list[Line]:
    rows = Activity.objects.filter(_window(Activity), at__gt=since, kind__in=kinds)
    if search:
        rows = rows.filter(text__icontains=search)
    return [Line(f"a{row.pk}", row.pk, row.at, row.kind, _short(row.text)) for row in rows.order_by("-pk")[:LINES]]


def _messages(since: datetime, kinds: set[str], search: str) -> list[Line]:
    if not kinds & {KINDS.MESSAGE, KINDS.ERROR}:
        return []
    rows = Message.objects.filter(_window(Message), created_at__gt=since)
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
        shown, discreet = f"← {row.author_name or row.conversation}: {text}", "← Llegó un mensaje."
    else:
        wrong = f" ✗ {row.error}" if failed else ""
        who = AUTHORS.get(row.author, "Bot")
        shown = f"→ {row.conversation} ({row.author_name or who}): {text}{wrong}"
        discreet = f"→ {who}: un mensaje que no se pudo enviar." if failed else f"→ {who}: un mensaje."
    return Line(f"m{row.pk}", row.pk, row.created_at, KINDS.ERROR if failed else KINDS.MESSAGE, shown, discreet)


def _events(since: datetime, kinds: set[str], search: str) -> list[Line]:
    if KINDS.AGENT not in kinds:
        return []
    rows = TicketEvent.objects.filter(_window(TicketEvent), at__gt=since).select_related("ticket")
    if search:
        rows = rows.filter(Q(actor__icontains=search) | Q(ticket__subject__icontains=search))
    return [_event(row) for row in rows.order_by("-pk")[:LINES]]


def _event(row: TicketEvent) -> Line:
    """A customer who adds to their ticket is its actor, so their name is told only to who may know it."""
    begins, by_customer = f"Ticket #{row.ticket.number} · ", row.kind in (TicketEvent.Kind.MESSAGE, row.Kind.RATED)
    told = str(row.get_kind_display())
    discreet = f"{begins}{told}" if by_customer else ""
    return Line(f"t{row.pk}", row.pk, row.at, KINDS.AGENT, f"{begins}{told} {row.actor}".strip(), discreet)


def _short(text: str) -> str:
    """One line of at most `SHOWN` characters."""
    line = " ".join(text[: SHOWN * 4].split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
