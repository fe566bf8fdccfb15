"""What live pages read, worked out once each few seconds and web process, however many people look.

What is kept belongs to nobody: who may see which of it is decided in each request, never here.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings

T = TypeVar("T")
TOO_OLD = 10  # ticks: after a night without viewers the first ones wait for what is new


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    at: float


class Tick:
    """Values by name. While one thread renews a value the others get the one before; only the first ever wait.

    `settings.PANEL_TICK` says how long a value lasts, in seconds; 0 keeps nothing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._locks: dict[str, threading.Lock] = {}

    def read(self, name: str, work: Callable[[], T], *, ticks: int = 1) -> T:
        """What `work` returned in the last `ticks`, or now. What it raises reaches who asked, and nothing is kept."""
        lasts = settings.PANEL_TICK * ticks
        if not lasts:
            return work()
        kept = self._kept.get(name)
        if kept is not None and self._age(kept) < lasts:
            return kept.value  # type: ignore[no-any-return]
        lock = self._locks.setdefault(name, threading.Lock())
        may_wait = kept is None or self._age(kept) > lasts * TOO_OLD
        if not lock.acquire(blocking=may_wait) and kept is not None:
            return kept.value  # type: ignore[no-any-return]
        try:
            return self._renewed(name, work, lasts)
        finally:
            lock.release()

    def _renewed(self, name: str, work: Callable[[], T], lasts: float) -> T:
        """Unless somebody did while we waited for the lock. What was forgotten meanwhile is not kept."""
        kept = self._kept.get(name)
        if kept is not None and self._age(kept) < lasts:
            return kept.value  # type: ignore[no-any-return]
        place = self._kept
        at = self._clock()
        value = work()
        place[name] = _Kept(value, at)
        return value

    def _age(self, kept: _Kept) -> float:
        return self._clock() - kept.at

    def forget(self) -> None:
        """Somebody changed something: whoever looks next reads it all again."""
        self._kept = {}


tick = Tick()
