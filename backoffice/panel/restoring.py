"""A row as a line of its history tells it, and whatever stands in the way of having it so again. Writes nothing."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.storage import default_storage
from django.db import models
from django.utils.text import capfirst

from backoffice.common.errors import DomainError
from backoffice.panel.history import tracked_lists

Related = dict[str, list[Any]]


def rebuilt(table: type[models.Model], record: Any) -> tuple[models.Model, Related]:
    """The row (a new one if it was deleted) with that version's values, validated, and the lists of rows it names.

    Raises:
        DomainError: something that the version names is gone, or the values are not valid today.
    """
    row = table._default_manager.filter(pk=record.id).first() or table(pk=record.id)
    for one in table._meta.concrete_fields:
        if one.editable and not one.primary_key:
            _check(one, getattr(record, one.attname))
            setattr(row, one.attname, getattr(record, one.attname))
    related = {one.name: _named(one, record) for one in tracked_lists(table)}
    try:
        row.full_clean()
    except ValidationError as error:
        raise DomainError(f"No se puede volver a esa versión. {_words(table, error)}") from None
    return row, related


def _check(one: models.Field, value: Any) -> None:
    """Refuse a version whose file or row is gone."""
    if isinstance(one, models.FileField) and value and not default_storage.exists(str(value)):
        raise DomainError(f"No se puede volver a esa versión: el archivo de «{one.verbose_name}» ya no está.")
    if isinstance(one, models.ForeignKey) and value is not None:
        other = one.related_model
        if not other._default_manager.filter(pk=value).exists():  # type: ignore[union-attr]
            raise _gone(other, value)  # type: ignore[arg-type]


def _named(one: models.ManyToManyField, record: Any) -> list[Any]:
    keys = [getattr(kept, f"{one.m2m_reverse_field_name()}_id") for kept in getattr(record, one.name).all()]
    rows = one.related_model._default_manager.in_bulk(keys)
    for key in keys:
        if key not in rows:
            raise _gone(one.related_model, key)
    return list(rows.values())


def _gone(table: type[models.Model], key: Any) -> DomainError:
    """Says what is missing by the name it had."""
    history = getattr(table, "history", None)
    last = history.filter(id=key).order_by("-history_id").first() if history is not None else None
    name = f" «{last.instance}»" if last is not None else ""
    return DomainError(f"No se puede volver a esa versión: nombra {table._meta.verbose_name}{name}, que ya no existe.")


def _words(table: type[models.Model], error: ValidationError) -> str:
    """A validation's messages as one text, each with its field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    told = []
    for name, messages in error.message_dict.items():
        field = None if name == NON_FIELD_ERRORS else table._meta.get_field(name)
        label = f"{capfirst(str(getattr(field, 'verbose_name', name)))}: " if field is not None else ""
        told.append(label + " ".join(messages))
    return " ".join(told)
