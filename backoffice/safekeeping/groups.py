"""What the staff's groups said of a person: posts of their cases, relays, and all that was said at their seats."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Q
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.conversations.models import Conversation, Message
from backoffice.safekeeping.subject import Subject, in_chunks
from backoffice.tickets.models import Ticket, TicketEvent

AFTERWARDS = timedelta(days=1)
"""How long after a case ends its groups may still speak of it."""
_TO_SAY_GOODBYE = timedelta(seconds=1)
_KINDS = TicketEvent.Kind
_MOVES = (_KINDS.TAKEN, _KINDS.TRANSFERRED, _KINDS.CLOSED)


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a group. `is_seat`: of an agent's own group, which holds one case at a time."""

    pk: int
    chat: int
    at: datetime
    text: str
    is_seat: bool


Stint = tuple[datetime, datetime]
"""From when a case was in somebody's hands until it went to another's."""


def in_groups(subject: Subject) -> list[Message]:
    """Every message of a group that is about this person."""
    tied = set(_tied(subject))
    found = set(tied)
    for cases in in_chunks(subject.tickets):
        lines = list(_lines(subject, cases))
        mentions = subject.mentions()
        about = [line for line in lines if line.pk in tied or mentions.search(line.text)]
        found |= {line.pk for line in about} | set(_at_the_seats(lines, about, _stints(cases)))
    return [message for some in in_chunks(sorted(found)) for message in Message.objects.filter(pk__in=some)]


def _tied(subject: Subject) -> Iterator[int]:
    """What points to their cases or to what they said, and the other way round."""
    chats = [chat.pk for chat in subject.chats]
    ties = Q(relay_of__conversation__in=chats) | Q(relays__conversation__in=chats)
    for cases in in_chunks(subject.tickets):
        yield from Message.objects.filter(ticket_post__ticket__in=cases).values_list("pk", flat=True)
    yield from Message.objects.exclude(conversation__in=chats).filter(ties).values_list("pk", flat=True)


def _lines(subject: Subject, cases: Sequence[Ticket]) -> Iterator[Line]:
    """What the groups said in the days of these cases."""
    days = Q()
    for case in cases:
        days |= Q(created_at__range=(case.opened_at, (case.closed_at or timezone.now()) + AFTERWARDS))
    said = Message.objects.filter(days, conversation__kind=Conversation.Kind.GROUP)
    rows = said.values_list("pk", "conversation_id", "created_at", "text", "conversation__group__kind")
    for pk, chat, at, text, kind in rows.iterator():
        yield Line(pk, chat, at, text, kind == WhatsAppGroup.Kind.PERSONAL)


def _stints(cases: Sequence[Ticket]) -> list[Stint]:
    moves: dict[int, list[datetime]] = {}
    told = TicketEvent.objects.filter(ticket__in=cases, kind__in=_MOVES).order_by("ticket", "at", "pk")
    for case, at in told.values_list("ticket_id", "at"):
        moves.setdefault(case, []).append(at)
    return [stint for times in moves.values() for stint in pairwise(times)]


def _at_the_seats(lines: Iterable[Line], about: Iterable[Line], stints: Sequence[Stint]) -> Iterator[int]:
    """All that was said where a line is known to be about them, while the case was there."""
    seats = {(line.chat, stint) for line in about if line.is_seat for stint in stints if _within(line, stint)}
    for line in lines:
        if any((line.chat, stint) in seats and _within(line, stint) for stint in stints):
            yield line.pk


def _within(line: Line, stint: Stint) -> bool:
    return stint[0] <= line.at <= stint[1] + _TO_SAY_GOODBYE
