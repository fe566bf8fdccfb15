"""A case ends, is noted on, is rated."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents.outbox import Speech, tell_group
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity

from ..errors import TicketClosed
from ..models import Ticket, TicketEvent
from ..phrases import customer_name, duration
from ..phrases import holder as attended_by
from . import story
from .taking import find

STATES = Ticket.State
KINDS = TicketEvent.Kind
NO_REASON = "sin indicar"
BACK_TO_THE_BOT = "Volvió al bot"
BAD_RATING = 2


@transaction.atomic
def close(
    *, ticket: Ticket, actor: str, reason: str = "", holder: User | None = None, now: datetime | None = None
) -> None:
    """End a case. The group (or the queue, when nobody took it) is told, and so is the customer's dialogue.

    With a `holder`, only while that user attends it. Raises: TicketClosed when it was closed already, NotYours.
    """
    story.hold(ticket)
    story.require(ticket, holder)
    _end(ticket, actor, reason, "ticket_closed", now or timezone.now())


@transaction.atomic
def give_back(*, ticket: Ticket, actor: str, holder: User | None = None, now: datetime | None = None) -> None:
    """End a case and let the bot go on with the customer, who is told so and is asked for no mark.

    Raises: TicketClosed, NotYours.
    """
    story.hold(ticket)
    story.require(ticket, holder)
    _end(ticket, actor, BACK_TO_THE_BOT, "ticket_given_back", now or timezone.now())


def _end(ticket: Ticket, actor: str, reason: str, signal: str, now: datetime) -> None:
    reason = " ".join(reason.split())[:300]
    ticket = _as_it_is(ticket)
    attended = ticket.state == STATES.IN_PROGRESS
    is_open = Ticket.objects.filter(pk=ticket.pk).exclude(state=STATES.CLOSED)
    if not is_open.update(state=STATES.CLOSED, closed_at=now, close_reason=reason):
        raise TicketClosed
    ticket.state, ticket.closed_at, ticket.close_reason = STATES.CLOSED, now, reason
    event = story.record(ticket, KINDS.CLOSED, actor=actor, text=reason, at=now)
    _tell_it_ended(ticket, now, attended=attended)
    agent = attended_by(ticket)
    story.signal(ticket, signal, event, {"reason": reason, "agent_name": agent, "attended": attended})


def _tell_it_ended(ticket: Ticket, now: datetime, *, attended: bool) -> None:
    """Where it was attended, or where it waited."""
    speech = Speech.load()
    if attended:
        since = ticket.taken_at or ticket.opened_at
        tell_group(
            ticket.group,
            speech.say(
                "desk.closed",
                numero=ticket.number,
                cliente=customer_name(ticket),
                duracion=duration(now - since),
                motivo=ticket.close_reason or NO_REASON,
            ),
        )
    elif ticket.announced_at is not None:
        words = speech.say("desk.closed_untaken", numero=ticket.number, cliente=customer_name(ticket))
        story.post(ticket, ticket.queue, words, quoted=story.last_post(ticket, ticket.queue))


def _as_it_is(ticket: Ticket) -> Ticket:
    """Locked, and read again when somebody took or moved it meanwhile."""
    held = Ticket.objects.select_for_update().filter(pk=ticket.pk).values_list("state", "group_id", "user_id").get()
    return ticket if held == (ticket.state, ticket.group_id, ticket.user_id) else find(ticket_id=ticket.pk)


@transaction.atomic
def note(*, ticket: Ticket, actor: str, text: str) -> None:
    """Something the customer never sees. Raises: DomainError when it is empty."""
    if not text.strip():
        raise DomainError("Escribí la nota.", field="text")
    story.record(ticket, KINDS.NOTE, actor=actor, text=text.strip())


@transaction.atomic
def rate(*, ticket: Ticket, rating: int) -> bool:
    """What the customer thought of it, 1 to 5, once. False when it was rated before. Raises: DomainError."""
    if not 1 <= rating <= 5:
        raise DomainError("La calificación va de 1 a 5.")
    if not Ticket.objects.filter(pk=ticket.pk, rating__isnull=True).update(rating=rating):
        return False
    ticket.rating = rating
    story.record(ticket, KINDS.RATED, actor=customer_name(ticket), text=f"{rating} de 5")
    if rating <= BAD_RATING:
        Activity.note(Activity.Kind.ERROR, f"{customer_name(ticket)} calificó con {rating} el ticket #{ticket.number}.")
    return True
