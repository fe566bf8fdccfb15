"""The account: what is owed and how to pay it (ISPBOT-INT-10, SUP-08)."""

from datetime import date

from bot.actions import Needs, action
from bot.turn import CustomerCard, OpenInvoice, Turn
from integrations.understanding.dates import spoken_date
from integrations.understanding.money import format_ars


@action(
    "balance", label="💳 Estado de cuenta", help="Dice qué facturas debe, con su vencimiento y el total.",
    needs=Needs.CUSTOMER,
)  # fmt: skip
def balance(turn: Turn) -> None:
    """Tell what the customer owes and offer the ways to pay it."""
    customer = known(turn)
    if not customer.open_invoices:
        turn.say("balance.nothing_owed", nombre=customer.first_name)
        return turn.offer("invoice", "menu")
    turn.say(
        "balance.owed",
        nombre=customer.first_name,
        facturas=invoice_lines(turn, customer),
        total=format_ars(customer.debt),
    )
    return turn.offer("pay", "invoice", "already_paid", "menu")


@action(
    "pay", label="💰 Pagar Factura", help="Muestra la deuda y el alias o CBU para transferir.", needs=Needs.CUSTOMER
)  # fmt: skip
def pay(turn: Turn) -> None:
    """Show the debt and where to transfer it."""
    customer = known(turn)
    if not customer.open_invoices:
        turn.say("balance.nothing_owed", nombre=customer.first_name)
        return turn.offer("invoice", "menu")
    turn.say("pay.owed", total=format_ars(customer.debt))
    bank = bank_lines(turn)
    if not bank:
        turn.say("pay.no_bank")
        return turn.offer("human", "menu")
    turn.say("pay.bank", datos=bank)
    return turn.offer("already_paid", "invoice", "menu")


def known(turn: Turn) -> CustomerCard:
    """The customer, which an action with `Needs.CUSTOMER` always has. Raises: LookupError otherwise."""
    if turn.customer is None:
        raise LookupError("this action needs a customer")
    return turn.customer


def invoice_lines(turn: Turn, customer: CustomerCard) -> str:
    return "\n".join(_line(turn, invoice) for invoice in sorted(customer.open_invoices, key=lambda one: one.due_on))


def spoken_due(due: date, today: date) -> str:
    """A due date as an invoice says it, «hoy 24/11» or «el martes 10/12»."""
    spoken = spoken_date(due, today)
    return spoken if "/" in spoken else f"{spoken} {due.day:02}/{due.month:02}"


def _line(turn: Turn, invoice: OpenInvoice) -> str:
    key = "balance.line_overdue" if invoice.due_on < turn.today else "balance.line"
    return turn.rules.text(
        key,
        concepto=invoice.concept,
        numero=invoice.number,
        importe=format_ars(invoice.balance),
        vence=spoken_due(invoice.due_on, turn.today),
    )


def bank_lines(turn: Turn) -> str:
    """Where to transfer, one datum a line; empty when the company gave none."""
    bank = turn.rules.bank
    if not (bank.alias or bank.cbu):
        return ""
    lines = (
        turn.rules.text("pay.alias", alias=bank.alias) if bank.alias else "",
        turn.rules.text("pay.cbu", cbu=bank.cbu) if bank.cbu else "",
        turn.rules.text("pay.holder", titular=bank.holder) if bank.holder else "",
    )
    return "\n".join(line for line in lines if line)
