"""A dialogue over menus that nobody published yet: the same core, the real customers, and nothing written or sent.

It answers `backoffice.dialogs.rehearsal`, which is how the panel asks for it.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from django.db.models import Max
from django.utils import timezone

from backoffice.billing.selectors import accounts
from backoffice.customers.models import Customer
from backoffice.customers.selectors import by_documents_or_codes, phone_keys
from backoffice.dialogs.rehearsal import Reply
from backoffice.dialogs.tree import MenuTree
from backoffice.tickets.models import Ticket
from bot import engine, snapshot
from bot.context import customer_card
from bot.dialogue import menus
from bot.flows.identify import lookup_terms
from bot.rules import Mode, Rules
from bot.snapshot import Snapshot
from bot.turn import (
    AddToTicket,
    ContactCard,
    CustomerCard,
    Effect,
    Line,
    LinkCustomer,
    OpenTicket,
    OptOut,
    SendInvoice,
    State,
    TicketCard,
    Turn,
)
from integrations.understanding.local import understand
from integrations.whatsapp.base import Menu, Option, menu_text

_COUNTERS = ("replies", "heard", "silent_until")
"""What tells a loop with another machine: somebody who tries thirty options in a row is none."""


def look(tree: MenuTree, key: str) -> Reply:
    """The menu `key` as the bot shows it."""
    turn = Turn(now=timezone.now(), rules=_rules(snapshot.build(0), tree))
    menus.show(turn, key)
    return _reply(turn)


def choose(tree: MenuTree, menu: str, option: str) -> Reply:
    """What somebody whom nobody knows, greeted already, gets for choosing an option."""
    greeted = {"greeted": True, "seen_at": timezone.now().isoformat()}
    dialogue = {"state": {"menu": menu, "memory": greeted}}
    return answer(tree, dialogue, "", f"opt:{menu}:{option}")[0]


def answer(tree: MenuTree, dialogue: dict[str, Any], text: str, choice: str) -> tuple[Reply, dict[str, Any]]:
    """One turn. `dialogue` begins as {"customer": id or None} and comes back with where it stands."""
    turn = _turn(snapshot.build(0), tree, dialogue, text, choice)
    engine.run(turn)
    state = asdict(turn.state)
    state["memory"] = {key: value for key, value in state["memory"].items() if key not in _COUNTERS}
    state["expires_at"] = None
    after = {"customer": turn.customer.id if turn.customer else None, "state": state, "case": _case(turn)}
    after["verified"] = bool(turn.customer and turn.customer.verified)
    return _reply(turn), after


def _turn(current: Snapshot, tree: MenuTree, dialogue: dict[str, Any], text: str, choice: str) -> Turn:
    rules = _rules(current, tree)
    now = timezone.now().astimezone(rules.schedule.zone)
    turn = Turn(now=now, rules=rules, lines=(Line(0, 0, text=text, choice=choice or None, at=now),))
    turn.state = State(**dialogue.get("state", {}))
    turn.customer = _customer(dialogue)
    turn.contact = _contact(turn.customer)
    if dialogue.get("case"):
        turn.ticket = TicketCard(0, _next_number(), "pendiente", dialogue["case"])
    turn.understood = understand(text, faqs=current.faqs, default_area=rules.default_area)
    if turn.customer is None:
        turn.candidates = _candidates(lookup_terms(turn.state, text))
    return turn


def _next_number() -> int:
    """The number that the ticket would have got."""
    return (Ticket.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _rules(current: Snapshot, tree: MenuTree) -> Rules:
    """The rules in force with these menus, awake whatever the mode."""
    book = snapshot.book_of(tree, 0)
    return replace(current.rules, mode=Mode.FULL, menus=book.menus, root=book.root, version=0, books={})


def _customer(dialogue: dict[str, Any]) -> CustomerCard | None:
    row = Customer.objects.filter(pk=dialogue["customer"]).first() if dialogue.get("customer") else None
    return _cards([row], verified=bool(dialogue.get("verified")))[0] if row is not None else None


def _candidates(terms: tuple[str, ...]) -> tuple[CustomerCard, ...]:
    """Whom somebody unknown says they are."""
    found = by_documents_or_codes(terms) if terms else {}
    rows = {row.pk: row for claimed in found.values() for row in claimed}
    return tuple(_cards(list(rows.values()), verified=False))


def _cards(rows: list[Customer], *, verified: bool) -> list[CustomerCard]:
    facts, phones = accounts({row.pk for row in rows}), phone_keys(rows)
    return [customer_card(row, facts[row.pk], phones[row.pk], verified=verified) for row in rows]


def _contact(customer: CustomerCard | None) -> ContactCard:
    phone = customer.phone_keys[0] if customer is not None and customer.phone_keys else ""
    return ContactCard(0, customer.name if customer is not None else "", phone)


def _case(turn: Turn) -> str:
    """The area of the ticket that the dialogue would have opened; empty when none."""
    opened = [effect.area for effect in turn.effects if isinstance(effect, OpenTicket)]
    return opened[-1] if opened else (turn.ticket.area if turn.ticket is not None else "")


def _reply(turn: Turn) -> Reply:
    """The turn's words as one message, as `commit.py` joins them and a number without buttons sends them."""
    text = "\n\n".join(said.text for said in turn.said if said.text.strip())
    offers = [said.options for said in turn.said if said.options]
    options = offers[-1] if offers else ()
    if options:
        text = menu_text(Menu(text, tuple(Option(key, title) for key, title in options)))
    return Reply(text, options, tuple(_notes(turn)))


def _notes(turn: Turn) -> Iterator[str]:
    for effect in turn.effects:
        note = _note(turn.rules, effect)
        if note:
            yield note


def _note(rules: Rules, effect: Effect) -> str:
    if isinstance(effect, OpenTicket):
        data = ", ".join(f"{label}: {value}" for label, value in effect.data)
        told = f"Se crearía un ticket para {rules.text(f'area.{effect.area}')}: «{effect.subject}»"
        return f"{told} ({data})" if data else told
    if isinstance(effect, AddToTicket):
        return "Lo que escribió se sumaría al ticket que espera"
    if isinstance(effect, SendInvoice):
        return "Se mandaría el PDF de la factura"
    if isinstance(effect, LinkCustomer):
        return "Queda identificado como cliente"
    if isinstance(effect, OptOut):
        return "Dejaría de recibir promociones" if effect.out else "Volvería a recibir promociones"
    return ""
