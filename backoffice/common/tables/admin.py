"""The screen of a list with «Importar» and «Exportar»."""

from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest
from django.shortcuts import redirect
from import_export.admin import ImportExportModelAdmin
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from backoffice.common.admin import BackofficeAdmin
from backoffice.common.tables.formats import Excel, SemicolonCSV


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
