"""Waking up when there is work, instead of asking all the time.

SQLite tells by `PRAGMA data_version` that another connection wrote; PostgreSQL by NOTIFY. Both are only a hint:
`wait` returns after its time in any case, and the query that follows is the truth.
"""

import time
from typing import Any

from django.db import DatabaseError, connection

from backoffice.conversations.lanes import Bell

_SQLITE_STEP = 0.02


class Waker:
    """One a thread; it uses that thread's own connection on SQLite and one more on PostgreSQL."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._version = 0
        self._listener: Any = None

    def wait(self, seconds: float) -> None:
        """Sleep until something may have changed, at most `seconds`."""
        if connection.vendor == "postgresql":
            self._listen(seconds)
            return
        try:
            self._watch(seconds)
        except DatabaseError:
            connection.close()  # the database is away: the query that follows says so
            time.sleep(seconds)

    def clear(self) -> None:
        """Forget what rang until now. Call it before looking at the tables: what rings from then on ends the next wait.

        Without it each ring during a long look would end a wait of its own, for nothing.
        """
        if self._listener is None:
            return
        import psycopg

        try:
            for _ in self._listener.notifies(timeout=0):
                pass
        except psycopg.OperationalError:
            self.close()

    def close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _watch(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA data_version")
                version = cursor.fetchone()[0]
            if version != self._version:
                self._version = version
                return
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(_SQLITE_STEP, left))

    def _listen(self, seconds: float) -> None:
        import psycopg

        try:
            if self._listener is None:
                params = connection.get_connection_params()
                wanted = {key: params[key] for key in ("dbname", "user", "password", "host", "port") if params.get(key)}
                self._listener = psycopg.connect(autocommit=True, **wanted)
                self._listener.execute(f"LISTEN {self._bell}")
            for _ in self._listener.notifies(timeout=seconds, stop_after=1):
                return
        except psycopg.OperationalError:
            self.close()  # the database is away: the poll that follows says so
            time.sleep(seconds)
