"""What staff configured, as one immutable snapshot that lasts until the configuration changes.

Pure, like the turn that carries it. `context.py` builds it once for each `ConfigRevision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Self

from integrations.calendar.base import Schedule
from integrations.understanding.blanks import fill


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
