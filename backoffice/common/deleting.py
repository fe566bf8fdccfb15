"""Deleting what staff asked to delete: whoever keeps what goes away sees it first (the trash, two apps and more above).

A verb or a screen that deletes because somebody pressed «Borrar» calls `delete`. What goes because something else was
edited (a port that a smaller box no longer has, a slot of the week's hours) is deleted as ever: its history tells it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from backoffice.common.bulk import signed


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
        ProtectedError: something that may not lose it points to it. Nothing changes then.
    """
    seen: list[list[Any]] = [[] for _ in KEEPERS]
    for one in (*first, row):
        for keeper, told in zip(KEEPERS, seen, strict=True):
            told.append(keeper.look(one))
        signed(one, by).delete()
    for keeper, told in zip(KEEPERS, seen, strict=True):
        keeper.keep(seen=told, by=by)
