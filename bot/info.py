"""What «/info» shows: who is attended in this group and where their account stands (GRP-CMD-01)."""

from backoffice.billing.selectors import Account, accounts
from backoffice.dialogs.texts import render
from backoffice.tickets.models import Ticket
from backoffice.tickets.selectors import info_facts
from integrations.understanding.money import format_ars


def ticket_info(ticket: Ticket) -> str:
    """A card of text, one fact a line."""
    facts = info_facts(ticket)
    if ticket.customer_id is not None:
        facts += _account_facts(accounts([ticket.customer_id])[ticket.customer_id])
    lines = [render("info.fact", dato=name, valor=value) for name, value in facts]
    return "\n".join([render("info.title", ticket=ticket.number), *lines])


def _account_facts(account: Account) -> list[tuple[str, str]]:
    """The account's state, and each unpaid invoice with its due date."""
    if not account.unpaid:
        return [("Estado de cuenta", "al día")]
    total = ("Estado de cuenta", f"debe {format_ars(account.debt)}")
    return [total] + [
        ("Factura", f"{one.number}, {format_ars(one.balance)}, vence el {one.due_on:%d/%m/%Y}")
        for one in account.unpaid
    ]
