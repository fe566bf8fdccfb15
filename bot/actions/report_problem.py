"""Trouble with the service: the suspended hear why, the others try the known steps (SC-05, SC-08)."""

from bot.actions import action
from bot.actions.balance import spoken_due
from bot.dialogue.handoff import hand_off
from bot.flows import collect, troubleshoot
from bot.rules import Field
from bot.turn import CustomerCard, Turn
from integrations.understanding.base import Intent
from integrations.understanding.intents import intent as read_intent
from integrations.understanding.money import format_ars


@action(
    "report_problem",
    label="🌐 Reportar un problema",
    help="Guía con las pruebas conocidas y, si sigue, pasa con una persona.",
)
def report_problem(turn: Turn) -> None:
    """Start the steps for the trouble that was told, or ask which it is."""
    if turn.customer is not None and turn.customer.suspended:
        return explain_suspension(turn, turn.customer)
    kind = kind_of_trouble(turn)
    if kind is not None:
        return troubleshoot.begin(turn, kind)
    turn.say("problem.which")
    turn.add_options([
        (f"do:{code}", turn.rules.text(f"problem.kind_{kind}"))
        for code, kind in (("no_internet", "no_internet"), ("slow", "slow"), ("other_problem", "other"))
    ])  # fmt: skip
    return None


@action("no_internet", listed=False)
def no_internet(turn: Turn) -> None:
    troubleshoot.begin(turn, troubleshoot.NO_INTERNET)


@action("slow", listed=False)
def slow(turn: Turn) -> None:
    troubleshoot.begin(turn, troubleshoot.SLOW)


@action("other_problem", listed=False)
def other_problem(turn: Turn) -> None:
    text = turn.rules.text
    fields = (Field(text("problem.field_what"), text("problem.ask_other"), "text"),)
    collect.begin(turn, intro="", fields=fields, subject=text("problem.subject_other"))


def kind_of_trouble(turn: Turn) -> str | None:
    """Which steps serve: by what was written, or by the title of the option that was chosen."""
    read = read_intent(turn.option.title)[0] if turn.option is not None else None
    if read is None and turn.understood is not None:
        read = turn.understood.intent
    if read is Intent.NO_INTERNET:
        return troubleshoot.NO_INTERNET
    return troubleshoot.SLOW if read is Intent.SLOW_INTERNET else None


def explain_suspension(turn: Turn, customer: CustomerCard) -> None:
    """No technical case for whoever is cut for debt: what they owe and how to pay it."""
    if not customer.open_invoices:
        turn.say("suspended.no_debt", nombre=customer.first_name)
        return hand_off(turn, subject=turn.rules.text("problem.subject_other"))
    due = min(invoice.due_on for invoice in customer.open_invoices)
    turn.say(
        "suspended.owes",
        nombre=customer.first_name,
        total=format_ars(customer.debt),
        vence=spoken_due(due, turn.today),
    )
    return turn.offer("pay", "already_paid", "human")
