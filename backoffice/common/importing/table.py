"""What the engine knows of a table: its columns, by what its rows are recognised, and who writes them."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.module_loading import import_string
from import_export.fields import Field

from backoffice.common.errors import DomainError
from backoffice.common.importing.header import Header
from backoffice.common.importing.names import bare
from backoffice.common.tables.resources import Key, TableResource

if TYPE_CHECKING:
    from backoffice.common.importing.writers import Writer


class Table:
    """One table of a list with «Importar». Made anew for each chunk: what its widgets looked up is of that moment."""

    def __init__(self, resource: type[TableResource]) -> None:
        self.resource: TableResource = resource()
        self.model: type[models.Model] = self.resource._meta.model
        coming = self.resource.get_import_fields()
        self.fields: dict[str, Field] = {
            name: field for name, field in self.resource.fields.items() if any(field is one for one in coming)
        }

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        if self.resource.keys:
            return self.resource.keys
        names = tuple(self.resource._meta.import_id_fields)
        return (Key("-".join(names), " y ".join(self.column(name) for name in names), names),)

    @cached_property
    def known(self) -> dict[str, str]:
        """Every way to write the name of a column, made comparable (`names.bare`) → the field."""
        names = {bare(alias): name for name in self.fields for alias in self.resource.aliases.get(name, ())}
        return names | {bare(field.column_name): name for name, field in self.fields.items()}

    @cached_property
    def titles(self) -> dict[str, str]:
        """How staff call each field."""
        return {name: self.column(name) for name in self.fields}

    def column(self, name: str) -> str:
        """What a field's column is called."""
        return str(self.fields[name].column_name)

    def key_named(self, name: str) -> Key:
        return next((key for key in self.keys if key.name == name), self.keys[0])

    def key_of(self, header: Header, wanted: str = "") -> Key:
        """The key that was chosen, or the first whose columns the file has.

        Raises:
            DomainError: the file lacks its columns; `.field` is "file".
        """
        able = [key for key in self.keys if all(name in header.columns for name in key.fields)]
        if wanted:
            able = [key for key in able if key.name == wanted]
        if able:
            return able[0]
        key = self.key_named(wanted)
        missing = [self.column(name) for name in key.fields if name not in header.columns]
        raise DomainError(f"Falta la columna «{missing[0]}», que dice de qué fila se trata.", field="file")

    def writer(self, header: Header, key: str, *, by: Any = None, reason: str = "") -> "Writer":
        from backoffice.common.importing.verbs import ByVerb

        kind: type[Writer] = import_string(self.resource.writer) if self.resource.writer else ByVerb
        return kind(self, header, self.key_named(key), by=by, reason=reason)


def table_of(label: str) -> Table:
    """The table with that label. Raises: LookupError when no list of the panel has it."""
    screen = admin.site._registry[apps.get_model(label)]
    resource = getattr(screen, "import_resource", lambda: None)()
    if resource is None:
        raise LookupError(f"{label} is not imported")
    return Table(resource)


def importable(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The tables that this person may import: label and title."""
    for model, screen in admin.site._registry.items():
        allows = getattr(screen, "has_import_permission", None)
        if allows is not None and allows(request):
            yield str(model._meta.label_lower), str(model._meta.verbose_name_plural)


def may_import(request: HttpRequest, label: str) -> bool:
    """Whether this person may bring rows into that table, and so look at what others brought and undo it."""
    return any(label == one for one, _ in importable(request))
