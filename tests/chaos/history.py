"""What happened in a run, in plain values: what people wrote, what they heard, and what the tables say of it.

A chat is named as the port does, `p:5492617770001` or `g:<id>`; a line's `id` is the network's, which its writer chose.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Purpose(StrEnum):
    """Why a line was written, which is what must come of it."""

    QUESTION = "question"  # to the machine: its turn is answered once
    OPENING = "opening"  # asks for a person: one case, one answer
    TO_AGENT = "to_agent"  # to whoever attends: relayed once, or kept when they attend in the panel
    TO_CUSTOMER = "to_customer"  # typed in a personal group: relayed once
    TAKE = "take"  # asks for a case in the queue


@dataclass(frozen=True, slots=True)
class Written:
    """A line that the network accepted. `case` is the number of the case that a TAKE wants."""

    id: str
    chat: str
    sender: str
    text: str
    purpose: Purpose
    case: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A line of the bot as a phone shows it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the inbox. `wire_id` is the line's, empty for what nobody wrote; `at` is the provider's time."""

    id: int
    wire_id: str
    kind: str
    state: str
    at: str
    is_later: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the timeline."""

    id: int
    chat: str
    incoming: bool
    author: str
    text: str
    wire_id: str
    status: str
    priority: int
    relay_of: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket: whose, who attends it and where, how often it was taken and refused."""

    number: int
    chat: str
    state: str
    group: str | None
    agent: str | None
    user: str | None
    taken: int
    refused: int


@dataclass(slots=True)
class History:
    """All of a run. `stuck` names the lanes that are held or were left ready, `errors` are lines of the bot's log."""

    written: list[Written] = field(default_factory=list)
    heard: dict[str, list[Heard]] = field(default_factory=dict)
    told_in_panel: dict[int, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    redelivered: int = 0

    def read_tables(self, found: Mapping[str, Any]) -> None:
        """Add what `hands.tables` gives."""
        self.events = [Event(**row) for row in found["events"]]
        self.lines = [Line(**row) for row in found["lines"]]
        self.cases = [Case(**row) for row in found["cases"]]
        self.stuck = list(found["stuck"])
        self.redelivered = int(found["redelivered"])

    def chats_of(self, *purposes: Purpose) -> set[str]:
        return {one.chat for one in self.written if one.purpose in purposes}

    def incoming(self) -> Iterable[Line]:
        return (line for line in self.lines if line.incoming)

    def outgoing(self) -> Iterable[Line]:
        return (line for line in self.lines if not line.incoming)
