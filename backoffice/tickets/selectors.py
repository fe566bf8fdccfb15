"""What is read about cases. Each function makes a small, fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents.models import Agent
from backoffice.customers.models import Service
from integrations.understanding.phones import short_display

from .models import Ticket, TicketEvent
from .phrases import customer_name, duration, waiting_since

STATES = Ticket.State


@dataclass(frozen=True)
class Board:
    """How many cases wait and how many are attended; `urgent` and `escalated` are among those that wait."""

    pending: int
    in_progress: int
    urgent: int
    escalated: int

    @property
    def open(self) -> int:
        return self.pending + self.in_progress


def board() -> Board:
    figures = Ticket.objects.aggregate(
        pending=Count("pk", filter=Q(state=STATES.PENDING)),
        in_progress=Count("pk", filter=Q(state=STATES.IN_PROGRESS)),
        urgent=Count("pk", filter=Q(state=STATES.PENDING, priority=Ticket.Priority.URGENT)),
        escalated=Count("pk", filter=Q(state=STATES.PENDING, escalated_at__isnull=False)),
    )
    return Board(**figures)


def open_tickets() -> QuerySet[Ticket]:
    """Waiting and attended, urgent and oldest first."""
    rows = Ticket.objects.exclude(state=STATES.CLOSED)
    return rows.select_related("contact", "customer", "agent", "user", "group", "queue").order_by("priority", "id")


def unattended() -> QuerySet[Ticket]:
    """Cases that nobody took in time, the oldest first."""
    return open_tickets().filter(state=STATES.PENDING, escalated_at__isnull=False)


def seats() -> list[Agent]:
    """Active, registered agents with `busy` and `ready` groups: who may be given a case."""
    ready = Q(groups__kind="personal", groups__state="ready", groups__bot_removed=False)
    busy = ready & Q(groups__tickets__state=STATES.IN_PROGRESS)
    rows = Agent.objects.filter(active=True, registered_at__isnull=False)
    return list(
        rows.annotate(
            ready=Count("groups", filter=ready, distinct=True), busy=Count("groups", filter=busy, distinct=True)
        ).order_by("name")
    )


def takers() -> list[User]:
    """Who attends from the panel, with how many `cases` they have: they may be given one."""
    attending = Count("tickets", filter=Q(tickets__state=STATES.IN_PROGRESS))
    rows = User.objects.with_perm("tickets.take_ticket", backend="django.contrib.auth.backends.ModelBackend")
    rows = rows.filter(is_staff=True).select_related("agent").annotate(cases=attending)
    return list(rows.order_by("first_name", "username"))


def story(ticket: Ticket) -> QuerySet[TicketEvent]:
    return ticket.events.order_by("id")


def waiting_time(ticket: Ticket, now: datetime | None = None) -> str:
    """How long a case has waited, or waited until it was taken: «25 min»."""
    until = ticket.taken_at or ticket.closed_at or now or timezone.now()
    return duration(until - waiting_since(ticket))


def info_facts(ticket: Ticket) -> list[tuple[str, str]]:
    """What «/info» tells of the person attended, without their account, which belongs to a later app.

    At most three queries when contact and customer came with the ticket.
    """
    contact, customer = ticket.contact, ticket.customer
    facts = [("Nombre", customer_name(ticket))]
    if contact.phone:
        facts.append(("Teléfono", short_display(contact.phone)))
    if customer is None:
        facts.append(("Cliente", "No identificado"))
    else:
        facts.append(("N° de cliente", customer.code))
        if customer.document:
            facts.append(("DNI o CUIT", customer.document))
        facts.append(("Estado", str(customer.get_status_display())))
        services = Service.objects.filter(customer=customer).exclude(status=Service.Status.CANCELLED)
        for service in services.select_related("plan"):
            facts.append(("Servicio", f"{service} ({service.get_status_display().lower()})"))
        if customer.address:
            facts.append(("Domicilio", customer.address))
    facts += [(item["label"], item["value"]) for item in ticket.data]
    before = _before(ticket)
    facts.append(("Tickets anteriores", str(before.count())))
    last = before.filter(closed_at__isnull=False).order_by("-id").first()
    if last is not None and last.closed_at is not None:
        reason = f": {last.close_reason}" if last.close_reason else ""
        day = timezone.localtime(last.closed_at)
        facts.append(("Último", f"#{last.number} {last.subject} (cerrado el {day:%d/%m/%Y}{reason})"))
    return facts


def _before(ticket: Ticket) -> QuerySet[Ticket]:
    same = Q(contact_id=ticket.contact_id)
    if ticket.customer_id is not None:
        same |= Q(customer_id=ticket.customer_id)
    return Ticket.objects.filter(same).exclude(pk=ticket.pk)
