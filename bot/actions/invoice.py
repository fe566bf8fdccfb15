"""The invoice's document: of the month that was named, or the last one (SC-11)."""

from bot.actions import Needs, action
from bot.actions.balance import known
from bot.turn import CustomerCard, OpenInvoice, SendInvoice, Turn
from integrations.understanding.dates import month_name


@action(
    "invoice",
    label="📄 Enviar la factura",
    help="Manda el PDF de la última factura o la del mes que pidan.",
    needs=Needs.CUSTOMER,
)
def invoice(turn: Turn) -> None:
    """Send the invoice of the month that was named, else the last one."""
    customer = known(turn)
    month = turn.understood.month if turn.understood is not None else None
    if month is None:
        return _send_last(turn, customer)
    found = _of_month(customer, month)
    if found is not None:
        turn.say("invoice.here", mes=month_name(month))
        turn.do(SendInvoice(found.id))
        return _offer_next(turn, customer)
    if customer.last_invoice_id is None:
        return _none(turn)
    turn.say("invoice.not_that_month", mes=month_name(month))
    turn.offer("last_invoice", "menu")
    turn.state.memory["asking"] = {"yes": "last_invoice", "no": "fine"}
    return None


@action("last_invoice", needs=Needs.CUSTOMER, listed=False)
def last_invoice(turn: Turn) -> None:
    _send_last(turn, known(turn))


def _of_month(customer: CustomerCard, month: int) -> OpenInvoice | None:
    """The newest of that month: «la factura de octubre» is the last October there was."""
    return next((one for one in customer.recent if one.period is not None and one.period.month == month), None)


def _send_last(turn: Turn, customer: CustomerCard) -> None:
    if customer.last_invoice_id is None:
        return _none(turn)
    turn.say("invoice.latest")
    turn.do(SendInvoice(customer.last_invoice_id))
    return _offer_next(turn, customer)


def _offer_next(turn: Turn, customer: CustomerCard) -> None:
    if customer.open_invoices:
        turn.offer("pay", "already_paid", "menu")
    else:
        turn.offer("menu")


def _none(turn: Turn) -> None:
    turn.say("invoice.none")
    turn.offer("menu", "human")
