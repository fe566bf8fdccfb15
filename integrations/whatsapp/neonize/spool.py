"""What the library told, on disk before anything else is done with it, until the caller acknowledges it.

WhatsApp takes a message for delivered before we hear of it, so what is not written here at once is lost. It is also
where a file can still be fetched from for some days, and where we remember what was said, to quote it.
"""

import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from integrations.whatsapp.base import Addr

log = logging.getLogger(__name__)

DAY = 86_400.0
SNIPPET = 300
BACKLOG_MAX = 5_000
_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body BLOB NOT NULL, at REAL NOT NULL,
    replayed INTEGER NOT NULL, has_file INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS said (
    chat TEXT NOT NULL, message_id TEXT NOT NULL, author TEXT NOT NULL, snippet TEXT NOT NULL, ours INTEGER NOT NULL,
    at REAL NOT NULL, PRIMARY KEY (chat, message_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS said_id ON said (message_id);
CREATE TABLE IF NOT EXISTS pair (lid TEXT PRIMARY KEY, phone TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing told. `body` is the library's protobuf, or JSON of an event of ours when `kind` is `told`."""

    id: int
    kind: str
    body: bytes
    at: datetime
    replayed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Something said in a chat, enough to quote it."""

    author: Addr
    snippet: str


class Spool:
    """The file of one number; any thread may use it. `keep_days` is how long a file can be asked for and a line quoted:
    people's words stay no longer than that."""

    def __init__(self, path: Path, *, keep_days: int) -> None:
        self._keep_days = keep_days
        self._lock = threading.Lock()
        self._unsaved: list[tuple[str, bytes, float, bool, bool]] = []
        self._purged = 0.0
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        # NORMAL survives the death of the process, which is what happens; each message costs no fsync of the disk.
        self._db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {_TABLES}")
        self.id = self.fact("id") or secrets.token_hex(4)
        self.note("id", self.id)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # --- facts of the number -----------------------------------------------------------------
    def fact(self, name: str) -> str:
        with self._lock:
            found = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def note(self, name: str, value: str) -> None:
        with self._lock:
            self._write("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        """What is good to know, and not worth failing at what was being done when the disk is full."""
        try:
            self._db.execute(statement, values)
        except sqlite3.OperationalError:
            log.exception("it could not be noted: %s", values[0])

    # --- what arrived ------------------------------------------------------------------------
    def put(self, kind: str, body: bytes, *, replayed: bool = False, has_file: bool = False) -> None:
        """Keep it. What a full disk refuses stays in memory and is written with the next one. Never raises for that."""
        with self._lock:
            self._unsaved.append((kind, body, time.time(), replayed, has_file))
            self._save()

    def _save(self) -> None:
        try:
            with _transaction(self._db):
                self._db.executemany(
                    "INSERT INTO event (kind, body, at, replayed, has_file) VALUES (?, ?, ?, ?, ?)", self._unsaved
                )
        except sqlite3.OperationalError:
            log.exception("%d events of the network wait for room on the disk", len(self._unsaved))
            del self._unsaved[:-BACKLOG_MAX]
            return
        self._unsaved.clear()

    def waiting(self, cursor: str | None, *, most: int) -> tuple[list[Row], str]:
        """What is not acknowledged, in order, and the cursor that acknowledges it.

        A cursor of another spool (the folder was lost, or put back from a copy) acknowledges nothing.
        """
        spool, _, last = (cursor or "").partition(":")
        with self._lock:
            if self._unsaved:
                self._save()
            if spool == self.id and last.isascii() and last.isdigit():
                self._acknowledge(int(last))
            mark = self._mark()
            found = self._db.execute(
                "SELECT id, kind, body, at, replayed FROM event WHERE id > ? ORDER BY id LIMIT ?", (mark, most)
            ).fetchall()
        rows = [Row(row[0], row[1], row[2], datetime.fromtimestamp(row[3], UTC), bool(row[4])) for row in found]
        return rows, f"{self.id}:{rows[-1].id if rows else mark}"

    def _mark(self) -> int:
        found = self._db.execute("SELECT value FROM fact WHERE name = 'acknowledged'").fetchone()
        return int(found[0]) if found else 0

    def _acknowledge(self, last: int) -> None:
        """What has a file stays for `keep_days`, so that it can be asked for again."""
        if last > self._mark():
            with _transaction(self._db):
                self._db.execute("INSERT OR REPLACE INTO fact VALUES ('acknowledged', ?)", (str(last),))
                self._db.execute("DELETE FROM event WHERE id <= ? AND NOT has_file", (last,))
        if time.time() - self._purged > DAY / 24:
            self._purge(time.time())

    def _purge(self, now: float) -> None:
        self._purged = now
        old = now - self._keep_days * DAY
        self._db.execute("DELETE FROM event WHERE id <= ? AND at < ?", (self._mark(), old))
        self._db.execute("DELETE FROM said WHERE at < ?", (old,))

    def handle(self, row: Row) -> str:
        """What `with_file` finds it by."""
        return f"{self.id}-{row.id}"

    def with_file(self, handle: str) -> bytes | None:
        """The message whose file that handle names; None when it is not here any more."""
        spool, _, number = handle.partition("-")
        if spool != self.id or not (number.isascii() and number.isdigit()) or len(number) > 18:
            return None
        with self._lock:
            found = self._db.execute("SELECT body FROM event WHERE id = ? AND has_file", (int(number),)).fetchone()
        return bytes(found[0]) if found else None

    # --- what was said -----------------------------------------------------------------------
    def remember(self, chat: Addr, message_id: str, *, author: Addr, snippet: str, ours: bool) -> None:
        """Note it, to quote it some day."""
        values = (chat.key, message_id, author.key, snippet[:SNIPPET], ours, time.time())
        with self._lock:
            self._write("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?, ?, ?)", values)

    def line(self, chat: Addr, message_id: str) -> Line | None:
        """What that message said and who wrote it. A chat has two addresses, so the chat only breaks a tie."""
        with self._lock:
            found = self._db.execute(
                "SELECT author, snippet FROM said WHERE message_id = ? ORDER BY chat = ? DESC LIMIT 1",
                (message_id, chat.key),
            ).fetchone()
        return Line(Addr.parse(found[0]), found[1]) if found else None

    def is_ours(self, message_id: str) -> bool:
        """Whether this adapter sent it (and not somebody with the phone in the hand)."""
        with self._lock:
            query = "SELECT 1 FROM said WHERE message_id = ? AND ours"
            return self._db.execute(query, (message_id,)).fetchone() is not None

    # --- who is who --------------------------------------------------------------------------
    def learn(self, one: Addr, other: Addr) -> bool:
        """Note that a hidden address and a phone are one person. True when that is news."""
        lid, phone = (one, other) if one.kind == "lid" else (other, one)
        if lid.kind != "lid" or phone.kind != "phone":
            return False
        with self._lock:
            known = self._db.execute("SELECT phone FROM pair WHERE lid = ?", (lid.value,)).fetchone()
            self._write("INSERT OR REPLACE INTO pair VALUES (?, ?)", (lid.value, phone.value))
        return known is None or known[0] != phone.value

    def phone_of(self, addr: Addr) -> Addr:
        """The phone behind a hidden address when we know it; else the same address."""
        if addr.kind != "lid":
            return addr
        with self._lock:
            found = self._db.execute("SELECT phone FROM pair WHERE lid = ?", (addr.value,)).fetchone()
        return Addr("phone", found[0]) if found else addr


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
