"""Staff's part: what was sold and how it is paid, who attends it, and how it ended (OPEN-ORD-10…15, 17)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.conversations.lanes import lane_of, lock_lane
from backoffice.conversations.models import Conversation
from backoffice.conversations.services import receive_many
from backoffice.tickets import services as tickets
from backoffice.tickets.models import Ticket
from backoffice.tickets.phrases import signature

from ..models import SalesOrder
from .ending import last_chat, told_to_the_bot

States = SalesOrder.State
FIELDS = ("amount", "payment", "plan", "branch", "comments")
"""What staff write; the rest is the bot's, and the state moves by its own rule."""
TAKE, CLOSE, ANY_CASE = "tickets.take_ticket", "tickets.close_ticket", "tickets.change_ticket"


@transaction.atomic
def edit_order(
    *,
    order: SalesOrder,
    by: User,
    values: Mapping[str, Any] | None = None,
    state: str = "",
    now: datetime | None = None,
) -> SalesOrder:
    """Write these values (of `FIELDS`) and take the order to `state`, "" to leave it where it is.

    «En proceso» takes the chat for `by`, so the bot keeps quiet, unless somebody attends it already; an end closes the
    case of the order and leaves the contact with the bot. Returns the order as it is now.

    Raises:
        DomainError: it cannot go there from where it is now (`field` is "move_to"), or the chat cannot be taken.
        NotYours: somebody else attends the case that an end would close.
    """
    now = now or timezone.now()
    chat = last_chat(order.contact_id)
    if chat is not None:
        lock_lane(lane_of(chat))  # before the order, as the bot's turns do
    current = _as_it_is(order)
    for name, value in (values or {}).items():
        if name not in FIELDS:
            raise ValueError(f"staff do not write {name!r}")
        setattr(current, name, value)
    if state:
        _move(current, state, by, chat, now)
    signed(current, by).save()
    if state and not current.is_open:
        _let_go(current, by, chat, now)
    return current


def _as_it_is(order: SalesOrder) -> SalesOrder:
    rows = SalesOrder.objects.select_for_update(of=("self",))
    return rows.select_related("contact", "customer", "branch", "plan").get(pk=order.pk)


def _move(order: SalesOrder, state: str, by: User, chat: Conversation | None, now: datetime) -> None:
    if state not in order.next_states:
        raise DomainError(_why_not(order, state), field="move_to")
    order.state = States(state)
    if order.is_open:
        order.ticket = _attend(order, by, chat, now)
    else:
        order.ended_at = now


def _why_not(order: SalesOrder, state: str) -> str:
    here = order.get_state_display()
    if not order.is_open:
        return f"El pedido ya terminó como «{here}»: su estado no cambia más."
    if state == order.state:
        return f"El pedido ya está «{here}»."
    wanted = States(state).label if state in States.values else state
    return f"De «{here}» no se pasa a «{wanted}» a mano: ese estado lo pone el sistema."


def _attend(order: SalesOrder, by: User, chat: Conversation | None, now: datetime) -> Ticket | None:
    """The case that keeps the bot quiet: the one that somebody attends in this chat, or one for `by`."""
    if chat is None:
        return order.ticket
    attended = Ticket.objects.filter(conversation=chat, state=Ticket.State.IN_PROGRESS).first()
    if attended is not None:
        return attended
    if not by.has_perm(TAKE):
        raise DomainError("Para poner un pedido en proceso hace falta el permiso de atender charlas.", field="move_to")
    return tickets.take_chat(conversation=chat, contact=order.contact, user=by, now=now)


def _let_go(order: SalesOrder, by: User, chat: Conversation | None, now: datetime) -> None:
    """Close the order's case, if it is still open, and tell the bot that the next message begins another order."""
    case = tickets.find(ticket_id=order.ticket_id) if order.ticket_id is not None else None
    if case is not None and case.is_open:
        if not by.has_perm(CLOSE):
            raise DomainError("Terminarlo cierra su ticket, y para eso te falta el permiso.", field="move_to")
        anybodys = case.state == Ticket.State.PENDING or by.has_perm(ANY_CASE)
        reason = f"{order}: {order.get_state_display().lower()}"
        tickets.close(ticket=case, actor=signature(by), reason=reason, holder=None if anybodys else by, now=now)
    if chat is not None:
        receive_many([told_to_the_bot(order, chat)])
