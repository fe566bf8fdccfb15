"""A dict that does not grow for ever."""

from itertools import islice
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def remember(memory: dict[K, V], key: K, value: V, most: int) -> None:
    """Keep `value`, and of all only the newest `most`."""
    memory.pop(key, None)
    memory[key] = value
    for old in list(islice(memory, max(len(memory) - most, 0))):
        del memory[old]
