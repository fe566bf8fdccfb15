"""What each effect of the core does to the tables: one small function an effect.

A service that refuses (somebody was faster, the case was closed meanwhile) raises a DomainError; the effect
brought the sentence for each refusal, so the person is told what happened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils import timezone

from backoffice.agents import services as agents
from backoffice.agents.models import Agent
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.conversations.models import Contact, ContactLink, Message
from backoffice.tickets import services as tickets
from backoffice.tickets.errors import TakeRefused
from backoffice.tickets.models import Ticket
from bot import turn as core
from bot.context import Run
from bot.info import ticket_info
from integrations.understanding.blanks import fill

E = TypeVar("E", bound=core.Effect)


class Stale(Exception):
    """What the turn was decided on is no longer so; the lane runs again at once, without a strike."""


@dataclass(slots=True)
class Outcome:
    """What applying a turn's effects adds to it: its stored lines, and sentences only the tables could decide."""

    run: Run
    inbound: list[Message]
    replies: list[str] = field(default_factory=list)
    ticket_id: int | None = None  # of the case that the turn opened

    def refuse(self, error: DomainError, otherwise: Mapping[str, str]) -> None:
        code = getattr(error, "code", "")
        values = getattr(error, "values", {})
        text = fill(otherwise[code], values) if code in otherwise else error.message
        if text:  # an empty sentence is a refusal that is kept quiet
            self.replies.append(text)


def apply(effect: core.Effect, outcome: Outcome) -> None:
    """Carry out one effect inside the commit's transaction. What is said is stored by the commit itself."""
    handler = _HANDLERS.get(type(effect))
    if handler is not None:
        handler(effect, outcome)


def _open_ticket(effect: core.OpenTicket, outcome: Outcome) -> None:
    run = outcome.run
    assert run.conversation is not None
    assert run.contact is not None
    customer_id = run.turn.customer.id if run.turn.customer else None
    ticket = tickets.open_ticket(
        conversation=run.conversation,
        contact=run.contact,
        customer_id=customer_id,
        area=effect.area,
        subject=effect.subject,
        message=effect.message,
        sentiment=effect.sentiment,
        urgent=effect.urgent,
        data=[{"label": label, "value": value} for label, value in effect.data],
        announce_at=effect.announce_at,
    )
    outcome.ticket_id = ticket.pk
    outcome.replies[:] = [fill(reply, {"ticket": ticket.number}) for reply in outcome.replies]


def _add_to_ticket(effect: core.AddToTicket, outcome: Outcome) -> None:
    ticket = _ticket(effect.ticket_id)
    if ticket.state != Ticket.State.PENDING:
        raise Stale
    for message in outcome.inbound:
        tickets.add_message(ticket=ticket, source=message)


def _relay_to_agent(effect: core.RelayToAgent, outcome: Outcome) -> None:
    ticket = _ticket(effect.ticket_id)
    if ticket.state != Ticket.State.IN_PROGRESS:
        raise Stale
    for message in outcome.inbound:
        tickets.relay_to_agent(ticket=ticket, source=message)


def _relay_to_customer(effect: core.RelayToCustomer, outcome: Outcome) -> None:
    try:
        tickets.relay_to_customer(
            ticket=_ticket(effect.ticket_id), source=outcome.inbound[effect.line], text=effect.text
        )
    except DomainError as error:
        outcome.refuse(error, effect.otherwise)


def _take(effect: core.TakeTicket, outcome: Outcome) -> None:
    agent = _agent(effect.agent_id)
    try:
        ticket = tickets.find(ticket_id=effect.ticket_id, number=effect.number)
    except DomainError as error:
        return outcome.refuse(error, effect.otherwise)
    try:
        tickets.take(ticket=ticket, agent=agent)
    except TakeRefused as error:
        tickets.note_refusal(ticket=ticket, agent=agent, refusal=error)
        outcome.refuse(error, effect.otherwise)


def _close(effect: core.CloseTicket, outcome: Outcome) -> None:
    try:
        ticket = _attended_here(effect.ticket_id, outcome)
        tickets.close(ticket=ticket, actor=_actor(effect.agent_id), reason=effect.reason)
    except DomainError as error:
        outcome.refuse(error, effect.otherwise)


def _note(effect: core.NoteOnTicket, outcome: Outcome) -> None:
    tickets.note(ticket=_ticket(effect.ticket_id), actor=_actor(effect.agent_id), text=effect.text)


def _transfer(effect: core.TransferTicket, outcome: Outcome) -> None:
    try:
        tickets.transfer(
            ticket=_attended_here(effect.ticket_id, outcome),
            actor=_actor(effect.agent_id),
            area=effect.to_area,
            agent=_agent(effect.to_agent_id) if effect.to_agent_id else None,
            note=effect.note,
        )
    except DomainError as error:
        outcome.refuse(error, effect.otherwise)


def _show_info(effect: core.ShowTicketInfo, outcome: Outcome) -> None:
    outcome.replies.append(ticket_info(_attended_here(effect.ticket_id, outcome)))


def _announce(effect: core.AnnounceTicket, outcome: Outcome) -> None:
    tickets.announce(ticket=_ticket(effect.ticket_id))


def _escalate(effect: core.EscalateTicket, outcome: Outcome) -> None:
    tickets.escalate(ticket=_ticket(effect.ticket_id))


def _rate(effect: core.RateTicket, outcome: Outcome) -> None:
    tickets.rate(ticket=_ticket(effect.ticket_id), rating=effect.rating)


def _register(effect: core.RegisterAgent, outcome: Outcome) -> None:
    try:
        agents.register(
            agent=_agent(effect.agent_id),
            contact=Contact.objects.get(pk=effect.contact_id),
            conversation=outcome.run.conversation,
        )
    except DomainError as error:
        outcome.refuse(error, effect.otherwise)


def _ask_registration(effect: core.AskRegistration, outcome: Outcome) -> None:
    agents.ask_registration(agent=_agent(effect.agent_id), conversation=outcome.run.conversation)


def _link(effect: core.LinkCustomer, outcome: Outcome) -> None:
    assert outcome.run.contact is not None
    how = ContactLink.How.DOCUMENT if effect.verified else ContactLink.How.PHONE
    verified_at = timezone.now() if effect.verified else None
    link, made = ContactLink.objects.get_or_create(
        contact=outcome.run.contact,
        customer_id=effect.customer_id,
        defaults={"how": how, "verified_at": verified_at},
    )
    if not made and effect.verified:
        ContactLink.objects.filter(pk=link.pk).update(how=how, verified_at=verified_at)


def _opt_out(effect: core.OptOut, outcome: Outcome) -> None:
    assert outcome.run.contact is not None
    moment = timezone.now() if effect.out else None
    Contact.objects.filter(pk=outcome.run.contact.pk).update(opted_out_at=moment)


def _log(effect: core.Log, outcome: Outcome) -> None:
    Activity.note(effect.kind, effect.text)


def _ticket(pk: int) -> Ticket:
    return Ticket.objects.select_related("conversation", "contact", "customer", "agent", "group__conversation").get(
        pk=pk
    )


def _attended_here(pk: int, outcome: Outcome) -> Ticket:
    """The case a command of a personal group is about, unless it was moved elsewhere meanwhile."""
    ticket = _ticket(pk)
    group = outcome.run.turn.group
    if group is not None and ticket.group_id != group.id:
        raise Stale
    return ticket


def _agent(pk: int) -> Agent:
    return Agent.objects.get(pk=pk)


def _actor(agent_id: int | None) -> str:
    return _agent(agent_id).name if agent_id else "Bot"


_HANDLERS: dict[type[core.Effect], Callable[..., None]] = {
    core.OpenTicket: _open_ticket,
    core.AddToTicket: _add_to_ticket,
    core.RelayToAgent: _relay_to_agent,
    core.RelayToCustomer: _relay_to_customer,
    core.TakeTicket: _take,
    core.CloseTicket: _close,
    core.NoteOnTicket: _note,
    core.TransferTicket: _transfer,
    core.ShowTicketInfo: _show_info,
    core.AnnounceTicket: _announce,
    core.EscalateTicket: _escalate,
    core.RateTicket: _rate,
    core.RegisterAgent: _register,
    core.AskRegistration: _ask_registration,
    core.LinkCustomer: _link,
    core.OptOut: _opt_out,
    core.Log: _log,
}
