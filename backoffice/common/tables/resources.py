"""Rows as people see them: the columns of a table, for whoever exports and for `common/importing`, which reads them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from import_export import resources
from import_export.fields import Field


@dataclass(frozen=True, slots=True)
class Key:
    """What rows of a file are recognised by: the names of some fields of the resource, and how staff call it."""

    name: str
    label: str
    fields: tuple[str, ...]


class TableResource(resources.ModelResource):
    """Rows as people see them. Subclasses declare each column with a `columns.Column`, in the order of `fields`.

    `keys` are the ways to recognise a row, the first being the usual one; without them it is `import_id_fields`.
    `aliases` are other names of columns, by field. `writer` is the dotted path of the `importing.writers.Writer` that
    finds and writes many rows together; without it each row is written by `write`. `parts` are the relations whose
    rows belong to a row and are made with it, so they do not keep it from being taken away again. One that does not
    `comes_back` only leaves, though its rows could be recognised.
    """

    keys: ClassVar[tuple[Key, ...]] = ()
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {}
    writer: ClassVar[str] = ""
    parts: ClassVar[tuple[str, ...]] = ()
    comes_back: ClassVar[bool] = True
    lists: dict[str, list[Any]]

    class Meta:
        """What every table shares; subclasses name their `model`, `fields` and `import_id_fields`."""

    def rows(self) -> models.QuerySet[Any]:
        """What an export reads from; those whose columns need an annotation have it here."""
        return self._meta.model._default_manager.all()  # type: ignore[no-any-return]

    def get_import_fields(self) -> list[Field]:
        """What is only read does not come back."""
        return [field for field in super().get_import_fields() if not field.readonly and field.attribute]

    def write(self, instance: Any) -> None:
        """Keep a validated row; `self.lists` has, by attribute, the rows of other tables that it names."""
        instance.save()

    def erase(self, instance: Any) -> None:
        """Take away a row that an import made and nothing names."""
        instance.delete()


class SavedByService(TableResource):
    """Its rows are written by a verb, whose refusal is the row's error."""

    def write(self, instance: Any) -> None:
        raise NotImplementedError
