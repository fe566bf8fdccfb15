"""Two contacts that are one person have one list of orders, and one that is open."""

from django.db import transaction
from django.utils import timezone

from backoffice.common.bulk import bulk_update_with_history
from backoffice.conversations.models import Contact

from ..models import SalesOrder

States = SalesOrder.State


@transaction.atomic
def join_orders(*, keep: Contact, lose: Contact) -> None:
    """Give `lose`'s orders to `keep`. Of two open ones the one that got further goes on; the other says so."""
    rows = SalesOrder.objects.select_for_update().filter(contact__in=[keep, lose]).order_by("pk")
    orders = list(rows)
    still_open = sorted((one for one in orders if one.is_open), key=_progress)
    for extra in still_open[:-1]:
        extra.state, extra.ended_at = States.CANCELLED, timezone.now()
        extra.comments = f"{extra.comments}\nUnido al {still_open[-1]}.".strip()
    moved = [one for one in orders if one.contact_id == lose.pk or one in still_open[:-1]]
    # What ends is written first: the database lets nobody have two that are open.
    ended = [one for one in moved if not one.is_open]
    for order in moved:
        order.contact = keep
    reason = "Dos contactos eran la misma persona"
    fields = ("contact", "state", "ended_at", "comments")
    bulk_update_with_history(ended, fields, reason=reason)
    bulk_update_with_history([one for one in moved if one.is_open], fields, reason=reason)


def _progress(order: SalesOrder) -> tuple[int, int]:
    """How far it got; the older of two that got as far."""
    return SalesOrder.OPEN.index(States(order.state)), -order.number
