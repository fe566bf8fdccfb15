"""Whether what is in the trash can be as it was again, and what of it. Writes nothing.

Each refusal says what to do about it; the verb undoes all when one is raised.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from backoffice.common.errors import DomainError
from backoffice.conversations.models import Contact
from backoffice.safekeeping.models import TrashItem
from backoffice.safekeeping.subject import in_chunks

Rows = list[models.Model]


def settled(rows: Rows) -> tuple[Rows, list[str]]:
    """The rows that come back, and what they come back without, in words.

    What pointed to somebody who was joined to another meanwhile points to that one. A link to what is gone is left out.

    Raises:
        DomainError: one of them is there already, or what it cannot be without is gone.
    """
    _check_keys(rows)
    moved = _follow_people(rows)
    rows = _once(rows, moved)
    return _pointing(rows)


def check_unique(row: models.Model) -> None:
    """Raises DomainError when another row has taken what only one may have: a name, a number."""
    constraints = [one for one in row._meta.constraints if isinstance(one, models.UniqueConstraint)]
    try:
        row.validate_unique(exclude={row._meta.pk.name})
        for constraint in constraints:
            constraint.validate(type(row), row)
    except ValidationError as error:
        raise DomainError(_taken(row, error)) from None


def _check_keys(rows: Rows) -> None:
    for table, alike in _by_table(rows).items():
        for keys in in_chunks(one.pk for one in alike):
            there = table._base_manager.filter(pk__in=keys).first()
            if there is not None:
                name = table._meta.verbose_name_plural
                raise DomainError(f"«{there}» ya está de vuelta en {name}: la trajo otra persona, o el historial.")


def _follow_people(rows: Rows) -> set[int]:
    """Point to whoever goes on as the person. Returns which rows (their places) changed."""
    columns = {(place, one) for place, row in enumerate(rows) for one in _keys(row) if one.related_model is Contact}
    wanted = {getattr(rows[place], one.attname) for place, one in columns} - {None}
    heirs: dict[int, int] = {}
    while wanted:
        joined = Contact.objects.filter(pk__in=wanted).values_list("pk", "merged_into")
        heirs |= {pk: heir for pk, heir in joined if heir is not None}
        wanted = {heirs[pk] for pk in wanted if pk in heirs} - set(heirs)
    moved = set()
    for place, one in columns:
        pk = getattr(rows[place], one.attname)
        while pk in heirs:
            pk = heirs[pk]
        if pk != getattr(rows[place], one.attname):
            setattr(rows[place], one.attname, pk)
            moved.add(place)
    return moved


def _once(rows: Rows, moved: set[int]) -> Rows:
    """Without the rows that say of the same person what another one says already."""
    seen = {named for place, row in enumerate(rows) if place not in moved for named in _named(row)}
    kept = []
    for place, row in enumerate(rows):
        mine = set(_named(row)) if place in moved else set()
        if not mine & seen:
            kept.append(row)
        seen |= mine
    return kept


def _named(row: models.Model) -> list[tuple[Any, ...]]:
    """What of a row only one may have, when it is several columns together."""
    of_constraints = [
        one.fields for one in row._meta.constraints if isinstance(one, models.UniqueConstraint) and not one.condition
    ]
    groups = [*row._meta.unique_together, *of_constraints]
    columns = [[row._meta.get_field(name).attname for name in group] for group in groups if group]  # type: ignore[union-attr]
    return [(type(row), *names, *(getattr(row, name) for name in names)) for names in columns]


def _pointing(rows: Rows) -> tuple[Rows, list[str]]:
    """Each row with only what is there to point to."""
    missing = _missing(rows)
    back, without = [], []
    for row in rows:
        lost = [one for one in _keys(row) if getattr(row, one.attname) in missing.get(one.target_field, ())]
        if lost and row._meta.auto_created:
            continue
        for one in lost:
            without.append(_do_without(row, one))
        back.append(row)
    return back, without


def _missing(rows: Rows) -> dict[models.Field, set[Any]]:
    """By column that is pointed to, the values that are neither in the database nor coming back."""
    asked: dict[models.Field, set[Any]] = defaultdict(set)
    coming: dict[models.Field, set[Any]] = defaultdict(set)
    for row in rows:
        for one in _keys(row):
            asked[one.target_field].add(getattr(row, one.attname))
    for target in asked:
        coming[target] = {getattr(row, target.attname) for row in rows if isinstance(row, target.model)}
    missing = {}
    for target, values in asked.items():
        outside = values - coming[target] - {None}
        there: set[Any] = set()
        for some in in_chunks(outside):
            found = target.model._base_manager.filter(**{f"{target.attname}__in": some})
            there |= set(found.values_list(target.attname, flat=True))
        missing[target] = outside - there
    return missing


def _do_without(row: models.Model, column: models.ForeignKey) -> str:
    """Empty a reference to what is gone for good. Raises DomainError when it is in the trash, or cannot be empty."""
    other, key = column.related_model, getattr(row, column.attname)
    kept = TrashItem.objects.shown().filter(table=other._meta.label_lower, key=str(key)).first()  # type: ignore[union-attr]
    if kept is not None:
        raise DomainError(f"Primero restaurá «{kept}», que también está en la papelera: «{row_name(row)}» lo necesita.")
    if not column.null:
        name = other._meta.verbose_name  # type: ignore[union-attr]
        raise DomainError(f"No se puede restaurar: {name} de «{row_name(row)}» ya no existe.")
    setattr(row, column.attname, None)
    return f"{column.verbose_name} de «{row_name(row)}»"


def row_name(row: models.Model) -> str:
    """What a row is called by its own columns: what it points to may be gone."""
    name = next((value for one in ("name", "title", "label", "number", "code") if (value := getattr(row, one, ""))), "")
    return str(name or f"{row._meta.verbose_name} {row.pk}")


def _taken(row: models.Model, error: ValidationError) -> str:
    plural = row._meta.verbose_name_plural
    for name, told in error.message_dict.items():
        if name == NON_FIELD_ERRORS:
            return f"No se puede restaurar «{row_name(row)}». {' '.join(told)} Cambialo en {plural} y probá de nuevo."
        column = row._meta.get_field(name)
        value = getattr(row, column.attname)  # type: ignore[union-attr]
        how = "cambiale el nombre" if name in ("name", "title") else f"cambiale ese dato ({column.verbose_name})"  # type: ignore[union-attr]
        return f"Ya hay en {plural} «{value}»: {how} al que está y probá de nuevo."
    return f"No se puede restaurar «{row_name(row)}»: {' '.join(error.messages)}"


def _keys(row: models.Model) -> Sequence[models.ForeignKey]:
    return [
        one
        for one in row._meta.concrete_fields
        if isinstance(one, models.ForeignKey) and one.remote_field.on_delete is not models.DO_NOTHING
    ]


def _by_table(rows: Rows) -> dict[type[models.Model], Rows]:
    found: dict[type[models.Model], Rows] = defaultdict(list)
    for row in rows:
        found[type(row)].append(row)
    return found
