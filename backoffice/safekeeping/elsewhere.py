"""Rooms that are built above this one and keep something of people too: each says here how it forgets them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traces:
    """By what a person is found: `numbers` as the network writes them; of messages in groups our ids and theirs."""

    numbers: frozenset[str]
    message_ids: frozenset[int]
    external_ids: frozenset[str]


Forgetter = Callable[[Traces], None]
FORGETTERS: list[Forgetter] = []


def forgets(forgetter: Forgetter) -> Forgetter:
    """Have this called, inside the transaction that anonymises somebody. From the app's `ready`."""
    if forgetter not in FORGETTERS:
        FORGETTERS.append(forgetter)
    return forgetter
