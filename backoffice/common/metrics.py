"""Counters of a process, kept in memory: counting costs a lock and an addition, never a statement.

Whoever does something says so in one line (`count("sent")`, `observe("turn", seconds)`); the process's heart drains
what was counted every ten seconds and adds it to the minutes of `operations.Metric`. Nothing here knows Django.
"""

import threading
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Counter = Literal[
    "received",  # new messages from customers and agents, stored
    "turns",  # turns of the dialogue, committed
    "answered",  # those that said something
    "sent",  # replies and agents' messages that the network took
    "notices_sent",  # notices and bulk that the network took
    "failed",  # messages that will not leave any more
    "uncertain",  # messages that nobody knows to have left
    "dead",  # events that no turn could handle and a person got
    "mended",  # lanes that the watchdog freed
]
Timer = Literal[
    "turn",  # reading, running and writing a turn; each of those committed together waits for all
    "outbox",  # from a reply's commit until the network took it
    "queue",  # the age of the oldest lane that waits, looked at every ten seconds
]

# Upper bounds in milliseconds, close enough to read p50, p95 and p99 off them; what is slower goes in `SLOWEST`.
BOUNDS = (5, 10, 20, 30, 50, 75, 100, 150, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 120_000)
SLOWEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one thing. `bound` is 0 for a counter, else the upper bound of a timer's slot, in ms.

    `total` is the sum of the times in whole milliseconds.
    """

    name: str
    bound: int
    count: int
    total: int = 0


_lock = threading.Lock()
_tallies: dict[tuple[str, int], tuple[int, int]] = {}


def count(name: Counter, times: int = 1) -> None:
    """Something happened, `times` times. Call it after the commit: what is rolled back did not happen."""
    if times:
        _add(name, 0, times, 0)


def observe(name: Timer, seconds: float, times: int = 1) -> None:
    """Something took this long; `times` when so many did together."""
    if times:
        milliseconds = max(0, round(seconds * 1000))
        _add(name, _slot(milliseconds), times, milliseconds * times)


def drain() -> list[Tally]:
    """All that was counted since the last call, in the order of name and bound; the counters start again at zero."""
    with _lock:
        found = sorted(_tallies.items())
        _tallies.clear()
    return [Tally(name, bound, times, total) for (name, bound), (times, total) in found]


def put_back(tallies: Iterable[Tally]) -> None:
    """What could not be stored is counted again with the next."""
    for tally in tallies:
        _add(tally.name, tally.bound, tally.count, tally.total)


def _slot(milliseconds: int) -> int:
    place = bisect_left(BOUNDS, milliseconds)
    return BOUNDS[place] if place < len(BOUNDS) else SLOWEST


def _add(name: str, bound: int, times: int, total: int) -> None:
    with _lock:
        before = _tallies.get((name, bound), (0, 0))
        _tallies[name, bound] = (before[0] + times, before[1] + total)
