"""Where a linked number lives: the library's session and our spool, held by one process at a time.

The session file is Go's alone. Python never opens it: two copies of SQLite in a process free each other's locks,
and a broken session means linking the number again.
"""

import fcntl
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from integrations.whatsapp.base import NotConnected

IN_A_URI = set("?#%")


@dataclass
class Folder:
    """A folder of one number. `take` before anything in it is opened, `free` at the end (or by dying)."""

    path: Path
    _lock: IO[str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if IN_A_URI & set(str(self.path)):
            raise ValueError(f"the library opens its session by URI, which cannot say this folder: {self.path}")

    @property
    def session(self) -> Path:
        return self.path / "session.db"

    @property
    def spool(self) -> Path:
        return self.path / "spool.db"

    def take(self) -> None:
        """Make it ours. Raises: NotConnected when another process has it: two of them would replace each other."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self.path / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise NotConnected(
                f"another process holds {self.path}", staff_text="Otro proceso ya tiene abierto este número."
            ) from None
        self._lock = lock

    def free(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
