"""What we are measured against: the bare turn, by hand, on tables as small as they can be, in the same database.

A turn is one durable transaction: insert the inbound line (a unique id), read and update the session, insert the
outbound line. `orm` writes it with Django's models; `raw` with the driver alone (sqlite3 as the product sets it, or
psycopg), prepared statements and no objects. Neither knows menus, customers, leases or queues. Both work on the two
tables `bench_line` and `bench_session`, which nothing else uses: a smaller anchor is a harder one.
"""

import json
import sqlite3
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from tests.bench.engine import timed

CHATS = 64


class Session(models.Model):
    """Where a chat stands."""

    chat = models.IntegerField(primary_key=True)
    step = models.IntegerField(default=0)
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "bench"
        db_table = "bench_session"

    def __str__(self) -> str:
        return f"{self.chat}: {self.step}"


class Line(models.Model):
    """A line of a chat, said or heard."""

    chat = models.IntegerField(db_index=True)
    external_id = models.CharField(max_length=120, null=True, unique=True)
    direction = models.CharField(max_length=3)
    status = models.CharField(max_length=10)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "bench"
        db_table = "bench_line"

    def __str__(self) -> str:
        return self.text


def create(chats: int = CHATS, workers: int = 1) -> None:
    """The two tables, with a session for each chat of each worker."""
    with connection.schema_editor() as editor:
        editor.create_model(Session)
        editor.create_model(Line)
    Session.objects.bulk_create([Session(chat=chat, data={"menu": "principal"}) for chat in range(chats * workers)])


def orm(seconds: float, worker: int = 0) -> dict[str, float]:
    """Turns by Django's models for that long, over the chats of this worker. Returns as `engine.run`."""
    return _told(seconds, worker, _orm_turn)


def raw(seconds: float, worker: int = 0) -> dict[str, float]:
    """Turns by the driver alone."""
    return _told(seconds, worker, _RawSqlite() if connection.vendor == "sqlite" else _RawPostgres())


def _told(seconds: float, worker: int, turn: Callable[[int, str], None]) -> dict[str, float]:
    prefix, first = uuid.uuid4().hex[:8], worker * CHATS

    def work() -> int:
        until, number = time.perf_counter() + seconds, 0
        while not number or time.perf_counter() < until:
            turn(first + number % CHATS, f"{prefix}:{number}")
            number += 1
        return number

    return timed(work)


QUESTION = "2"
ANSWER = "Esto es lo que tenés pendiente 💳\n\n• Fibra 100MB – noviembre 2026: *$ 18.500,00*, vence el jueves 10/12"


def _orm_turn(chat: int, external_id: str) -> None:
    with transaction.atomic():
        Line.objects.create(chat=chat, external_id=external_id, direction="in", status="received", text=QUESTION)
        session = Session.objects.select_for_update().get(chat=chat)
        session.step += 1
        session.data = {"menu": "problemas", "step": session.step}
        session.updated_at = timezone.now()
        session.save()
        Line.objects.create(chat=chat, direction="out", status="queued", text=ANSWER)


class _RawSqlite:
    """WAL and synchronous FULL, as the product's own connections."""

    def __init__(self) -> None:
        self._base = sqlite3.connect(str(settings.DATABASES["default"]["NAME"]), isolation_level=None, timeout=20)
        for pragma in str(settings.DATABASES["default"]["OPTIONS"]["init_command"]).split(";"):
            self._base.execute(pragma)

    def __call__(self, chat: int, external_id: str) -> None:
        run, now = self._base.execute, timezone.now().isoformat(" ")
        run("BEGIN IMMEDIATE")
        run(_INSERT.replace("%s", "?"), (chat, external_id, "in", "received", QUESTION, now))
        step = run("SELECT step, data FROM bench_session WHERE chat = ?", (chat,)).fetchone()[0] + 1
        data = json.dumps({"menu": "problemas", "step": step})
        run("UPDATE bench_session SET step = ?, data = ?, updated_at = ? WHERE chat = ?", (step, data, now, chat))
        run(_INSERT.replace("%s", "?"), (chat, None, "out", "queued", ANSWER, now))
        run("COMMIT")


class _RawPostgres:
    """One connection of psycopg, its statements prepared from the first time."""

    def __init__(self) -> None:
        import psycopg

        known = connection.get_connection_params()
        wanted: dict[str, Any] = {
            key: known[key] for key in ("dbname", "user", "password", "host", "port") if known.get(key)
        }
        self._base = psycopg.connect(autocommit=True, prepare_threshold=0, **wanted)

    def __call__(self, chat: int, external_id: str) -> None:
        now = timezone.now()
        with self._base.transaction(), self._base.cursor() as cursor:
            cursor.execute(_INSERT, (chat, external_id, "in", "received", QUESTION, now))
            row = cursor.execute("SELECT step, data FROM bench_session WHERE chat = %s FOR UPDATE", (chat,)).fetchone()
            step = row[0] + 1 if row else 1
            cursor.execute(
                "UPDATE bench_session SET step = %s, data = %s, updated_at = %s WHERE chat = %s",
                (step, json.dumps({"menu": "problemas", "step": step}), now, chat),
            )
            cursor.execute(_INSERT, (chat, None, "out", "queued", ANSWER, now))


_INSERT = (
    "INSERT INTO bench_line (chat, external_id, direction, status, text, created_at) VALUES (%s, %s, %s, %s, %s, %s)"
)
