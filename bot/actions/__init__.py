"""What a menu option, a quick reply or a request can do: one file each, found by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from bot.turn import Turn

Run = Callable[[Turn], None]


class Needs(Enum):
    """What must be known before an action runs."""

    NOTHING = "nothing"
    CUSTOMER = "customer"
    """Who the customer is: by a phone on file, or by the identifying flow, which then runs the action."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """`help` tells staff what it does. What is not `listed` only answers the bot's own quick replies."""

    code: str
    label: str
    help: str
    needs: Needs
    run: Run
    listed: bool = True


_REGISTRY: dict[str, ActionSpec] = {}


def action(
    code: str, *, label: str = "", help: str = "", needs: Needs = Needs.NOTHING, listed: bool = True
) -> Callable[[Run], Run]:
    """Register a function as the action `code`. Raises: ValueError when two have the same code."""

    def register(run: Run) -> Run:
        if code in _REGISTRY:
            raise ValueError(f"two actions are called {code!r}")
        _REGISTRY[code] = ActionSpec(code, label or code, help, needs, run, listed)
        return run

    return register


@cache
def all_actions() -> dict[str, ActionSpec]:
    """Every action by its code, as the files of this folder declare them."""
    for found in iter_modules(__path__):
        import_module(f"{__name__}.{found.name}")
    return dict(sorted(_REGISTRY.items()))


def listed_actions() -> list[ActionSpec]:
    """Those that staff can put in a menu."""
    return [spec for spec in all_actions().values() if spec.listed]


def find_action(code: str) -> ActionSpec | None:
    return all_actions().get(code)
