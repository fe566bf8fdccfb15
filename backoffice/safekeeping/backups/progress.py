"""How far something long is: told often by whoever does it, to whoever wants to show it."""

from collections.abc import Callable

Beat = Callable[[str, int, int], None]
"""Called with what is being done, in words, and how much is done of how much (0 of 0: nobody knows)."""


def silent(text: str, done: int, total: int) -> None:
    """For whoever wants to know nothing."""
