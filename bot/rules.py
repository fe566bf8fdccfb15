"""What staff configured, as one immutable snapshot that lasts until the configuration changes.

Pure, like the turn that carries it. `context.py` builds it once for each `ConfigRevision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from integrations.calendar.base import Schedule
from integrations.understanding.blanks import fill
from integrations.understanding.offers import Promo, Quote, best, quote


class Mode:
    FULL = "completo"
    GATEWAY = "solo_gateway"
    EMERGENCY = "emergencia"
    STOPPED = "parado"


@dataclass(frozen=True, slots=True)
class Field:
    """A datum to ask for. `kind` is text, number, dni, phone, yes_no, choice, photo or location."""

    label: str
    question: str
    kind: str
    choices: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    title: str
    action: str
    target: str = ""
    text: str = ""
    area: str = "support"
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuCard:
    key: str
    title: str
    text: str
    options: tuple[Option, ...]
    parent: str = ""

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True)
class MenuBook:
    """The menus of one published version, and the key of the first one."""

    version: int
    menus: Mapping[str, MenuCard]
    root: str


@dataclass(frozen=True, slots=True)
class FaqCard:
    """A frequent question. `code` is the name of those that come with the product, as «sin-conexion»."""

    key: str
    area: str
    question: str
    answer: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    alias: str
    cbu: str
    holder: str


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan that is sold. `zones` are where; none is everywhere. Speeds in Mbps."""

    id: int
    name: str
    price: Decimal
    download: int
    upload: int
    ideal_for: str = ""
    zones: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ZoneCard:
    """`coverage` is yes, check (somebody must confirm it) or no; `names` are all that people call it."""

    id: int
    name: str
    coverage: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """What is sold, where and for how much. `promos` are on and have not ended when the snapshot was taken."""

    plans: tuple[PlanCard, ...] = ()
    promos: tuple[Promo, ...] = ()
    zones: tuple[ZoneCard, ...] = ()
    installation: Decimal | None = None
    welcome: str = ""
    description: str = ""
    no_coverage: str = ""
    orders: bool = False  # whether each talk has its order (OPEN-ORD)

    def sold_in(self, zone: int | None) -> list[PlanCard]:
        """The plans of a zone, cheapest first; of any zone where it is not known."""
        return [plan for plan in self.plans if zone is None or not plan.zones or zone in plan.zones]

    def offer(self, plan: PlanCard, zone: int | None, day: date) -> tuple[Promo | None, Quote]:
        """The best promotion of a plan in that zone that day, and what is paid with it."""
        installation = self.installation or Decimal(0)
        promo = best(self.promos, plan=plan.id, zone=zone, day=day, monthly=plan.price, installation=installation)
        return promo, quote(plan.price, installation, promo)

    def zone(self, key: int | None) -> ZoneCard | None:
        return next((zone for zone in self.zones if zone.id == key), None)

    def depends_on_zone(self, day: date) -> bool:
        """Whether knowing the zone may change the answer."""
        return any(plan.zones for plan in self.plans) or any(one.zones and one.runs(day) for one in self.promos)


@dataclass(frozen=True)
class Rules:
    """`texts` has every sentence, already with what staff changed.

    `menus` and `root` are those of `version`. `books` has the versions that somebody may still be walking, by number.
    """

    revision: int
    company: str
    schedule: Schedule
    mode: str
    emergency_text: str
    emergency_every: timedelta
    emergency_zones: frozenset[int]
    closed_message: str
    holiday_message: str
    bank: Bank
    menus: Mapping[str, MenuCard]
    root: str
    faqs: Mapping[str, FaqCard]
    texts: Mapping[str, str]
    default_area: str = ""
    has_queue: frozenset[str] = frozenset()
    agents: tuple[tuple[int, str], ...] = ()  # id and name of the active ones
    version: int = 0
    books: Mapping[int, MenuBook] = field(default_factory=dict)
    shop: Shop = Shop()
    facts: Mapping[str, str] = field(default_factory=dict)  # what staff's answers may name between braces

    def filled(self, text: str) -> str:
        """A text that staff wrote (a menu's reply, a FAQ's answer) with the company's facts in its blanks."""
        return fill(text, {"empresa": self.company, **self.facts})

    def text(self, key: str, /, **values: Any) -> str:
        """The sentence `key` with its blanks filled. An unknown key is a defect and raises KeyError."""
        return fill(self.texts[key], {"empresa": self.company, **values})

    def faq(self, code: str) -> FaqCard | None:
        """The frequent question that came with the product under that name, unless staff removed it."""
        return next((faq for faq in self.faqs.values() if faq.code == code), None)

    def menu(self, key: str) -> MenuCard:
        """That menu, or the root when it is gone (a chat may stand in a menu that staff deleted)."""
        return self.menus.get(key) or self.menus[self.root]

    def as_of(self, version: int) -> Self:
        """The same rules with the menus of an older version; these very ones when it is gone."""
        book = self.books.get(version)
        if book is None or version == self.version:
            return self
        return replace(self, version=version, menus=book.menus, root=book.root)

    def latest(self) -> Self:
        """The same rules with the newest menus."""
        return self.as_of(max(self.books, default=self.version))
