"""From ready lanes to turns: everything the pure engine may look at, read for many lanes at once.

The number of queries is fixed, whatever the lanes' number and the chats' length: never a read of history.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from backoffice.agents.models import RegistrationRequest
from backoffice.billing.selectors import Account, InvoiceRow, accounts
from backoffice.conversations.models import (
    Contact,
    ContactLink,
    Conversation,
    DialogState,
    InboxEvent,
    Lane,
    Message,
)
from backoffice.customers.models import Customer
from backoffice.customers.selectors import by_documents_or_codes, by_phone_keys, phone_keys
from backoffice.tickets.models import Ticket
from bot.flows.identify import lookup_terms
from bot.identity import Person, contacts_of, group_chats, private_chats
from bot.snapshot import Snapshot
from bot.turn import (
    ContactCard,
    CustomerCard,
    Line,
    MediaKind,
    OpenInvoice,
    Quote,
    ServiceCard,
    Signal,
    State,
    TicketCard,
    Turn,
)
from integrations.understanding.local import understand
from integrations.understanding.phones import parse_phone
from integrations.whatsapp.base import Addr, MessageIn, event_from_json

MESSAGE = "message"
LINES_A_TURN = 20


@dataclass(slots=True)
class Run:
    """One lane's next turn: its events, the rows they belong to, and the turn itself."""

    lane: Lane
    events: list[InboxEvent]
    leftovers: bool
    messages: list[tuple[InboxEvent, MessageIn]] = field(default_factory=list)
    person: Person | None = None
    contact: Contact | None = None
    conversation: Conversation | None = None
    turn: Turn = None  # type: ignore[assignment] # set by `build`

    @property
    def channel_id(self) -> int:
        return int(self.lane.key.partition(":")[0])

    @property
    def is_group(self) -> bool:
        return self.lane.key.split(":", 2)[1:2] == ["g"]

    @property
    def ticket_id(self) -> int | None:
        kind, _, rest = self.lane.key.partition(":")
        return int(rest) if kind == "ticket" else None

    @property
    def is_mute(self) -> bool:
        """Written by another bot: kept, never answered (two bots would talk for ever)."""
        return bool(self.messages) and all(message.is_bot for _, message in self.messages)


def build(lanes: Sequence[tuple[Lane, list[InboxEvent]]], *, now: datetime, snapshot: Snapshot) -> list[Run]:
    """The next turn of each lane. `now` is aware; it reaches the turns in the company's time."""
    runs = [_next_run(lane, events) for lane, events in lanes if events]
    _who(runs)
    local = now.astimezone(snapshot.rules.schedule.zone)
    for run in runs:
        run.turn = Turn(now=local, rules=snapshot.rules, signal=_signal(run))
    private = [run for run in runs if run.contact is not None and not run.is_group]
    groups = [run for run in runs if run.is_group]
    _lines(runs, _quotes(runs))
    _states(private)
    _tickets(runs)
    _customers(private)
    _groups(groups, snapshot)
    for run in private:
        agent = snapshot.agent_of(run.contact.pk, run.contact.phone_key) if run.contact else None
        run.turn.pending_registrations = () if agent is None or agent.registered else (agent,)
        run.turn.understood = understand(run.turn.text, faqs=snapshot.faqs, default_area=snapshot.rules.default_area)
    return runs


def _next_run(lane: Lane, events: list[InboxEvent]) -> Run:
    """The first event with those that go with it: a burst of one sender is one turn, a signal is its own."""
    if events[0].kind != MESSAGE:
        return Run(lane, events[:1], leftovers=len(events) > 1)
    messages: list[tuple[InboxEvent, MessageIn]] = []
    for event in events[:LINES_A_TURN]:
        if event.kind != MESSAGE:
            break
        message = event_from_json(event.payload)
        assert isinstance(message, MessageIn)
        if messages and message.sender != messages[0][1].sender:
            break
        messages.append((event, message))
    taken = [event for event, _ in messages]
    messages.sort(key=lambda pair: (pair[1].at, pair[0].pk))
    return Run(lane, taken, leftovers=len(events) > len(taken), messages=messages)


def _signal(run: Run) -> Signal | None:
    event = run.events[0]
    return None if event.kind == MESSAGE else Signal(event.kind, event.pk, event.payload)


def _who(runs: Sequence[Run]) -> None:
    """Fill `person`, `contact` and `conversation`."""
    for run in runs:
        run.person = _person(run)
    people = list({run.person: None for run in runs if run.person is not None})
    contacts = contacts_of(people) if people else {}
    chats: dict[tuple[int, int], Addr] = {}
    wrote: set[tuple[int, int]] = set()
    groups: set[tuple[int, str]] = set()
    for run in runs:
        run.contact = contacts.get(run.person) if run.person else None
        if run.is_group:
            groups.add((run.channel_id, _address(run).key))
        elif run.contact is not None and run.person is not None:
            key = (run.channel_id, run.contact.pk)
            if run.messages:
                wrote.add(key)
                chats[key] = run.person.addr
            chats.setdefault(key, run.person.addr)
    private = private_chats(chats, wrote=wrote) if chats else {}
    grouped = group_chats(groups) if groups else {}
    for run in runs:
        if run.is_group:
            run.conversation = grouped[(run.channel_id, _address(run).key)]
        elif run.contact is not None:
            run.conversation = private[(run.channel_id, run.contact.pk)]


def _person(run: Run) -> Person | None:
    if run.messages:
        first = run.messages[0][1]
        return Person(run.channel_id, first.sender, first.sender_alt, first.sender_name)
    if run.ticket_id is not None or run.is_group:
        return None
    return Person(run.channel_id, _address(run))


def _address(run: Run) -> Addr:
    """The address in the lane's key; a phone's key is completed to how WhatsApp writes it."""
    address = Addr.parse(run.lane.key.partition(":")[2])
    parsed = parse_phone(address.value) if address.kind == "phone" else None
    return Addr.phone(parsed.e164) if parsed else address


def _lines(runs: Sequence[Run], quotes: dict[tuple[int, str], Quote]) -> None:
    for run in runs:
        chat = run.conversation.pk if run.conversation else 0
        run.turn.lines = tuple(
            Line(
                index=index,
                event_id=event.pk,
                text=message.text,
                media_id=event.payload.get("media_id"),
                media_kind=MediaKind(message.media.kind) if message.media else None,
                location=_place(message),
                choice=message.choice_id,
                quote=quotes.get((chat, message.quoted_id or "")),
                at=event.received_at,
            )
            for index, (event, message) in enumerate(run.messages)
        )


def _place(message: MessageIn) -> dict[str, object] | None:
    where = message.location
    if where is None:
        return None
    return {"latitude": where.latitude, "longitude": where.longitude, "name": where.name, "address": where.address}


def _quotes(runs: Sequence[Run]) -> dict[tuple[int, str], Quote]:
    """What each quoted message stands for: a ticket's post, a request to register, or just a line of the chat."""
    wanted = {message.quoted_id for run in runs for _, message in run.messages if message.quoted_id}
    if not wanted:
        return {}
    chats = {run.conversation.pk for run in runs if run.conversation}
    rows = Message.objects.filter(conversation_id__in=chats, external_id__in=wanted).values_list(
        "conversation_id", "external_id", "pk", "ticket_post__ticket_id", "registration__agent_id"
    )
    return {
        (chat, external_id or ""): Quote(message_id, ticket_id, agent_id)
        for chat, external_id, message_id, ticket_id, agent_id in rows
    }


def _states(private: Sequence[Run]) -> None:
    fields = ("flow", "step", "data", "menu", "options", "memory", "expires_at")
    rows = DialogState.objects.filter(contact_id__in=[run.contact.pk for run in private if run.contact])
    known = {contact: values for contact, *values in rows.values_list("contact_id", *fields)}
    for run in private:
        assert run.contact is not None
        run.turn.contact = ContactCard(
            run.contact.pk, run.contact.name, run.contact.phone, run.contact.last_seen_at is None
        )
        if run.contact.pk in known:
            flow, step, data, menu, options, memory, expires_at = known[run.contact.pk]
            run.turn.state = State(flow, step, dict(data), menu, list(options), dict(memory), expires_at)


def _tickets(runs: Sequence[Run]) -> None:
    """The open ticket of a private chat, the one that a personal group holds, the one of a ticket's own lane."""
    chats = [run.conversation.pk for run in runs if run.conversation]
    own = [run.ticket_id for run in runs if run.ticket_id is not None]
    rows = Ticket.objects.filter(
        Q(pk__in=own)
        | ~Q(state=Ticket.State.CLOSED) & Q(conversation_id__in=chats)
        | Q(state=Ticket.State.IN_PROGRESS, group__conversation_id__in=chats)
    )
    by_chat: dict[int, TicketCard] = {}
    by_id: dict[int, TicketCard] = {}
    for chat, desk, card in _ticket_cards(rows):
        by_id[card.id] = card
        if card.state != Ticket.State.CLOSED:
            by_chat[chat] = card
        if card.in_progress and desk is not None:
            by_chat[desk] = card
    for run in runs:
        if run.ticket_id is not None:
            run.turn.ticket = by_id.get(run.ticket_id)
        elif run.conversation is not None:
            run.turn.ticket = by_chat.get(run.conversation.pk)


def _ticket_cards(rows: QuerySet[Ticket]) -> Iterator[tuple[int, int | None, TicketCard]]:
    """Each ticket with its customer's chat and the one of the group that attends it: ten columns of three tables."""
    told = rows.values_list(
        "pk",
        "number",
        "state",
        "area",
        "agent_id",
        "agent__name",
        "announced_at",
        "user_id",
        "conversation_id",
        "group__conversation_id",
    )
    for pk, number, state, area, agent, agent_name, announced, user, chat, desk in told:
        yield (
            chat,
            desk,
            TicketCard(
                id=pk,
                number=number,
                state=state,
                area=area,
                agent_id=agent,
                agent_name=agent_name or "",
                announced=announced is not None,
                in_panel=user is not None,
            ),
        )


def _customers(private: Sequence[Run]) -> None:
    """Whose accounts these contacts may hear of, and whom they say they are."""
    linked = _linked(private)
    by_phone = by_phone_keys({run.contact.phone_key for run in private if run.contact and run.contact.phone_key})
    terms = {id(run): lookup_terms(run.turn.state, run.turn.text) for run in private}
    every_term = {term for found in terms.values() for term in found}
    claimed = by_documents_or_codes(every_term) if every_term else {}
    chosen: dict[int, tuple[list[Customer], list[Customer], bool]] = {}
    for run in private:
        assert run.contact is not None
        links = linked.get(run.contact.pk, [])
        verified = any(link.verified_at for link in links)
        mine = [link.customer for link in links] or by_phone.get(run.contact.phone_key or "", [])
        claims = [customer for term in terms[id(run)] for customer in claimed.get(term, [])]
        chosen[id(run)] = (mine, claims, verified)
    everyone = [customer for mine, claims, _ in chosen.values() for customer in [*mine, *claims]]
    facts = accounts({customer.pk for customer in everyone})
    phones = phone_keys(everyone)

    def card(customer: Customer, *, verified: bool) -> CustomerCard:
        return customer_card(customer, facts[customer.pk], phones[customer.pk], verified=verified)

    for run in private:
        mine, claims, verified = chosen[id(run)]
        if len(mine) == 1 or verified:
            run.turn.customer = card(mine[0], verified=verified)
        else:
            claims = [*claims, *mine]
        seen = {customer.pk: customer for customer in claims}
        run.turn.candidates = tuple(card(one, verified=False) for one in seen.values())


def _linked(private: Iterable[Run]) -> dict[int, list[ContactLink]]:
    """Links by contact, the proved ones first."""
    rows = ContactLink.objects.filter(contact_id__in=[run.contact.pk for run in private if run.contact])
    links: dict[int, list[ContactLink]] = defaultdict(list)
    for row in rows.select_related("customer").order_by("-verified_at", "pk"):
        links[row.contact_id].append(row)
    for found in links.values():
        found.sort(key=lambda link: link.verified_at is None)
    return links


def customer_card(customer: Customer, account: Account, phones: tuple[str, ...], *, verified: bool) -> CustomerCard:
    return CustomerCard(
        id=customer.pk,
        code=customer.code,
        name=customer.name,
        document=customer.document,
        zone_id=customer.zone_id,
        suspended=customer.status == Customer.Status.SUSPENDED,
        verified=verified,
        services=tuple(ServiceCard(one.plan, one.address, one.price, one.suspended) for one in account.services),
        open_invoices=tuple(_invoice(one) for one in account.unpaid),
        recent=tuple(_invoice(one) for one in account.recent),
        phone_keys=phones,
    )


def _invoice(row: InvoiceRow) -> OpenInvoice:
    return OpenInvoice(row.id, row.number, row.concept, row.due_on, row.balance, row.period)


def _groups(groups: Sequence[Run], snapshot: Snapshot) -> None:
    waiting = _waiting_registrations(groups, snapshot)
    for run in groups:
        if run.conversation is None:
            continue
        run.turn.group = snapshot.groups.get(run.conversation.pk)
        run.turn.pending_registrations = tuple(
            snapshot.agents[agent] for agent in waiting.get(run.conversation.pk, ()) if agent in snapshot.agents
        )
        if run.contact is not None:
            run.turn.sender_contact_id = run.contact.pk
            run.turn.sender = snapshot.agent_of(run.contact.pk, run.contact.phone_key)


def _waiting_registrations(groups: Sequence[Run], snapshot: Snapshot) -> dict[int, list[int]]:
    """Agents who were asked for LISTO in each group and have not said it."""
    if all(agent.registered for agent in snapshot.agents.values()):
        return {}
    rows = RegistrationRequest.objects.filter(
        message__conversation_id__in=[run.conversation.pk for run in groups if run.conversation],
        agent__registered_at__isnull=True,
    ).values_list("message__conversation_id", "agent_id")
    waiting: dict[int, list[int]] = defaultdict(list)
    for chat, agent in rows.distinct():
        waiting[chat].append(agent)
    return waiting
