"""A pure world for the dialogue core: rules, the cast, and a chat that goes on turn by turn, without a database."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from backoffice.dialogs.texts import defaults
from bot.engine import run
from bot.flows.identify import lookup_terms
from bot.rules import Bank, FaqCard, Field, MenuCard, Mode, Option, Rules
from bot.turn import (
    ContactCard,
    CustomerCard,
    Effect,
    Line,
    LinkCustomer,
    MediaKind,
    OpenInvoice,
    OpenTicket,
    SendInvoice,
    ServiceCard,
    Signal,
    State,
    TicketCard,
    Turn,
)
from integrations.calendar.base import HolidayCard, Schedule
from integrations.understanding.faqs import FaqEntry
from integrations.understanding.local import understand

E = TypeVar("E", bound=Effect)

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")
FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
SATURDAY_NIGHT = datetime(2026, 11, 28, 20, 0, tzinfo=ZONE)
CHRISTMAS = datetime(2026, 12, 25, 10, 0, tzinfo=ZONE)

MORNING, AFTERNOON = (time(8), time(12)), (time(14), time(18))
HOURS = Schedule(
    ZONE,
    {**dict.fromkeys(range(5), (MORNING, AFTERNOON)), 5: ((time(9), time(13)),)},
    {date(2026, 12, 25): HolidayCard(date(2026, 12, 25), "Navidad")},
)

PRICE = Decimal("18500.00")
OCTOBER = OpenInvoice(70, "0001-00000070", "Abono octubre", date(2026, 10, 10), Decimal(0), date(2026, 10, 1))
NOVEMBER = OpenInvoice(71, "0001-00000071", "Abono noviembre", date(2026, 11, 10), PRICE, date(2026, 11, 1))
DECEMBER = OpenInvoice(72, "0001-00000072", "Abono diciembre", date(2026, 12, 10), PRICE, date(2026, 12, 1))
MARIA = CustomerCard(
    id=1,
    code="1001",
    name="María González",
    document="30111222",
    zone_id=7,
    services=(ServiceCard("Fibra 100MB", "San Martín 450", Decimal("18500.00"), False),),
    recent=(NOVEMBER, OCTOBER),
    phone_keys=("2612345678",),
)
MARIA_OWES = replace(MARIA, open_invoices=(NOVEMBER,))
CARLOS = replace(
    MARIA,
    id=2,
    code="FS-2002",
    name="Carlos Sosa",
    document="27888999",
    phone_keys=("2614440000",),
    services=(ServiceCard("Fibra 300", "Belgrano 1200", Decimal("27900.00"), False),),
)
PENDING = TicketCard(9, 12, "pendiente", "support")
ATTENDED = TicketCard(9, 12, "en_progreso", "support", agent_id=3, agent_name="Juan Pérez")


@cache
def seeds(name: str) -> list[dict[str, Any]]:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def seed_menus() -> dict[str, MenuCard]:
    """The menus that the product brings, as the bot sees them."""
    parents = {o["target"]: m["key"] for m in seeds("menus.json") for o in m["options"] if o.get("target")}
    return {menu["key"]: _menu(menu, parents.get(menu["key"], "")) for menu in seeds("menus.json")}


def _menu(menu: Mapping[str, Any], parent: str) -> MenuCard:
    options = tuple(
        Option(
            key=f"{menu['key']}-{place}",
            title=option["title"],
            action=option["action"],
            target=option.get("target", ""),
            text=option.get("text", ""),
            area=option.get("area", "support"),
            fields=tuple(
                Field(f["label"], f["question"], f.get("kind", "text"), (), f.get("required", True))
                for f in option.get("fields", [])
            ),
        )
        for place, option in enumerate(menu["options"], start=1)
    )
    return MenuCard(menu["key"], menu["title"], menu["text"], options, parent)


def seed_faqs() -> dict[str, FaqCard]:
    return {
        str(place): FaqCard(str(place), faq["area"], faq["question"], faq["answer"], faq["key"])
        for place, faq in enumerate(seeds("faqs.json"), start=1)
    }


def faq_entries() -> tuple[FaqEntry, ...]:
    return tuple(
        FaqEntry(str(place), faq["question"], tuple(word.strip() for word in faq["keywords"].split(",")))
        for place, faq in enumerate(seeds("faqs.json"), start=1)
    )


def rules(**changes: Any) -> Rules:
    """FibraSur's rules: its hours, the product's menus and questions, every sentence as it comes."""
    values: dict[str, Any] = {
        "revision": 1,
        "company": "FibraSur",
        "schedule": HOURS,
        "mode": Mode.FULL,
        "emergency_text": "Hay una falla general en la zona.",
        "emergency_every": timedelta(minutes=30),
        "emergency_zones": frozenset(),
        "closed_message": "Ahora no estamos. Volvemos {apertura}.",
        "holiday_message": "Hoy es feriado ({feriado}). Volvemos {apertura}.",
        "bank": Bank("fibrasur.pagos", "0720123420000001234563", "FibraSur SRL"),
        "menus": seed_menus(),
        "root": "principal",
        "faqs": seed_faqs(),
        "texts": defaults(),
        "default_area": "261",
    }
    return Rules(**{**values, **changes})


class Chat:
    """A person's chat with the bot. Each `says` is one burst and one turn; the state travels as JSON, as in a row."""

    def __init__(
        self,
        customer: CustomerCard | None = MARIA,
        *,
        now: datetime = TUESDAY,
        phone: str = "+5492612345678",
        known: tuple[CustomerCard, ...] = (MARIA_OWES, CARLOS),
        ticket: TicketCard | None = None,
        **changes: Any,
    ) -> None:
        self.customer, self.now, self.known, self.ticket = customer, now, known, ticket
        self.contact = ContactCard(5, "María" if customer else "Pepe", phone)
        self.rules = rules(**changes)
        self.state = State()
        self.effects: list[Effect] = []

    def says(self, *texts: str, choice: str | None = None, late: timedelta = timedelta(0)) -> str:
        """Write these lines as one burst; returns the reply, empty when the bot is silent."""
        lines = [Line(place, place, text=text, at=self.now - late) for place, text in enumerate(texts)]
        if choice:
            lines = [replace(lines[0], choice=choice)]
        return self.sends(*lines)

    def presses(self, title: str) -> str:
        """Press the button of the option that begins so or has those words."""
        key, whole = next((key, whole) for key, whole in self.state.options if title in whole)
        return self.says(whole, choice=key)

    def sends_file(self, kind: MediaKind = MediaKind.IMAGE, text: str = "") -> str:
        return self.sends(Line(0, 1, text=text, media_id=4, media_kind=kind, at=self.now))

    def sends_place(self) -> str:
        place = {"latitude": -32.89, "longitude": -68.84, "name": "Casa", "address": "San Martín 450"}
        return self.sends(Line(0, 1, location=place, at=self.now))

    def sends(self, *lines: Line, signal: Signal | None = None) -> str:
        turn = self.turn(*lines, signal=signal)
        run(turn)
        self.effects = turn.effects
        for link in self.all(LinkCustomer):
            self.customer = replace(next(one for one in self.known if one.id == link.customer_id), verified=True)
        self._keep(turn.state)
        assert len([say for say in turn.said if say.options]) <= 1, "one message carries one list"
        return "\n\n".join(say.text for say in turn.said)

    def turn(self, *lines: Line, signal: Signal | None = None) -> Turn:
        turn = Turn(now=self.now, rules=self.rules, lines=lines, signal=signal, contact=self.contact)
        turn.state, turn.ticket, turn.customer = self.state, self.ticket, self.customer
        if turn.text:
            turn.understood = understand(turn.text, faqs=faq_entries(), default_area="261")
        terms = lookup_terms(self.state, turn.text)
        if self.customer is None:
            turn.candidates = tuple(one for one in self.known if one.document in terms or one.code in terms)
        return turn

    def hears(self, kind: str, **data: Any) -> str:
        """A signal in this person's lane."""
        return self.sends(signal=Signal(kind, 1, data))

    def waits(self, **span: float) -> "Chat":
        self.now += timedelta(**span)
        return self

    def _keep(self, state: State) -> None:
        self.state = replace(
            state,
            data=json.loads(json.dumps(state.data)),
            options=json.loads(json.dumps(state.options)),
            memory=json.loads(json.dumps(state.memory)),
        )

    def all(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def did(self, kind: type[E]) -> E:
        """The only effect of that kind in the last turn."""
        (effect,) = self.all(kind)
        return effect

    @property
    def titles(self) -> list[str]:
        """The options that the last reply offered."""
        return [title for effect in self.effects for _, title in getattr(effect, "options", ())]

    @property
    def ticket_opened(self) -> OpenTicket:
        return self.did(OpenTicket)

    @property
    def invoice_sent(self) -> int:
        return self.did(SendInvoice).invoice_id


def stranger(**changes: Any) -> Chat:
    """Somebody whose phone nobody knows."""
    return Chat(None, phone="+5492619998877", **changes)
