"""The screen of a list with «Importar» and «Exportar»."""

from typing import Any

from django.http import HttpRequest

from backoffice.common.admin import BackofficeAdmin
from backoffice.common.tables.importing import Importable
from backoffice.common.tables.screens import Exportable, WithTemplate


class TableAdmin(Exportable, WithTemplate, Importable, BackofficeAdmin):
    """A list with «Importar» and «Exportar»."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        told = {"has_import_permission": self.has_import_permission(request)}
        return super().changelist_view(request, {**told, **(extra_context or {})})
