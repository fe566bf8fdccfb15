"""The bot's part: who begins to talk has an order, who finished the steps has it complete (OPEN-ORD-08, 09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from backoffice.common.bulk import bulk_create_with_history, bulk_update_with_history
from backoffice.common.models import Counter

from ..models import BOT, SalesOrder

States = SalesOrder.State
FINISHED = ("state", "subject", "data", "customer", "ticket")


@dataclass(frozen=True, slots=True)
class Talk:
    """What a turn of the bot means for its contact's order. `finished`: people go on, with what was collected."""

    contact_id: int
    customer_id: int | None = None
    finished: bool = False
    subject: str = ""
    data: tuple[tuple[str, str], ...] = ()
    ticket_id: int | None = None


@transaction.atomic
def record_talks(*, talks: Sequence[Talk], now: datetime) -> None:
    """Begin the order of each contact who has none open, and complete those whose talk is finished.

    A fixed number of statements, whatever the talks. A contact who got an order at this very moment elsewhere makes
    it fail whole (IntegrityError): the database lets nobody have two.
    """
    wanted = _one_each(talks)
    open_now = SalesOrder.objects.select_for_update().filter(contact_id__in=wanted, state__in=SalesOrder.OPEN)
    found = {order.contact_id: order for order in open_now.order_by("pk")}
    new = [_begun(talk, now) for contact, talk in wanted.items() if contact not in found]
    finished = [order for contact, order in found.items() if wanted[contact].finished]
    for order in finished:
        _finish(order, wanted[order.contact_id])
    if new:
        first = Counter.next("order", len(new))
        for place, order in enumerate(new):
            order.number = first + place
        bulk_create_with_history(new, reason=BOT)
    bulk_update_with_history(finished, FINISHED, reason=BOT)


def _one_each(talks: Sequence[Talk]) -> dict[int, Talk]:
    """A contact may talk on two numbers of ours at once: what finished says more than what began."""
    found: dict[int, Talk] = {}
    for talk in talks:
        if talk.finished or talk.contact_id not in found:
            found[talk.contact_id] = talk
    return found


def _begun(talk: Talk, now: datetime) -> SalesOrder:
    order = SalesOrder(contact_id=talk.contact_id, customer_id=talk.customer_id, received_at=now)
    if talk.finished:
        _finish(order, talk)
    return order


def _finish(order: SalesOrder, talk: Talk) -> None:
    """One that somebody attends goes on being attended; what was collected joins what there was."""
    if order.state == States.INCOMPLETE:
        order.state = States.COMPLETE
    order.subject = order.subject or talk.subject[:120]
    known = {item["label"] for item in order.data}
    order.data = [*order.data, *({"label": one, "value": value} for one, value in talk.data if one not in known)]
    order.customer_id = order.customer_id or talk.customer_id
    order.ticket_id = talk.ticket_id or order.ticket_id
