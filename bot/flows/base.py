"""What a flow is: named steps that each read one answer, a version, and how long it waits for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import bot.flows
from bot.turn import Turn

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Then:
    """The flow ended and this is what had been asked: an action, with the menu's option that it came from."""

    action: str
    menu: str = ""
    option: str = ""
    asked: str = ""


Answer = bool | Then
Step = Callable[[Turn], Answer]


def _nothing(turn: Turn) -> Pairs:
    return ()


@dataclass(frozen=True)
class Flow:
    """A step returns True when it dealt with the turn, False when the message is about something else.

    `asks_data` says that an answer which comes too late deserves an explanation. `so_far` is what it collected,
    as (label, value) pairs, for whoever takes the case when the customer asks for a person half way.
    """

    name: str
    version: int
    lasts: timedelta
    steps: Mapping[str, Step]
    asks_data: bool = False
    so_far: Callable[[Turn], Pairs] = field(default=_nothing)

    def enter(self, turn: Turn, step: str, **data: Any) -> None:
        """Start at `step`; `data` must be what JSON can hold."""
        turn.state.flow, turn.state.step = self.name, step
        turn.state.data = {"v": self.version, **data}
        turn.state.options = []


@cache
def all_flows() -> dict[str, Flow]:
    """Every flow by its name: the `FLOW` of each file beside this one."""
    modules = (import_module(f"bot.flows.{found.name}") for found in iter_modules(bot.flows.__path__))
    found = (getattr(module, "FLOW", None) for module in modules)
    return {flow.name: flow for flow in found if isinstance(flow, Flow)}


def find_flow(name: str) -> Flow | None:
    return all_flows().get(name)


def collected(turn: Turn) -> Pairs:
    """What the flow in course has gathered; nothing outside a flow."""
    flow = find_flow(turn.state.flow)
    return flow.so_far(turn) if flow is not None else ()
