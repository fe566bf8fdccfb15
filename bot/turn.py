"""The world as the dialogue core sees it: what came in, what is known, and what to do about it.

Pure: no Django, no backoffice, no network. `context.py` fills a `Turn`, the engine adds effects to it,
`commit.py` turns the effects into rows. Money is Decimal in ARS; times are aware and local to the company.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.rules import Option, Rules
from integrations.understanding.base import Understood


class MediaKind(StrEnum):
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Quote:
    """What a quoted message of ours stands for: a ticket's post, a request to register, a line of a relay."""

    message_id: int
    ticket_id: int | None = None
    registration_agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One inbound message of the burst. `index` is its place in `Turn.lines`."""

    index: int
    event_id: int
    text: str = ""
    media_id: int | None = None
    media_kind: MediaKind | None = None
    location: Mapping[str, Any] | None = None
    choice: str | None = None
    quote: Quote | None = None
    at: datetime | None = None

    @property
    def has_content(self) -> bool:
        return bool(self.text.strip() or self.media_id or self.location)


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that happened which nobody wrote: a timer, a ticket closed elsewhere, a panel's request."""

    kind: str
    event_id: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContactCard:
    id: int
    name: str
    phone: str
    is_new: bool = False

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0] if self.name else ""


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    id: int
    number: str
    concept: str
    due_on: date
    balance: Decimal
    period: date | None = None


@dataclass(frozen=True, slots=True)
class ServiceCard:
    plan: str
    address: str
    price: Decimal
    suspended: bool


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer as the ISP's system knows them. `recent` are the newest invoices first, paid or not."""

    id: int
    code: str
    name: str
    document: str
    zone_id: int | None = None
    suspended: bool = False
    verified: bool = False
    services: tuple[ServiceCard, ...] = ()
    open_invoices: tuple[OpenInvoice, ...] = ()
    recent: tuple[OpenInvoice, ...] = ()
    phone_keys: tuple[str, ...] = ()

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def debt(self) -> Decimal:
        return sum((invoice.balance for invoice in self.open_invoices), Decimal("0.00"))

    @property
    def last_invoice_id(self) -> int | None:
        return self.recent[0].id if self.recent else None


@dataclass(frozen=True, slots=True)
class TicketCard:
    id: int
    number: int
    state: str
    area: str
    agent_id: int | None = None
    agent_name: str = ""
    announced: bool = True
    in_panel: bool = False

    @property
    def in_progress(self) -> bool:
        return self.state == "en_progreso"


@dataclass(slots=True)
class State:
    """Where the dialogue stands. `memory` keeps what must not be said twice."""

    flow: str = ""
    step: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    menu: str = ""
    options: list[list[str]] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None

    def leave_flow(self) -> None:
        self.flow, self.step, self.data = "", "", {}


@dataclass(frozen=True, slots=True)
class AgentCard:
    id: int
    name: str
    active: bool
    registered: bool
    phone: str = ""

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


@dataclass(frozen=True, slots=True)
class GroupCard:
    """The group a line was written in. `kind` is support, sales, supervisor or personal."""

    id: int
    kind: str
    name: str
    conversation_id: int
    agent_id: int | None = None

    @property
    def is_personal(self) -> bool:
        return self.kind == "personal"


# --- effects: what the core decided ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """Base of what a turn asks the shell to do."""


@dataclass(frozen=True, slots=True)
class Say(Effect):
    """A message in this chat. All of a turn's texts leave as one message."""

    text: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SendInvoice(Effect):
    """The document of an invoice, after the text."""

    invoice_id: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class OpenTicket(Effect):
    """Hand the chat to people. `announce_at` is the reopening when nobody attends now."""

    area: str
    subject: str
    message: str
    sentiment: str
    urgent: bool = False
    data: tuple[tuple[str, str], ...] = ()
    announce_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AddToTicket(Effect):
    """What the customer writes while the case waits."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class RelayToAgent(Effect):
    """Every line of the turn to whoever attends the case."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class RelayToCustomer(Effect):
    """A line of the group to the customer. `text` replaces it («/cliente …» sends only the text)."""

    ticket_id: int
    line: int
    text: str | None = None
    otherwise: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakeTicket(Effect):
    """`otherwise` has the sentence for each refusal, by the error's code.

    Without `ticket_id` (nothing was quoted) the case is the one whose `number` people read: «tomo 123».
    """

    ticket_id: int | None
    agent_id: int
    line: int
    otherwise: Mapping[str, str] = field(default_factory=dict)
    number: int | None = None


@dataclass(frozen=True, slots=True)
class CloseTicket(Effect):
    ticket_id: int
    agent_id: int | None
    reason: str
    otherwise: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoteOnTicket(Effect):
    ticket_id: int
    agent_id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class TransferTicket(Effect):
    """To an area («support», «sales») or to an agent; the note travels."""

    ticket_id: int
    agent_id: int | None
    to_area: str | None = None
    to_agent_id: int | None = None
    note: str = ""
    otherwise: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShowTicketInfo(Effect):
    """«/info»: the card of the customer attended in this group, built where the data is."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class RegisterAgent(Effect):
    agent_id: int
    contact_id: int
    otherwise: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskRegistration(Effect):
    """The agent answered a ticket without having said LISTO: ask for it again."""

    agent_id: int


@dataclass(frozen=True, slots=True)
class AnnounceTicket(Effect):
    ticket_id: int


@dataclass(frozen=True, slots=True)
class EscalateTicket(Effect):
    ticket_id: int


@dataclass(frozen=True, slots=True)
class RateTicket(Effect):
    ticket_id: int
    rating: int


@dataclass(frozen=True, slots=True)
class LinkCustomer(Effect):
    """The contact proved who they are."""

    customer_id: int
    verified: bool


@dataclass(frozen=True, slots=True)
class OptOut(Effect):
    """«BAJA» (True) or «ALTA» (False): campaigns only; invoices and cut notices go on."""

    out: bool


@dataclass(frozen=True, slots=True)
class KeepOrder(Effect):
    """This talk has an order: it begins one where there is none open, and `finished` completes it (OPEN-ORD-08, 09).

    What was collected comes with the case that the turn opens.
    """

    finished: bool = False
    subject: str = ""
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Log(Effect):
    """A line for the live console."""

    kind: str
    text: str


# --- the turn --------------------------------------------------------------------------------


@dataclass(slots=True)
class Turn:
    """One run of the engine over what one lane has ready.

    A private turn has `contact` and `state`; a group turn has `group` and `sender`; a turn of a ticket's
    own lane has only `signal` and `ticket`.
    """

    now: datetime
    rules: Rules
    lines: tuple[Line, ...] = ()
    signal: Signal | None = None
    # private
    contact: ContactCard | None = None
    customer: CustomerCard | None = None
    candidates: tuple[CustomerCard, ...] = ()
    state: State = field(default_factory=State)
    ticket: TicketCard | None = None
    understood: Understood | None = None
    option: Option | None = None  # of the menu, while its action runs
    # groups
    group: GroupCard | None = None
    sender: AgentCard | None = None
    sender_contact_id: int | None = None
    pending_registrations: tuple[AgentCard, ...] = ()
    # what was decided
    effects: list[Effect] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the burst says, as one text."""
        return "\n".join(line.text for line in self.lines if line.text.strip())

    @property
    def today(self) -> date:
        return self.now.date()

    def do(self, *effects: Effect) -> None:
        self.effects.extend(effects)

    def say(self, key: str, /, **values: Any) -> None:
        """Queue the sentence `key` of `dialogs/texts.py`, filled with `values`."""
        self.effects.append(Say(self.rules.text(key, **values)))

    def say_text(self, text: str, options: Sequence[tuple[str, str]] = ()) -> None:
        """Queue a text that staff wrote (a menu's reply, a FAQ's answer)."""
        self.effects.append(Say(text, tuple(options)))

    def offer(self, *codes: str) -> None:
        """Add quick replies to the last thing said: codes of actions, each titled by its sentence «offer.<code>»."""
        self.add_options([(f"do:{code}", self.rules.text(f"offer.{code}")) for code in codes])

    def add_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Add (key, title) pairs to the last thing said, and remember them to understand the next message."""
        place = max(index for index, effect in enumerate(self.effects) if isinstance(effect, Say))
        said = self.effects[place]
        if isinstance(said, Say):
            self.effects[place] = Say(said.text, (*said.options, *options))
            self.state.options = [list(pair) for pair in (*said.options, *options)]

    @property
    def said(self) -> list[Say]:
        return [effect for effect in self.effects if isinstance(effect, Say)]
