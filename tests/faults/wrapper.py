"""Making the database fail at a chosen statement, and telling whether anything of the work is left behind."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import OperationalError, connection, models, transaction

from tests.kept_world import read

_BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"([a-z_0-9]+)"', re.IGNORECASE)

_ID = re.compile(r":[0-9]+|/elegir-clave/[0-9]+/[^/]+|(?<=correo) \d+")  # «ticket:12», «channel:3», the link of a mail
_RANDOM = {
    "id",  # of the row that a history's row is about
    "token",
    "external_id",
    "message_id",  # of a mail
    "wire_id",
    "handle",
    "invite_code",
    "seq",
    "changed",
    "pairing_key",
    "key_hash",
    "lid",
    "password",
    "secret",
    "digest",
}


class Injected(OperationalError):
    """The failure that the test made."""


class Watch:
    """Counts statements, the COMMIT of each transaction among them, and fails at the one asked for.

    Before it runs or, `late`, when only its answer is lost; once or, `gone`, from there on until the watch ends.
    """

    def __init__(self, fail_at: int = 0, *, late: bool = False, gone: bool = False) -> None:
        self.count = self.paused = self.base = 0
        self.written: set[str] = set()
        self.durable: list[int] = []  # those after which something is in the database for good
        self.edges: list[int] = []  # those, and the first of each transaction
        self._fail_at, self._late, self._gone = fail_at, late, gone
        self._begun = False
        self.failed = ""

    def __str__(self) -> str:
        how = "loses its answer" if self._late else "and all after it fail" if self._gone else "fails"
        return f"statement {self._fail_at} {how}: {self.failed}"

    @property
    def depth(self) -> int:
        """How many blocks of the work are open: 0 is between transactions."""
        return len(connection.atomic_blocks) - self.base

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.depth == 0:
            connection.needs_rollback = False  # what failed alone left nothing to roll back
        if self.paused or sql.lstrip().upper().startswith(_BOOKKEEPING):
            return execute(sql, params, many, context)
        found = _WRITES.match(sql)
        if found:
            self.written.add(found.group(1))
        return self._step(sql, lambda: execute(sql, params, many, context), durable=self.depth == 0 and bool(found))

    def commit(self, run: Callable[[], Any]) -> Any:
        return self._step("COMMIT", run, durable=True)

    def _step(self, sql: str, run: Callable[[], Any], *, durable: bool) -> Any:
        self.count += 1
        if durable:
            self.durable.append(self.count)
        if durable or (self.depth > 0 and not self._begun):
            self.edges.append(self.count)
        self._begun = self.depth > 0 and sql != "COMMIT"
        fails = self.count == self._fail_at or (self._gone and self.count > self._fail_at)
        if not fails:
            return run()
        if self._late:
            run()
        self.failed = self.failed or sql[:160]
        raise Injected(self.failed)


@contextmanager
def watching(watch: Watch) -> Iterator[Watch]:
    """Watch the statements of the work, but not those of the stand-in network: it is another machine."""

    def pause(**_: Any) -> None:
        watch.paused += 1

    def resume(**_: Any) -> None:
        watch.paused -= 1

    watch.base = len(connection.atomic_blocks)
    request_started.connect(pause)
    request_finished.connect(resume)
    try:
        with _own_transactions(watch), connection.execute_wrapper(watch):
            yield watch
    finally:
        request_started.disconnect(pause)
        request_finished.disconnect(resume)


@contextmanager
def _own_transactions(watch: Watch) -> Iterator[None]:
    """Inside the test's transaction, the outermost blocks of the work are transactions of their own.

    They always roll back alone, what was committed before them stays, and their COMMIT can fail as in production.
    """
    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__

    def begin(block: transaction.Atomic) -> None:
        if watch.depth > 0:
            return enter(block)
        connection.needs_rollback = False
        asked, block.savepoint = block.savepoint, True
        try:
            return enter(block)
        finally:
            block.savepoint = asked

    def end(block: transaction.Atomic, kind: Any, error: Any, trace: Any) -> None:
        if kind is not None or watch.depth != 1 or connection.needs_rollback or watch.paused:
            return leave(block, kind, error, trace)
        try:
            return watch.commit(lambda: leave(block, None, None, None))
        except Injected as lost:
            if watch.depth > 0:
                leave(block, Injected, lost, lost.__traceback__)
            raise

    with (
        patch.object(transaction.Atomic, "__enter__", begin),
        patch.object(transaction.Atomic, "__exit__", end),
    ):
        try:
            yield
        finally:
            connection.needs_rollback = False


def our_models(tables: Collection[str] | None = None) -> list[type[models.Model]]:
    """The models of our apps, or those of some tables."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("backoffice.")]
    return [model for model in ours if tables is None or model._meta.db_table in tables]


def dump(tables: Collection[str] | None = None) -> dict[str, list[str]]:
    """Every row, whole: equal only when nothing changed."""
    return {model._meta.db_table: sorted(map(repr, read(model._meta.db_table))) for model in our_models(tables)}


def shape(tables: Collection[str] | None = None) -> dict[str, Counter[str]]:
    """What the rows say, without what differs from run to run: ids and tokens.

    Of moments, keys to other rows and JSON only whether they are there.
    """
    told: dict[str, Counter[str]] = {}
    for model in our_models(tables):
        fields = [field for field in model._meta.concrete_fields if not field.primary_key and field.name not in _RANDOM]
        there = [_is_only_there(field) for field in fields]
        rows = model._base_manager.values_list("pk", *[field.attname for field in fields])
        told[model._meta.db_table] = Counter(
            _ID.sub(":…", repr([bool(value) if only else value for only, value in zip(there, row, strict=True)]))
            for _, *row in rows
        )
    return told


def _is_only_there(field: "models.Field[Any, Any]") -> bool:
    return field.is_relation or isinstance(field, models.DateTimeField | models.JSONField)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen."""
    with transaction.atomic():
        mark = transaction.savepoint()
        yield
        transaction.savepoint_rollback(mark)
