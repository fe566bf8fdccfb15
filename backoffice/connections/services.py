"""Verbs of the connections: set up, taken away, tried, and old calls forgotten."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.common import deleting
from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.connections.adapters import Tried, secrets_of
from backoffice.connections.kinds import provider_of
from backoffice.connections.models import CallLog, Connection

KEPT = timedelta(days=90)
TEST = "Probar conexión"


@transaction.atomic
def save_connection(
    *,
    connection: Connection,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str | None],
    by: User | None,
    reason: str = "",
) -> Connection:
    """Keep a connection, new or changed. `secrets` holds only those that change: a new value, or None to forget it.

    `reason` goes to the history; without one, which secrets changed.

    Once its values change, what was tried before no longer says how it stands. Each change of a secret is audited,
    never its value.

    Raises:
        DomainError: nobody brings its provider, or another of its kind has the name (`field` is "name").
    """
    provider = provider_of(connection.kind, connection.provider)
    if provider is None:
        raise DomainError("Ese proveedor no existe.")
    if Connection.objects.filter(kind=connection.kind, name=connection.name).exclude(pk=connection.pk).exists():
        raise DomainError("Ya hay una conexión con ese nombre.", field="name")
    before = secrets_of(connection)
    after = {name: value for name, value in {**before, **secrets}.items() if value}
    changed = [field for field in provider.secrets if before.get(field.name) != after.get(field.name)]
    if changed or connection.settings != dict(settings):
        connection.values_changed_at = timezone.now()
    connection.settings, connection.secrets = dict(settings), json.dumps(after) if after else ""
    changes = ", ".join(f"{_verb(field.name, before, after)} {field.label}" for field in changed)
    is_new = connection._state.adding
    signed(connection, by, reason or changes).save()
    for field in changed:
        text = f"{_verb(field.name, before, after)} «{field.label}» de la conexión «{connection}»"
        audit.note(audit.Kind.SECRET, text, by=by, about=f"conexión {connection}")
    done = "agregó" if is_new else "cambió"
    Activity.note(Activity.Kind.CONNECTION, f"{by or 'El sistema'} {done} la conexión «{connection}»")
    return connection


@transaction.atomic
def delete_connection(*, connection: Connection, by: User | None) -> None:
    """Take a connection away; its secrets are forgotten for good, also in the trash.

    Its calls stay, under its name, until they are old.
    """
    audit.note(audit.Kind.DELETED, f"Borró la conexión «{connection}»", by=by, about=f"conexión {connection.pk}")
    Activity.note(Activity.Kind.CONNECTION, f"{by or 'El sistema'} borró la conexión «{connection}»")
    deleting.delete(connection, by=by)


@transaction.atomic
def record_test(*, connection: Connection | None, name: str, provider: str, tried: Tried, by: User | None) -> CallLog:
    """Write down how «Probar conexión» went. Without a `connection` it was tried with values that nobody kept.

    One that was deleted meanwhile, or whose values changed, is not told by it.
    """
    kept = connection if connection and Connection.objects.filter(pk=connection.pk).exists() else None
    row = CallLog.objects.create(
        connection=kept, name=name[:60] or "(sin nombre)", provider=provider, what=TEST, at=tried.at, ms=tried.ms,
        result=tried.health.state.value, by=by,
    )  # fmt: skip
    told = f"{by or 'El sistema'} probó la conexión «{row.name}»: {row.get_result_display()}"
    Activity.note(Activity.Kind.CONNECTION, told)
    return row


@transaction.atomic
def record_call(*, connection: Connection, what: str, at: datetime, ms: int, result: str) -> CallLog:
    """Write down a call that the product made by itself. `result` is a `HealthState`; never what was said."""
    kept = connection if Connection.objects.filter(pk=connection.pk).exists() else None
    return CallLog.objects.create(
        connection=kept, name=connection.name, provider=connection.provider, what=what, at=at, ms=ms, result=result
    )


def forget_calls(*, now: datetime) -> int:
    """Calls older than `KEPT` are forgotten. Returns how many."""
    return CallLog.objects.filter(at__lt=now - KEPT).delete()[0]


def _verb(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    if name not in after:
        return "Borró"
    return "Cambió" if name in before else "Cargó"
