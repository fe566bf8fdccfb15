"""Rows as people see them: the columns of a table. Each row passes the model's own validation, or its verb's."""

from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import models
from import_export import resources, widgets
from import_export.exceptions import ImportError as RefusedFile
from import_export.fields import Field

from backoffice.common.errors import DomainError
from backoffice.common.spreadsheets import neutral, plain
from integrations.understanding.words import fold

MOST_ROWS = 2000  # more is a job for the background, not for a page
NOT_SHEETS = "El archivo está vacío: la primera fila tiene que tener los nombres de las columnas."


class TableResource(resources.ModelResource):
    """Rows as people see them. Subclasses declare each column with a `columns.Column`, in the order of `fields`."""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    def rows(self) -> models.QuerySet[Any]:
        """What an export reads from; those whose columns need an annotation have it here."""
        return self._meta.model._default_manager.all()  # type: ignore[no-any-return]

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """What is refused whole is not tried row by row, which the library would do all the same."""
        try:
            self._prepare(dataset)
        except RefusedFile:
            dataset.wipe()
            raise

    def _prepare(self, dataset: tablib.Dataset) -> None:
        if not dataset.headers:
            raise RefusedFile(NOT_SHEETS)
        known = {fold(field.column_name): field.column_name for field in self.fields.values()}
        dataset.headers = [known.get(fold(str(name or "")), str(name or "")) for name in dataset.headers]
        needed = [self.fields[name].column_name for name in self._meta.import_id_fields]
        if missing := [name for name in needed if name not in dataset.headers]:
            raise RefusedFile(f"Falta la columna «{missing[0]}», que dice de qué fila se trata.")
        if len(dataset) > MOST_ROWS:
            raise RefusedFile(f"Son {len(dataset)} filas: de a {MOST_ROWS} como mucho. Partí el archivo.")

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        for name, cell in row.items():
            row[name] = plain(cell)

    def export_field(self, field: Field, instance: models.Model, **kwargs: Any) -> Any:
        return neutral(super().export_field(field, instance, **kwargs))


class SavedByService(TableResource):
    """Its rows are written by a verb, whose refusal is the row's error. What is read-only does not come back."""

    def get_import_fields(self) -> list[Field]:
        return [field for field in super().get_import_fields() if not field.readonly]

    def save_instance(self, instance: Any, is_create: bool, row: dict[str, Any], **kwargs: Any) -> None:
        self.lists = {
            str(field.attribute): field.clean(row) if field.column_name in row else self._as_it_is(field, instance)
            for field in self.get_import_fields()
            if isinstance(field.widget, widgets.ManyToManyWidget)
        }
        super().save_instance(instance, is_create, row, **kwargs)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        try:
            self.write(instance)
        except DomainError as error:
            raise ValidationError(error.messages) from None

    def save_m2m(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """The verb had them in `lists`."""

    def write(self, instance: Any) -> None:
        """Call the verb with the validated row; `self.lists` has, by attribute, the rows of other tables it names."""
        raise NotImplementedError

    def _as_it_is(self, field: Field, instance: Any) -> list[Any]:
        return list(field.get_value(instance).all()) if instance.pk else []
