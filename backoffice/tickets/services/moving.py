"""A case changes hands: transferred, given back to the queue, shown to a supervisor, opened again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents import services as agents
from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.agents.outbox import Speech, tell, tell_group
from backoffice.agents.selectors import supervisors
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity

from ..errors import AgentInactive, NotRegistered, TransferToSelf
from ..models import Ticket, TicketEvent
from ..phrases import customer_name, panel_link, quoted_text, signature, waiting
from . import story
from .opening import announce
from .taking import READ, find, hand_case, lost, seat

STATES = Ticket.State
KINDS = TicketEvent.Kind
REOPEN_WITHIN = timedelta(days=7)
_BACK: dict[str, Any] = {
    "state": STATES.PENDING,
    "agent": None,
    "user": None,
    "group": None,
    "queue": None,
    "announce_at": None,
    "announced_at": None,
    "taken_at": None,
    "escalated_at": None,
}
"""What a case looks like when it waits again."""


@transaction.atomic
def transfer(
    *,
    ticket: Ticket,
    actor: str,
    area: str | None = None,
    agent: Agent | None = None,
    user: User | None = None,
    note: str = "",
    holder: User | None = None,
    now: datetime | None = None,
) -> None:
    """Pass an open case to an area's queue, to another agent's group or to somebody at the panel (who may be whoever
    asks: a supervisor takes it over). The note travels, and the group that had it and the customer are told.

    With a `holder`, only while that user attends it.
    Raises: TicketClosed, AlreadyTaken, NotYours, TransferToSelf, AgentInactive, NotRegistered, AllGroupsBusy, NoGroups;
    DomainError for an unknown area or a user who does not attend.
    """
    now = now or timezone.now()
    story.hold(ticket)
    story.require(ticket, holder)
    old_group = ticket.group
    waited_in = ticket.queue if ticket.state == STATES.PENDING else None
    leaving = Q(state=ticket.state, group_id=ticket.group_id, user_id=ticket.user_id) & ~Q(state=STATES.CLOSED)
    speech = Speech.load()
    if agent is not None:
        _seat_with(ticket, agent, leaving, now)
        where = agent.name
    elif user is not None:
        _hand_to(ticket, user, leaving, now)
        where = signature(user)
    else:
        _put_back(ticket, area, leaving)
        where = ticket.get_area_display()
    text = f"A {where}. {note}".strip()
    event = story.record(ticket, KINDS.TRANSFERRED, actor=actor, text=text, at=now)
    tell_group(old_group, speech.say("desk.transferred", numero=ticket.number, destino=where))
    key, blank = ("desk.to_area", "area") if agent is None and user is None else ("desk.to_agent", "agente")
    tell(ticket.conversation, speech.say(key, **{blank: where}))
    story.signal(ticket, "ticket_transferred", event, {"area_label": ticket.get_area_display()})
    if agent is not None and ticket.group is not None:
        hand_case(ticket, ticket.group, speech, note=note, by=actor)
    elif user is not None:
        words = speech.say("desk.transferred", numero=ticket.number, destino=where)
        story.post(ticket, waited_in, words, quoted=story.last_post(ticket, waited_in))
    else:
        announce(ticket=ticket, now=now, note=note, by=actor)


@transaction.atomic
def escalate(*, ticket: Ticket, now: datetime | None = None) -> bool:
    """Show a case nobody took to the supervisors, once. Before its time (it was announced anew) the timer is set again.

    False when there was nothing to say.
    """
    now = now or timezone.now()
    current = Ticket.objects.select_related(*READ).get(pk=ticket.pk)
    if current.state != STATES.PENDING or current.escalated_at is not None:
        return False
    if story.escalation_due(current) > now:
        story.schedule_escalation(current)
        return False
    if not Ticket.objects.filter(pk=ticket.pk, state=STATES.PENDING, escalated_at=None).update(escalated_at=now):
        return False
    wait = waiting(current, now)
    text = Speech.load().say(
        "desk.escalation",
        numero=current.number,
        area=current.get_area_display(),
        cliente=customer_name(current),
        espera=wait,
        sentimiento=current.get_sentiment_display(),
        mensaje=quoted_text(current.message or current.subject),
        enlace=panel_link(current),
    )
    told = tell_group(supervisors(), text)
    story.record(current, KINDS.ESCALATED, text=f"Sin atender hace {wait}.", at=now)
    where = "" if told else " (no hay grupo de Supervisor)"
    Activity.note(Activity.Kind.ERROR, f"Ticket #{current.number} sin atender hace {wait}{where}.")
    return True


@transaction.atomic
def reopen(*, ticket: Ticket, actor: str, message: str = "", now: datetime | None = None) -> None:
    """Open again a case closed in the last seven days (AMB-41); it is announced as waiting.

    Raises: DomainError when it is too old, is open, the chat has another case open or its person was forgotten.
    """
    now = now or timezone.now()
    story.check_known(ticket.contact_id)
    recent = Ticket.objects.filter(pk=ticket.pk, state=STATES.CLOSED, closed_at__gte=now - REOPEN_WITHIN)
    back = _BACK | {"closed_at": None, "close_reason": "", "opened_at": now}
    try:
        with transaction.atomic():
            reopened = recent.update(**back)
    except IntegrityError as error:
        raise DomainError("Ese chat ya tiene otro ticket abierto.") from error
    if not reopened:
        raise DomainError("Solo se reabre un ticket cerrado hace menos de 7 días.")
    ticket.refresh_from_db()
    story.record(ticket, KINDS.REOPENED, actor=actor, text=message, at=now)
    announce(ticket=ticket, now=now, note=message, by=actor)


@transaction.atomic
def bot_left(*, group: WhatsAppGroup) -> None:
    """We were taken out of a group (AMB-18): say so, and put back in the queue the case it held, if any."""
    agents.bot_removed(group=group)
    held = Ticket.objects.filter(group=group, state=STATES.IN_PROGRESS).select_related(*READ)
    for ticket in held:  # at most one: the database says so
        _put_back(ticket, None, Q(state=STATES.IN_PROGRESS, group=group))
        note = f"Sacaron al bot de «{group.name}»."
        story.record(ticket, KINDS.TRANSFERRED, actor="Bot", text=note)
        announce(ticket=ticket, note=note, by="Bot")


def _seat_with(ticket: Ticket, agent: Agent, leaving: Q, now: datetime) -> None:
    if ticket.agent_id == agent.pk and ticket.state == STATES.IN_PROGRESS:
        raise TransferToSelf
    if not agent.active:
        raise AgentInactive(agente=agent.first_name)
    if agent.registered_at is None:
        raise NotRegistered(agente=agent.first_name)
    if seat(ticket, agent, now, leaving=leaving) is None:
        raise lost(find(ticket_id=ticket.pk))


def _hand_to(ticket: Ticket, user: User, leaving: Q, now: datetime) -> None:
    """To somebody at the panel, out of any group."""
    if ticket.user_id == user.pk and ticket.state == STATES.IN_PROGRESS:
        raise TransferToSelf
    if not user.is_active or not user.has_perm("tickets.take_ticket"):
        raise DomainError(f"{user} no puede atender casos.", field="a")
    taken = {"state": STATES.IN_PROGRESS, "agent": None, "user": user, "group": None, "taken_at": now}
    _move(ticket, leaving, taken)


def _move(ticket: Ticket, leaving: Q, changes: Mapping[str, Any]) -> None:
    """Write these values if the case is still as `leaving` says. Raises: TicketClosed, AlreadyTaken, DomainError."""
    if not Ticket.objects.filter(leaving, pk=ticket.pk).update(**changes):
        raise lost(find(ticket_id=ticket.pk))
    for name, value in changes.items():
        setattr(ticket, name, value)


def _put_back(ticket: Ticket, area: str | None, leaving: Q) -> None:
    wanted = area or ticket.area
    if wanted not in Ticket.Area.values:
        raise DomainError("Elegí Soporte o Ventas.", field="area")
    _move(ticket, leaving, _BACK | {"area": wanted})
