"""Where the crowd notes what it wrote: the truth against which the tables are read."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.history import Written


@dataclass
class Sheet:
    """Shared by every thread of a run. `doubtful` were UNCERTAIN at some moment; staff sent `resent` again."""

    written: list[Written] = field(default_factory=list)
    told_in_panel: dict[int, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    doubtful: set[int] = field(default_factory=set)
    resent: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, line: Written) -> None:
        with self._lock:
            self.written.append(line)

    def panel(self, case: int, told: str) -> None:
        with self._lock:
            self.told_in_panel[case] = told

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1
