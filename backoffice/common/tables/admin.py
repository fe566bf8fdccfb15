"""The screen of a list with «Importar» and «Exportar»."""

from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.shortcuts import redirect
from import_export.admin import ExportMixin
from unfold.contrib.import_export.forms import ExportForm

from backoffice.common.admin import BackofficeAdmin
from backoffice.common.tables.formats import Excel, SemicolonCSV
from backoffice.common.tables.importing import Importable


class TableAdmin(BackofficeAdmin, ExportMixin, Importable):
    """A list with «Importar» and «Exportar»."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    export_form_class = ExportForm
    formats: ClassVar[list[type]] = [SemicolonCSV, Excel]
    to_encoding = "utf-8-sig"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        told = {"has_import_permission": self.has_import_permission(request)}
        return super().changelist_view(request, {**told, **(extra_context or {})})

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        self._tell(request, f"Exportó {queryset.count()} filas de {self.opts.verbose_name_plural}")
        return data

    def _tell(self, request: HttpRequest, text: str) -> None:
        """Have it audited by the panel's site, which knows people as nothing here does."""
        if note := getattr(self.admin_site, "note_data", None):
            note(request, text)

    def export_action(self, request: HttpRequest) -> Any:
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:  # a filter that nobody has: everything, as in the list
            return redirect(request.path)
