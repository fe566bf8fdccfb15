"""Lists that leave to a spreadsheet and come back from it: CSV and XLSX, columns named in Spanish.

A list of the panel derives from `TableAdmin` and names its `TableResource`, whose rows are found by what people call
them (a plan by its name), never by numbers of the database. Each row passes the model's own validation.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

import tablib
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.shortcuts import redirect
from import_export import resources, widgets
from import_export.admin import ImportExportModelAdmin
from import_export.exceptions import ImportError as RefusedFile
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from backoffice.common.admin import BackofficeAdmin
from backoffice.common.errors import DomainError
from backoffice.common.spreadsheets import neutral, plain
from integrations.understanding.money import parse_human_amount
from integrations.understanding.words import fold

MOST_ROWS = 2000  # more is a job for the background, not for a page
NOT_SHEETS = "El archivo está vacío: la primera fila tiene que tener los nombres de las columnas."


class SemicolonCSV(CSV):
    """As Excel in Spanish writes and opens it; whatever separates the columns is understood."""

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        text = in_stream if isinstance(in_stream, str) else in_stream.decode(self.encoding or "utf-8-sig")
        text = text.lstrip("\ufeff")
        first = text.split("\n", 1)[0]
        return super().create_dataset(text, delimiter=max(";,\t", key=first.count), **kwargs)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        return super().export_data(dataset, delimiter=";", **kwargs)


class Excel(XLSX):
    """Offered where openpyxl is installed, and left out of the list where it is not."""

    def can_import(self) -> bool:
        return bool(self.is_available())

    def can_export(self) -> bool:
        return bool(self.is_available())


class TableResource(resources.ModelResource):
    """Rows as people see them. Subclasses declare each column with `Field(attribute=…, column_name=…)`."""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

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


class TableAdmin(BackofficeAdmin, ImportExportModelAdmin):
    """A list with «Importar» and «Exportar». Importing may add and change, so it needs both permissions."""

    import_form_class = ImportForm
    export_form_class = ExportForm
    formats: ClassVar[list[type]] = [SemicolonCSV, Excel]
    to_encoding = "utf-8-sig"
    import_error_display = ("message",)
    skip_admin_log = True  # the history of each row tells it

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        self._tell(request, f"Exportó {queryset.count()} filas de {self.opts.verbose_name_plural}")
        return data

    def process_result(self, result: Any, request: HttpRequest) -> Any:
        new, changed = result.totals["new"], result.totals["update"]
        self._tell(request, f"Importó {self.opts.verbose_name_plural}: {new} filas nuevas y {changed} cambiadas")
        return super().process_result(result, request)

    def _tell(self, request: HttpRequest, text: str) -> None:
        """Have it audited by the panel's site, which knows people as nothing here does."""
        if note := getattr(self.admin_site, "note_data", None):
            note(request, text)

    def export_action(self, request: HttpRequest) -> Any:
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:  # a filter that nobody has: everything, as in the list
            return redirect(request.path)


class PesosWidget(widgets.Widget):
    """An amount as people write it: 18.500, $ 18.500,50, 18500."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        if value in (None, ""):
            return None
        if isinstance(value, int | float | Decimal):
            return Decimal(str(value)).quantize(Decimal("0.01"))
        if (amount := parse_human_amount(str(value))) is None:
            raise ValueError(f"«{value}» no es un importe.")
        return amount

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value:.2f}".replace(".", ",")


class YesNoWidget(widgets.Widget):
    """sí or no; an empty cell is yes, as a new row of the panel is."""

    _WORDS = {
        "si": True,
        "s": True,
        "1": True,
        "true": True,
        "": True,
        "no": False,
        "n": False,
        "0": False,
        "false": False,
    }

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        said = fold(str("" if value is None else value))
        if said not in self._WORDS:
            raise ValueError(f"«{value}» tiene que ser sí o no.")
        return self._WORDS[said]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "sí" if value else "no"


class ChoiceWidget(widgets.Widget):
    """One of a model's choices by its label; an empty cell is `default`, if there is one."""

    def __init__(self, choices: type[models.TextChoices], default: str | None = None) -> None:
        super().__init__()
        self.choices, self.default = choices, default

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        said = fold(str("" if value is None else value))
        if not said and self.default is not None:
            return self.default
        for key, label in self.choices.choices:
            if said and said in (fold(str(label)), str(label).lower(), key):
                return str(key)
        if str(value) in self.choices.labels:  # «%» and «$» fold to nothing
            return str(self.choices.values[self.choices.labels.index(str(value))])
        raise ValueError(
            f"«{value or ''}» no es una opción: poné {' o '.join(str(one) for one in self.choices.labels)}."
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(self.choices(value).label) if value else ""


class NamesWidget(widgets.ManyToManyWidget):
    """Rows of another table by their names, separated by commas. A name that is not there is an error."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(model, separator=",", field="name")
        self._by_name: dict[str, models.Model] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[models.Model]:
        names = [part.strip() for part in str(value or "").split(",") if part.strip()]
        if self._by_name is None:  # the widget is copied for each file
            self._by_name = {fold(str(one)): one for one in self.model._default_manager.all()}
        if unknown := [name for name in names if fold(name) not in self._by_name]:
            raise ValueError(f"No existe «{unknown[0]}» en {self.model._meta.verbose_name_plural}.")
        return [self._by_name[fold(name)] for name in names]

    def render(self, value: Iterable[models.Model] | None, obj: Any = None, **kwargs: Any) -> str:
        rows = value.all() if isinstance(value, models.Manager) else (value or ())
        return ", ".join(str(one) for one in rows)
