"""A person's chat as it is read: what was said, with the notes and the changes of hands in their place."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Subquery

from backoffice.conversations.models import Contact, Conversation, Message

from .models import TicketEvent

PER_SCREEN = 60
STEPS = 200
"""Steps of cases between the messages of one screen."""
KINDS = TicketEvent.Kind
SHOWN = (KINDS.OPENED, KINDS.TAKEN, KINDS.NOTE, KINDS.TRANSFERRED, KINDS.CLOSED, KINDS.REOPENED, KINDS.RATED)
"""What the customer's own words do not tell already."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the chat: a message, or a step of one of their cases."""

    at: datetime
    message: Message | None = None
    event: TicketEvent | None = None

    @property
    def key(self) -> str:
        """What names it on the page."""
        return f"m{self.message.pk}" if self.message else f"e{self.event.pk}" if self.event else ""

    @property
    def version(self) -> str:
        """What changes when it looks different."""
        return self.message.status if self.message else ""

    @property
    def is_note(self) -> bool:
        return self.event is not None and self.event.kind == KINDS.NOTE


@dataclass(frozen=True, slots=True)
class Screen:
    """The lines of one screen, oldest first. `older` is the id to go back from, when there is more."""

    items: list[Item]
    older: int | None
    version: str
    last_id: int


def chats_of(contact: Contact) -> list[int]:
    """Their private chats: one on each number of ours where they wrote."""
    return list(Conversation.objects.filter(contact=contact).order_by("pk").values_list("pk", flat=True))


def screen(contact: Contact, *, before: int | None = None) -> Screen:
    """The last lines of a person's chats, or those before a message. Three queries, whatever was said."""
    chats = chats_of(contact)
    rows = _messages(chats).select_related("media", "quoted").annotate(last_event=_last_event(contact))
    found = list((rows.filter(pk__lt=before) if before else rows)[: PER_SCREEN + 1])
    shown = found[:PER_SCREEN][::-1]
    more = len(found) > PER_SCREEN
    events = list(_events(contact, shown[0].created_at if more else None, before))[::-1]
    items = [Item(row.created_at, message=row) for row in shown] + [Item(one.at, event=one) for one in events]
    items.sort(key=lambda item: (item.at, item.event is not None))
    return Screen(
        items=items,
        older=shown[0].pk if more else None,
        version=_version([(row.pk, row.status) for row in shown], shown[0].last_event if shown else None),
        last_id=shown[-1].pk if shown else 0,
    )


def version(contact: Contact) -> str:
    """The `version` that the last screen has now: two queries of a few columns."""
    seen = _messages(chats_of(contact)).values_list("pk", "status", _last_event(contact))[:PER_SCREEN]
    rows = list(seen)[::-1]
    return _version([(pk, status) for pk, status, _ in rows], rows[0][2] if rows else None)


def _last_event(contact: Contact) -> Subquery:
    rows = TicketEvent.objects.filter(ticket__contact=contact, kind__in=SHOWN).order_by("-id")
    return Subquery(rows.values("pk")[:1])


def _messages(chats: list[int]) -> QuerySet[Message]:
    """The newest first. Of one chat they are read in the order of its index, however many there are."""
    where = Q(conversation=chats[0]) if len(chats) == 1 else Q(conversation__in=chats)
    return Message.objects.filter(where).order_by("-id")


def _events(contact: Contact, since: datetime | None, before: int | None) -> QuerySet[TicketEvent]:
    rows = TicketEvent.objects.filter(ticket__contact=contact, kind__in=SHOWN).select_related("ticket")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if before is not None:
        rows = rows.filter(at__lt=Subquery(Message.objects.filter(pk=before).values("created_at")[:1]))
    return rows.order_by("-id")[:STEPS]


def _version(messages: list[tuple[int, str]], last_event: int | None) -> str:
    return hashlib.sha256(repr((messages, last_event)).encode()).hexdigest()[:16]
