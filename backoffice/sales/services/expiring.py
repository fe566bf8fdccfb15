"""The clock's part: what nobody ended in 48 h expires, and who attends hears of it before (OPEN-ORD-16, AMB-31).

The bot's watchdog calls them each minute. They work in batches, and what one call leaves the next one does.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from backoffice.agents.outbox import Speech, tell_group
from backoffice.agents.selectors import supervisors
from backoffice.common.bulk import bulk_update_with_history
from backoffice.common.models import Activity
from backoffice.tickets import services as tickets
from backoffice.tickets.errors import TicketClosed
from backoffice.tickets.models import Ticket

from ..models import LASTS, WARNED_BEFORE, SalesOrder

States = SalesOrder.State
AT_ONCE = 200
NAMED = 10  # orders that one warning lists
GIVEN_AT_ONCE = 20


@transaction.atomic
def expire_orders(*, now: datetime | None = None) -> int:
    """End as «Vencido» the open orders received 48 h ago or more, up to `AT_ONCE`. Returns how many.

    One that somebody is changing at this moment waits for the next call.
    """
    now = now or timezone.now()
    orders = list(_due(now, LASTS, SalesOrder.OPEN).select_for_update(skip_locked=True)[:AT_ONCE])
    for order in orders:
        order.state, order.ended_at = States.EXPIRED, now
    return bulk_update_with_history(orders, ("state", "ended_at"), reason="A las 48 h de recibido")


def give_back_expired(*, now: datetime | None = None) -> int:
    """Leave with the bot the chats that somebody still attends from the panel for an expired order. Returns how many.

    They are few, and each is its case's own verb. A chat attended in a group of agents stays with its agent.
    """
    rows = SalesOrder.objects.filter(
        state=States.EXPIRED, ticket__state=Ticket.State.IN_PROGRESS, ticket__user__isnull=False
    )
    given = 0
    for case in rows.order_by("pk").values_list("ticket_id", flat=True)[:GIVEN_AT_ONCE]:
        try:
            tickets.give_back(ticket=tickets.find(ticket_id=case), actor="Sistema", now=now)
            given += 1
        except TicketClosed:
            continue  # whoever attended it was faster
    return given


@transaction.atomic
def warn_supervisors(*, now: datetime | None = None) -> int:
    """Tell the supervisors' group which orders «En proceso» expire in less than 4 h, each once. Returns how many."""
    now = now or timezone.now()
    rows = _due(now, LASTS - WARNED_BEFORE, (States.IN_PROCESS,)).filter(warned_at__isnull=True)
    orders = list(rows.select_for_update(of=("self",), skip_locked=True).select_related("contact")[:AT_ONCE])
    if not orders:
        return 0
    for order in orders:
        order.warned_at = now
    bulk_update_with_history(orders, ("warned_at",), reason="Aviso al supervisor: vence en menos de 4 h")
    link = settings.PUBLIC_URL + reverse("admin:sales_salesorder_changelist") + f"?estado={States.IN_PROCESS}"
    text = Speech.load().say("desk.orders_expiring", pedidos="\n".join(_lines(orders)), enlace=link)
    told = tell_group(supervisors(), text)
    where = "" if told else " (no hay grupo de Supervisor)"
    Activity.note(Activity.Kind.ERROR, f"{_counted(len(orders))} en menos de 4 h{where}.")
    return len(orders)


def _due(now: datetime, age: timedelta, states: Sequence[str]) -> QuerySet[SalesOrder]:
    return SalesOrder.objects.filter(state__in=states, received_at__lte=now - age).order_by("received_at")


def _lines(orders: Sequence[SalesOrder]) -> list[str]:
    lines = [f"• N° {order.number}, {order.contact}" for order in orders[:NAMED]]
    more = len(orders) - NAMED
    return [*lines, f"• y {more} más"] if more > 0 else lines


def _counted(number: int) -> str:
    return "Un pedido en proceso vence" if number == 1 else f"{number} pedidos en proceso vencen"
