"""What several verbs share: the lines of a case's story, its posts, its signals and its timers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backoffice.accounts.models import User
from backoffice.agents.models import AttentionSettings, WhatsAppGroup
from backoffice.agents.outbox import tell
from backoffice.common.errors import DomainError
from backoffice.company.selectors import schedule
from backoffice.conversations.lanes import lane_of, lock_lane
from backoffice.conversations.models import Contact, Message
from backoffice.conversations.services import receive

from ..errors import NotYours, TicketClosed
from ..models import Ticket, TicketEvent, TicketPost
from ..phrases import holder as attended_by
from ..phrases import waiting_since

SOURCE = "ticket"


def lane(ticket: Ticket) -> str:
    """Where a case's own timers run."""
    return f"ticket:{ticket.pk}"


def hold(ticket: Ticket) -> None:
    """Lock the lanes a verb will write to before the case's own row.

    A turn of either lane locks in that order too, so on PostgreSQL neither waits for the other for ever.
    """
    lock_lane(lane_of(ticket.conversation))
    lock_lane(lane(ticket))


def require(ticket: Ticket, holder: User | None) -> None:
    """Go on only while `holder` attends the case from the panel; None is somebody who may act on any case.

    The row stays locked until the transaction ends. Raises: TicketClosed, NotYours.
    """
    if holder is None:
        return
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("agent", "user")
    current = rows.get(pk=ticket.pk)
    if current.state == Ticket.State.CLOSED:
        raise TicketClosed
    if current.user_id != holder.pk:
        raise NotYours(by=attended_by(current))


def check_known(*contacts: int) -> None:
    """Raises: DomainError when one of these people was anonymised (nobody is there to write to) or is in the trash."""
    gone = Contact.objects.filter(pk__in=contacts).exclude(anonymised_at=None, trashed_at=None)
    for anonymised_at in gone.values_list("anonymised_at", flat=True)[:1]:
        if anonymised_at is not None:
            raise DomainError("Ese contacto se anonimizó: ya no hay a quién escribirle.")
        raise DomainError("Ese contacto está en la papelera: un administrador puede restaurarlo.")


def record(ticket: Ticket, kind: str, *, actor: str = "", text: str = "", at: datetime | None = None) -> TicketEvent:
    event = TicketEvent(ticket=ticket, kind=kind, actor=actor[:80], text=text)
    if at is not None:
        event.at = at
    event.save(force_insert=True)
    return event


def post(ticket: Ticket, group: WhatsAppGroup | None, text: str, *, quoted: Message | None = None) -> Message | None:
    """A message about the case in a main group: quoting any of them means the case."""
    if group is None or group.conversation is None or group.bot_removed:
        return None
    message = tell(group.conversation, text, quoted=quoted)
    TicketPost.objects.create(ticket=ticket, message=message)
    return message


def last_post(ticket: Ticket, group: WhatsAppGroup | None) -> Message | None:
    """What to quote so that people see which case is meant."""
    if group is None or group.conversation_id is None:
        return None
    found = TicketPost.objects.filter(ticket=ticket, message__conversation_id=group.conversation_id)
    row = found.select_related("message").order_by("pk").last()
    return row.message if row else None


def signal(ticket: Ticket, kind: str, event: TicketEvent, payload: Mapping[str, Any]) -> None:
    """Tell the customer's own lane, which alone may change where their dialogue stands."""
    receive(
        lane=lane_of(ticket.conversation),
        source=SOURCE,
        external_id=f"{lane(ticket)}:{kind}:{event.pk}",
        kind=kind,
        payload={"ticket_id": ticket.pk, "number": ticket.number} | dict(payload),
    )


def escalation_due(ticket: Ticket) -> datetime:
    """When a waiting case must be seen by a supervisor: minutes of attention, fewer for an urgent one."""
    settings = AttentionSettings.load()
    urgent = ticket.priority == Ticket.Priority.URGENT
    minutes = settings.sla_minutes_urgent if urgent else settings.sla_minutes
    return schedule().after(waiting_since(ticket), minutes)


def schedule_escalation(ticket: Ticket) -> None:
    """Set the timer; the same moment twice is one timer."""
    due = escalation_due(ticket)
    receive(
        lane=lane(ticket),
        source="timer",
        external_id=f"{lane(ticket)}:escalate:{int(due.timestamp())}",
        kind="escalate",
        payload={"ticket_id": ticket.pk},
        at=due,
    )
