"""A case begins: opened, added to, announced where those who can take it are."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents.models import WhatsAppGroup
from backoffice.agents.outbox import Speech, tell_group
from backoffice.common.models import Activity, Counter
from backoffice.conversations.lanes import interrupt, lane_of, lock_lane
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.conversations.services import receive
from backoffice.customers.models import Customer

from ..models import Ticket, TicketEvent
from ..phrases import customer_name, notice, quoted_text, what_was_sent
from . import story
from .taking import take_in_panel

KINDS = TicketEvent.Kind
MOODS = Ticket.Sentiment
FROM_THE_PANEL = "Atención desde el panel"
_WORSE = {MOODS.HAPPY: 0, MOODS.NEUTRAL: 1, MOODS.FRUSTRATED: 2, MOODS.ANGRY: 3}
URGENT_MOODS = (MOODS.FRUSTRATED, MOODS.ANGRY)
_READ = ("conversation", "contact", "customer", "queue__conversation", "group__conversation", "agent", "user")


@transaction.atomic
def open_ticket(
    *,
    conversation: Conversation,
    contact: Contact,
    area: str,
    subject: str,
    message: str,
    sentiment: str = MOODS.NEUTRAL,
    urgent: bool = False,
    customer: Customer | None = None,
    customer_id: int | None = None,
    data: Sequence[Mapping[str, str]] = (),
    announce_at: datetime | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Hand a chat to people: a new case, or more of the one that is open (a chat has at most one).

    `data` is what was collected, [{"label", "value"}]. It is announced now, or at `announce_at` when nobody attends.
    """
    now = now or timezone.now()
    ticket = Ticket(
        conversation=conversation,
        contact=contact,
        customer_id=customer.pk if customer else customer_id,
        area=area,
        subject=subject[:120],
        message=message,
        sentiment=sentiment,
        priority=_priority(sentiment, urgent),
        data=[dict(item) for item in data],
        opened_at=now,
        announce_at=announce_at,
    )
    if contact.trashed_at is not None:  # a case brings them back: it would be in nobody's lists
        Contact.objects.filter(pk=contact.pk).update(trashed_at=None)
    before = _open_of(conversation) or _insert(ticket)
    if before is not None:
        if before.customer_id is None and ticket.customer_id is not None:
            Ticket.objects.filter(pk=before.pk).update(customer_id=ticket.customer_id)
            before.customer_id = ticket.customer_id
        _add_to(before, message, sentiment, urgent, list(ticket.data), now)
        return before
    story.record(ticket, KINDS.OPENED, text=subject, at=now)
    if announce_at is not None and announce_at > now:
        receive(
            lane=story.lane(ticket),
            source="timer",
            external_id=f"{story.lane(ticket)}:announce",
            kind="announce",
            payload={"ticket_id": ticket.pk},
            at=announce_at,
        )
    else:
        announce(ticket=ticket, now=now)
    return ticket


@transaction.atomic
def take_chat(*, conversation: Conversation, contact: Contact, user: User, now: datetime | None = None) -> Ticket:
    """Attend a chat from the panel: its waiting case, or a new one that no group hears of when it has none.

    Harmless when it is theirs already. Raises: AlreadyTaken when somebody else attends it, DomainError when there is
    nobody to write to any more.
    """
    now = now or timezone.now()
    interrupt(lock_lane(lane_of(conversation)))  # so that the bot does not answer what it was thinking of
    story.check_known(contact.pk)
    ticket = Ticket(
        conversation=conversation,
        contact=contact,
        customer_id=contact.links.order_by("pk").values_list("customer_id", flat=True).first(),
        subject=FROM_THE_PANEL,
        message=_last_words(conversation),
        opened_at=now,
    )
    before = _open_of(conversation) or _insert(ticket)
    if before is None:
        story.record(ticket, KINDS.OPENED, text=FROM_THE_PANEL, at=now)
    take_in_panel(ticket=before or ticket, user=user, now=now)
    return before or ticket


@transaction.atomic
def add_message(
    *, ticket: Ticket, text: str = "", source: Message | None = None, sentiment: str = "", urgent: bool = False
) -> None:
    """What the customer writes while their case waits. A worse mood makes it urgent, and says so in the queue."""
    words = what_was_sent(source) if source is not None else text
    _add_to(ticket, words, sentiment or ticket.sentiment, urgent, [], timezone.now())


@transaction.atomic
def announce(*, ticket: Ticket, now: datetime | None = None, note: str = "", by: str = "") -> bool:
    """Post the case in a queue of its area (GRP-USE-01), the one with the fewest waiting.

    False when it was announced before, is not waiting, or there is no group: then it stays Pendiente with an alert,
    and is announced when a group of its area is ready (`announce_waiting`).
    """
    now = now or timezone.now()
    queue = _queue(ticket.area)
    if queue is None:
        if ticket.state == Ticket.State.PENDING and ticket.announced_at is None:
            area = ticket.get_area_display()
            Activity.note(Activity.Kind.ERROR, f"Ticket #{ticket.number} sin avisar: no hay un grupo de {area}.")
            story.schedule_escalation(ticket)
        return False
    waiting = Ticket.objects.filter(pk=ticket.pk, state=Ticket.State.PENDING, announced_at__isnull=True)
    if not waiting.update(announced_at=now, queue=queue):
        return False
    ticket.announced_at, ticket.queue = now, queue
    story.post(ticket, queue, notice(ticket, Speech.load(), note=note, by=by))
    story.record(ticket, KINDS.ANNOUNCED, text=queue.name, at=now)
    story.schedule_escalation(ticket)
    return True


@transaction.atomic
def announce_waiting(*, area: str, now: datetime | None = None) -> int:
    """A group of that area is ready: announce the cases that could not be. Returns how many."""
    now = now or timezone.now()
    rows = Ticket.objects.filter(area=area, state=Ticket.State.PENDING, announced_at__isnull=True)
    due = rows.filter(Q(announce_at__isnull=True) | Q(announce_at__lte=now))
    return sum(announce(ticket=ticket, now=now) for ticket in due.select_related(*_READ).order_by("pk"))


@transaction.atomic
def repeat_notices(*, group: WhatsAppGroup) -> int:
    """Somebody is in a queue at last: post again what waits there, for WhatsApp shows nobody what came before them."""
    waiting = Ticket.objects.filter(queue=group, state=Ticket.State.PENDING, announced_at__isnull=False)
    rows = list(waiting.select_related(*_READ).order_by("pk"))
    speech = Speech.load()
    for ticket in rows:
        story.post(ticket, ticket.queue, notice(ticket, speech))
    return len(rows)


def _priority(sentiment: str, urgent: bool) -> int:
    return Ticket.Priority.URGENT if urgent or sentiment in URGENT_MOODS else Ticket.Priority.NORMAL


def _open_of(conversation: Conversation) -> Ticket | None:
    rows = Ticket.objects.filter(conversation=conversation).exclude(state=Ticket.State.CLOSED)
    return rows.select_related(*_READ).first()


def _last_words(conversation: Conversation) -> str:
    said = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN).order_by("-id").first()
    return what_was_sent(said) if said else ""


def _insert(ticket: Ticket) -> Ticket | None:
    """Store a new case. When another was opened in the chat at the same moment, that one."""
    try:
        with transaction.atomic():
            ticket.number = Counter.next("ticket")
            ticket.save(force_insert=True)
    except IntegrityError:
        before = _open_of(ticket.conversation)
        if before is None:
            raise
        return before
    return None


def _add_to(ticket: Ticket, text: str, sentiment: str, urgent: bool, data: list[dict[str, str]], now: datetime) -> None:
    if text.strip():
        story.record(ticket, KINDS.MESSAGE, actor=customer_name(ticket), text=text, at=now)
    mood = max(ticket.sentiment, sentiment, key=lambda one: _WORSE.get(MOODS(one), 1))
    priority = min(ticket.priority, _priority(mood, urgent))
    rises = priority < ticket.priority
    known = {item["label"] for item in ticket.data}
    added = [item for item in data if item["label"] not in known]
    if rises or mood != ticket.sentiment or added:
        ticket.sentiment, ticket.priority, ticket.data = mood, priority, [*ticket.data, *added]
        Ticket.objects.filter(pk=ticket.pk).update(sentiment=mood, priority=priority, data=ticket.data)
    if ticket.state == Ticket.State.IN_PROGRESS:
        tell_group(ticket.group, quoted_text(text))
    elif rises and ticket.announced_at is not None:
        _say_it_is_urgent(ticket, text)


def _say_it_is_urgent(ticket: Ticket, text: str) -> None:
    words = Speech.load().say(
        "desk.ticket_update",
        cliente=customer_name(ticket),
        numero=ticket.number,
        sentimiento=ticket.get_sentiment_display(),
        mensaje=quoted_text(text),
    )
    story.post(ticket, ticket.queue, words, quoted=story.last_post(ticket, ticket.queue))
    story.schedule_escalation(ticket)


def _queue(area: str) -> WhatsAppGroup | None:
    """The ready group of the area with the fewest cases waiting."""
    load = Count("queued_tickets", filter=Q(queued_tickets__state=Ticket.State.PENDING))
    ready = WhatsAppGroup.objects.filter(
        kind=area, state=WhatsAppGroup.State.READY, bot_removed=False, conversation__isnull=False
    )
    return ready.annotate(load=load).select_related("conversation").order_by("load", "pk").first()
