"""A month of closed cases with their talks, so that the dashboard has something to say. All in bulk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock

from django.utils import timezone

from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.common.models import Counter
from backoffice.company.selectors import zone
from backoffice.conversations.models import Contact, ContactAddress, ContactLink, Conversation, Message
from backoffice.customers.models import Customer
from backoffice.demo.cases import CASES, Case
from backoffice.tickets.models import Ticket, TicketEvent

COUNT = 48
DAYS = 29
PAUSE = timedelta(minutes=3)
KINDS = TicketEvent.Kind


@dataclass(slots=True)
class Past:
    """One closed case to write: who asked, who attended, where, and when it began."""

    case: Case
    customer: Customer
    contact: Contact
    chat: Conversation
    agent: Agent
    seat: WhatsAppGroup
    queue: WhatsAppGroup
    start: datetime

    @property
    def taken(self) -> datetime:
        return self.start + PAUSE * 2

    @property
    def end(self) -> datetime:
        return self.start + PAUSE * (len(self.case.talk) + 1)


def load_past(
    channel: Channel, customers: Sequence[Customer], agents: Sequence[Agent], groups: dict[str, WhatsAppGroup]
) -> None:
    """Cases over the last 30 days for these customers (at most three each), the oldest first."""
    chats = chats_of(channel, customers)
    now = timezone.now().astimezone(zone())
    past = [_past(n, customers, chats, agents, groups, _moment(n, now)) for n in range(COUNT)]
    past.sort(key=lambda one: one.start)
    first = Counter.next("ticket", len(past))
    tickets = Ticket.objects.bulk_create([_ticket(first + n, one) for n, one in enumerate(past)])
    pairs = list(zip(past, tickets, strict=True))
    TicketEvent.objects.bulk_create([event for one, ticket in pairs for event in _story(one, ticket)])
    Message.objects.bulk_create([message for one, ticket in pairs for message in _talk(one, ticket)])
    last = {one.chat.pk: one.end for one in past}
    for contact, chat in chats:
        contact.last_seen_at = chat.last_message_at = last.get(chat.pk)
    Conversation.objects.bulk_update([chat for _, chat in chats], ["last_message_at"])
    Contact.objects.bulk_update([contact for contact, _ in chats], ["last_seen_at"])


def chats_of(channel: Channel, customers: Sequence[Customer]) -> list[tuple[Contact, Conversation]]:
    """A contact, linked to its customer by the phone on file, and its chat, for each customer."""
    began = timezone.now() - timedelta(days=DAYS + 1)
    phones = [customer.phones.all()[0] for customer in customers]
    contacts = Contact.objects.bulk_create(
        [
            Contact(name=customer.name, phone=phone.number, phone_key=phone.key, created_at=began)
            for customer, phone in zip(customers, phones, strict=True)
        ]
    )
    rows = list(zip(customers, phones, contacts, strict=True))
    ContactAddress.objects.bulk_create(
        [
            ContactAddress(contact=who, channel=channel, kind="p", key=phone.key, value=phone.number.lstrip("+"))
            for _, phone, who in rows
        ]
    )
    how = ContactLink.How.PHONE
    ContactLink.objects.bulk_create([ContactLink(contact=who, customer=row, how=how) for row, _, who in rows])
    chats = Conversation.objects.bulk_create(
        [
            Conversation(channel=channel, contact=who, address=f"p:{phone.number.lstrip('+')}", created_at=began)
            for _, phone, who in rows
        ]
    )
    return list(zip(contacts, chats, strict=True))


def _past(
    place: int,
    customers: Sequence[Customer],
    chats: Sequence[tuple[Contact, Conversation]],
    agents: Sequence[Agent],
    groups: dict[str, WhatsAppGroup],
    start: datetime,
) -> Past:
    case = CASES[place * 7 % len(CASES)]
    who = place * 5 % len(customers)
    agent = agents[-1] if case.area == "sales" else agents[place % len(agents)]
    return Past(
        case=case,
        customer=customers[who],
        contact=chats[who][0],
        chat=chats[who][1],
        agent=agent,
        seat=groups[f"Chat soporte {agent.first_name} N°1"],
        queue=groups["Ventas" if case.area == "sales" else "Soporte"],
        start=start,
    )


def _moment(place: int, now: datetime) -> datetime:
    """Spread over the last 30 days, in working hours where `now` is local, and always in the past."""
    day = now.date() - timedelta(days=1 + place * 17 % DAYS)
    return datetime.combine(day, clock(9 + place % 9, place * 13 % 60), now.tzinfo)


def _ticket(number: int, one: Past) -> Ticket:
    urgent = one.case.sentiment == Ticket.Sentiment.ANGRY
    return Ticket(
        number=number,
        contact=one.contact,
        conversation=one.chat,
        customer=one.customer,
        area=one.case.area,
        state=Ticket.State.CLOSED,
        priority=Ticket.Priority.URGENT if urgent else Ticket.Priority.NORMAL,
        sentiment=one.case.sentiment,
        subject=one.case.subject,
        message=one.case.talk[0][1],
        queue=one.queue,
        group=one.seat,
        agent=one.agent,
        opened_at=one.start,
        announced_at=one.start,
        taken_at=one.taken,
        closed_at=one.end,
        close_reason=one.case.reason,
        rating=one.case.rating,
    )


def _story(one: Past, ticket: Ticket) -> list[TicketEvent]:
    steps = [
        (KINDS.OPENED, "", one.case.subject, one.start),
        (KINDS.ANNOUNCED, "", one.queue.name, one.start),
        (KINDS.TAKEN, one.agent.name, "", one.taken),
        (KINDS.NOTE, one.agent.name, one.case.note, one.end),
        (KINDS.CLOSED, one.agent.name, one.case.reason, one.end),
        (KINDS.RATED, one.customer.name, str(one.case.rating or ""), one.end),
    ]
    silent = {KINDS.NOTE, KINDS.RATED}
    return [
        TicketEvent(ticket=ticket, kind=kind, actor=actor, text=text, at=at)
        for kind, actor, text, at in steps
        if text or kind not in silent
    ]


def _talk(one: Past, ticket: Ticket) -> list[Message]:
    lines = [*one.case.talk, ("b", "Cerramos tu consulta. ¡Gracias por escribirnos!")]
    return [_message(one, ticket, who, text, one.start + PAUSE * n, n) for n, (who, text) in enumerate(lines)]


def _message(one: Past, ticket: Ticket, who: str, text: str, at: datetime, place: int) -> Message:
    inbound = who == "c"
    author, name = {
        "c": (Message.Author.CONTACT, one.customer.name),
        "a": (Message.Author.AGENT, one.agent.name),
        "b": (Message.Author.BOT, ""),
    }[who]
    return Message(
        conversation=one.chat,
        channel_id=one.chat.channel_id,
        direction=Message.Direction.IN if inbound else Message.Direction.OUT,
        author=author,
        author_name=name,
        text=text.format(nombre=one.customer.first_name),
        status=Message.Status.RECEIVED if inbound else Message.Status.READ,
        external_id=f"demo:{ticket.number}:{place}",
        created_at=at,
        status_at=at,
    )
