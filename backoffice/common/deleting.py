"""Deleting what staff asked to delete: whoever keeps what goes away sees it first (the trash, two apps and more above).

A verb or a screen that deletes because somebody pressed «Borrar» calls `delete`. What goes because something else was
edited (a port that a smaller box no longer has, a slot of the week's hours) is deleted as ever: its history tells it.

A table that protects what it points to may say what to do first, in a sentence for staff: its `in_the_way()`. Of the
others it is told how many there are.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, router, transaction
from django.db.models import CASCADE, PROTECT, F, ProtectedError, RestrictedError
from django.db.models.deletion import Collector

from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError

Table = type[models.Model]
SAID = 3  # things that are in the way, of which each says what to do


class InUse(DomainError):
    """Something that may not lose it points to what was to be deleted; the message says what to do first."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """`look(row)` is called before each row goes; `keep(seen=…, by=…)` once all are gone, with what it saw."""

    look: Callable[[models.Model], Any]
    keep: Callable[..., object]


KEEPERS: list[Keeper] = []
"""Who keeps what is deleted. Added by an app's `ready`; each runs in the transaction that deletes."""


@transaction.atomic
def delete(row: models.Model, *, first: Sequence[models.Model] = (), by: Any = None) -> None:
    """Delete a row that somebody of the staff wants gone, after those of `first`, which belong to it.

    `by` is who, for their history and for the trash; without it, whoever is at the screen.

    Raises:
        InUse: something that may not lose it points to it. Nothing changes then.
    """
    seen: list[list[Any]] = [[] for _ in KEEPERS]
    try:
        for one in (*first, row):
            for keeper, told in zip(KEEPERS, seen, strict=True):
                told.append(keeper.look(one))
            signed(one, by).delete()
    except (ProtectedError, RestrictedError) as error:
        raise InUse(_refusal(error)) from error
    for keeper, told in zip(KEEPERS, seen, strict=True):
        keeper.keep(seen=told, by=by)


def check(rows: Iterable[models.Model]) -> None:
    """Refuse as `delete` would, without deleting. Raises: InUse for the first row that may not go."""
    for row in rows:
        try:
            Collector(using=router.db_for_write(type(row), instance=row), origin=row).collect([row])
        except (ProtectedError, RestrictedError) as error:
            raise InUse(_refusal(error)) from error


def held(table: Table, keys: Collection[int]) -> dict[int, str]:
    """Which of these rows, by key, cannot be deleted for something that tells it, and what to do first.

    Also for what hangs from what would go with them. A query for each kind of thing that tells.
    """
    found: dict[int, str] = {}
    for holder, path in _holders(table, (table,)):
        rows: Any = holder._base_manager.filter(**{f"{path}__in": keys}).select_related().annotate(holds=F(path))
        found |= {row.holds: row.in_the_way() for row in rows}
    return found


def _holders(table: Table, seen: tuple[Table, ...]) -> Iterator[tuple[Table, str]]:
    """The tables that tell, with the way from each to `table` in Django's words («service__customer»)."""
    for relation in table._meta.related_objects:
        other, name = relation.related_model, relation.field.name
        if relation.on_delete is PROTECT and hasattr(other, "in_the_way"):
            yield other, name
        elif relation.on_delete is CASCADE and other not in seen:
            yield from ((holder, f"{path}__{name}") for holder, path in _holders(other, (*seen, other)))


def _refusal(error: ProtectedError | RestrictedError) -> str:
    """«Tiene asignado el puerto 3 de la caja NAP-12: liberalo primero. No se puede borrar: tiene 2 facturas.»"""
    rows: Any = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
    told = sorted(row.in_the_way() for row in rows if hasattr(row, "in_the_way"))[:SAID]
    counts = Counter(type(row) for row in rows if not hasattr(row, "in_the_way"))
    others = sorted(_counted(table, count) for table, count in counts.items())
    if others:
        told.append(f"No se puede borrar: tiene {' y '.join(filter(None, (', '.join(others[:-1]), others[-1])))}.")
    return " ".join(told)


def _counted(table: Table, count: int) -> str:
    return f"{count} {table._meta.verbose_name if count == 1 else table._meta.verbose_name_plural}"
