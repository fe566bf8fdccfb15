"""Who attends a case: the first who asks, by a conditional UPDATE, in a personal group or in the panel."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.agents.outbox import Speech, tell
from backoffice.common.errors import DomainError
from backoffice.company.selectors import schedule
from backoffice.conversations.lanes import Bell, ring
from backoffice.conversations.models import Conversation, Message

from ..errors import (
    AgentInactive,
    AllGroupsBusy,
    AlreadyTaken,
    AlreadyYours,
    NoGroups,
    NotRegistered,
    TakeRefused,
    TicketClosed,
    TicketUnknown,
)
from ..models import Ticket, TicketEvent
from ..phrases import assignment, customer_name, holder, signature
from . import story

STATES = Ticket.State
KINDS = TicketEvent.Kind
MEDIA_BEFORE = timedelta(minutes=30)
"""Photos sent this long before the case began belong to it."""
WORDS_SHOWN = 20
READ = ("conversation", "contact", "customer", "queue__conversation", "group__conversation", "agent", "user")


def find(*, ticket_id: int | None = None, number: int | None = None) -> Ticket:
    """A case by its row or by the number people read. Raises: TicketUnknown."""
    wanted = Q(pk=ticket_id) if ticket_id is not None else Q(number=number)
    ticket = Ticket.objects.filter(wanted).select_related(*READ).first()
    if ticket is None:
        raise TicketUnknown(numero=number or ticket_id)
    return ticket


@transaction.atomic
def take(*, ticket: Ticket, agent: Agent, now: datetime | None = None) -> WhatsAppGroup:
    """Give a waiting case to the first agent who asks, in a free personal group of theirs, which is returned.

    Raises:
        AlreadyTaken: somebody was faster; `.by` says who.
        AlreadyYours, TicketClosed: there is nothing to take.
        AgentInactive, NotRegistered: this agent may not.
        AllGroupsBusy, NoGroups: there is nowhere to attend it.
    """
    if not agent.active:
        raise AgentInactive(agente=agent.first_name)
    if agent.registered_at is None:
        raise NotRegistered(agente=agent.first_name)
    return _give(ticket, agent, now or timezone.now(), by="")


@transaction.atomic
def assign(*, ticket: Ticket, agent: Agent, by: str, now: datetime | None = None) -> WhatsAppGroup:
    """A supervisor gives a waiting case to an agent. Raises: as `take`."""
    if not agent.active:
        raise AgentInactive(agente=agent.first_name)
    if agent.registered_at is None:
        raise NotRegistered(agente=agent.first_name)
    return _give(ticket, agent, now or timezone.now(), by=by)


@transaction.atomic
def take_in_panel(*, ticket: Ticket, user: User, now: datetime | None = None) -> None:
    """Attend a waiting case from the panel. Harmless when it is theirs already. Raises: AlreadyTaken, TicketClosed."""
    now = now or timezone.now()
    story.hold(ticket)
    waiting = Ticket.objects.filter(pk=ticket.pk, state=STATES.PENDING)
    if not waiting.update(state=STATES.IN_PROGRESS, user=user, taken_at=now):
        current = find(ticket_id=ticket.pk)
        if current.state == STATES.IN_PROGRESS and current.user_id == user.pk:
            return
        raise refusal(current, None)
    ticket.state, ticket.user, ticket.taken_at = STATES.IN_PROGRESS, user, now
    _tell_it_is_taken(ticket, signature(user), "desk.taken_in_panel", Speech.load(), now, by="")


@transaction.atomic
def note_refusal(*, ticket: Ticket, agent: Agent, refusal: TakeRefused) -> None:
    """Keep in the story that somebody asked and was told no."""
    story.record(ticket, KINDS.REFUSED, actor=agent.name, text=refusal.message)


def free_groups(agent: Agent) -> list[WhatsAppGroup]:
    """The agent's groups that are made and hold no case, in their order."""
    busy = Ticket.objects.filter(group=OuterRef("pk"), state=STATES.IN_PROGRESS)
    ready = agent.groups.filter(
        kind=WhatsAppGroup.Kind.PERSONAL,
        state=WhatsAppGroup.State.READY,
        bot_removed=False,
        conversation__isnull=False,
    )
    return list(ready.filter(~Exists(busy)).select_related("conversation").order_by("number"))


def seat(ticket: Ticket, agent: Agent, now: datetime, *, leaving: Q) -> WhatsAppGroup | None:
    """Move a case, if it still is as `leaving` says, to a free group of the agent; None when it is not.

    The unique constraint is the last word: a group that another case got meanwhile is skipped.
    Raises: AllGroupsBusy, NoGroups.
    """
    for group in free_groups(agent):
        try:
            with transaction.atomic():
                moved = Ticket.objects.filter(leaving, pk=ticket.pk).update(
                    state=STATES.IN_PROGRESS, agent=agent, user=None, group=group, taken_at=now
                )
        except IntegrityError:
            continue
        if not moved:
            return None
        ticket.state, ticket.agent, ticket.user, ticket.group = STATES.IN_PROGRESS, agent, None, group
        ticket.taken_at = now
        return group
    current = Ticket.objects.filter(leaving, pk=ticket.pk).exists()
    if not current:
        return None
    made = agent.groups.filter(kind=WhatsAppGroup.Kind.PERSONAL, state=WhatsAppGroup.State.READY)
    raise AllGroupsBusy(agente=agent.name) if made.exists() else NoGroups(agente=agent.first_name)


def hand_case(ticket: Ticket, group: WhatsAppGroup, speech: Speech, *, note: str = "", by: str = "") -> None:
    """Put the case before the agent in their group: who, what was collected, what was written, photos and places."""
    chat = group.conversation
    if chat is None:
        return
    details = ["\n".join(f"{item['label']}: {item['value']}" for item in ticket.data)]
    words = [event.text for event in ticket.events.filter(kind=KINDS.MESSAGE).order_by("-id")[:WORDS_SHOWN]]
    if words:
        details.append("Mientras esperaba escribió:\n" + "\n".join(f"• {text}" for text in reversed(words)))
    if note:
        details.append(speech.say("desk.ticket_note", quien=by, nota=note))
    agent = ticket.agent.name if ticket.agent else ""
    tell(chat, assignment(ticket, speech, agent=agent, details=[one for one in details if one]))
    _bring_media(ticket, chat)


def _give(ticket: Ticket, agent: Agent, now: datetime, *, by: str) -> WhatsAppGroup:
    story.hold(ticket)
    group = seat(ticket, agent, now, leaving=Q(state=STATES.PENDING))
    if group is None:
        raise refusal(find(ticket_id=ticket.pk), agent)
    speech = Speech.load()
    _tell_it_is_taken(ticket, agent.name, "desk.taken", speech, now, by=by)
    hand_case(ticket, group, speech)
    return group


def refusal(current: Ticket, agent: Agent | None) -> TakeRefused:
    """Why a case that was not waiting could not be taken."""
    if current.state == STATES.CLOSED:
        return TicketClosed()
    if agent is not None and current.agent_id == agent.pk and current.group is not None:
        return AlreadyYours(grupo=current.group.name)
    return AlreadyTaken(by=holder(current))


def lost(current: Ticket) -> DomainError:
    """Why a case could not be moved: it is not any more as whoever asked saw it."""
    if current.state == STATES.PENDING:
        return DomainError("El caso cambió mientras lo mirabas y ahora espera a alguien: probá de nuevo.")
    return refusal(current, None)


def _tell_it_is_taken(ticket: Ticket, who: str, key: str, speech: Speech, now: datetime, *, by: str) -> None:
    outside = "" if schedule().is_open(now) else "Fuera del horario de atención."
    assigned = f"Se lo asignó {by}." if by else ""
    where = f"En «{ticket.group.name}»." if ticket.group else "Desde el panel."
    text = " ".join(part for part in (where, assigned, outside) if part)
    event = story.record(ticket, KINDS.TAKEN, actor=who, text=text, at=now)
    queue = ticket.queue
    story.post(ticket, queue, speech.say(key, agente=who, numero=ticket.number), quoted=story.last_post(ticket, queue))
    story.signal(ticket, "ticket_taken", event, {"agent_name": who})


def _bring_media(ticket: Ticket, chat: Conversation) -> None:
    """Photos, audios and places the customer sent about the case and this group has not seen."""
    seen = Message.objects.filter(relay_of=OuterRef("pk"), conversation=chat)
    rows = Message.objects.filter(
        Q(media__isnull=False) | Q(location__isnull=False),
        ~Exists(seen),
        conversation=ticket.conversation,
        direction=Message.Direction.IN,
        created_at__gte=ticket.opened_at - MEDIA_BEFORE,
    )
    now = timezone.now()
    Message.objects.bulk_create(
        [
            Message(
                conversation=chat,
                channel_id=chat.channel_id,
                direction=Message.Direction.OUT,
                author=Message.Author.CONTACT,
                author_name=customer_name(ticket)[:120],
                text=row.text,
                media_id=row.media_id,
                location=row.location,
                relay_of=row,
                priority=Message.Priority.REPLY,
                due_at=now,
                created_at=now,
                status_at=now,
            )
            for row in rows.order_by("-id")[:WORDS_SHOWN][::-1]
        ]
    )
    ring(Bell.OUTBOX)
