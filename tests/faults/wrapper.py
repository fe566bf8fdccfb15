"""Making the database fail at a chosen statement, and telling whether anything of the work is left behind."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import OperationalError, connection, models, transaction

_BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"([a-z_0-9]+)"', re.IGNORECASE)

_ID = re.compile(r":[0-9]+")  # «ticket:12», «channel:3»


class Injected(OperationalError):
    """The failure that the test made."""


class Watch:
    """Counts statements, and fails at the one asked for: before it runs or, `late`, when only its answer is lost."""

    def __init__(self, fail_at: int = 0, *, late: bool = False) -> None:
        self.count = self.writes = self.paused = 0
        self.written: set[str] = set()
        self._fail_at = fail_at
        self._late = late

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.paused or sql.lstrip().upper().startswith(_BOOKKEEPING):
            return execute(sql, params, many, context)
        self.count += 1
        found = _WRITES.match(sql)
        if found:
            self.writes += 1
            self.written.add(found.group(1))
        if self.count != self._fail_at:
            return execute(sql, params, many, context)
        if self._late:
            execute(sql, params, many, context)
        raise Injected(f"statement {self.count}: {sql[:120]}")


@contextmanager
def watching(watch: Watch) -> Iterator[Watch]:
    """Watch the statements of this thread, but not those of the stand-in network: it is another machine."""

    def pause(**_: Any) -> None:
        watch.paused += 1

    def resume(**_: Any) -> None:
        watch.paused -= 1

    request_started.connect(pause)
    request_finished.connect(resume)
    try:
        with connection.execute_wrapper(watch):
            yield watch
    finally:
        request_started.disconnect(pause)
        request_finished.disconnect(resume)


def our_models(tables: Collection[str] | None = None) -> list[type[models.Model]]:
    """The models of our apps, or those of some tables."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("backoffice.")]
    return [model for model in ours if tables is None or model._meta.db_table in tables]


def dump(tables: Collection[str] | None = None) -> dict[str, list[str]]:
    """Every row, whole: equal only when nothing changed."""
    return {model._meta.db_table: sorted(map(repr, model._base_manager.values_list())) for model in our_models(tables)}


def shape(tables: Collection[str] | None = None) -> dict[str, Counter[str]]:
    """What the rows say, without what differs from run to run: ids, keys to other rows, moments, tokens."""
    told: dict[str, Counter[str]] = {}
    for model in our_models(tables):
        names = [field.attname for field in model._meta.concrete_fields if _is_said(field)]
        rows = model._base_manager.values_list(*names) if names else [()] * model._base_manager.count()
        told[model._meta.db_table] = Counter(_ID.sub(":…", repr(row)) for row in rows)
    return told


def _is_said(field: "models.Field[Any, Any]") -> bool:
    random = field.name in {
        "id",  # of the row that a history's row is about
        "token",
        "external_id",
        "wire_id",
        "handle",
        "invite_code",
        "seq",
        "changed",
        "pairing_key",
        "lid",
        "password",
    }
    return not (
        field.primary_key or field.is_relation or random or isinstance(field, models.DateTimeField | models.JSONField)
    )


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside did not happen."""
    with transaction.atomic():
        mark = transaction.savepoint()
        yield
        transaction.savepoint_rollback(mark)
