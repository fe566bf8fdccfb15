"""The screen of a list with «Importar» and «Exportar»."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from import_export.admin import ImportMixin
from unfold.contrib.import_export.forms import ImportForm

from backoffice.common.admin import BackofficeAdmin
from backoffice.common.tables.formats import Excel, SemicolonCSV
from backoffice.common.tables.screens import Exportable, WithTemplate


class TableAdmin(Exportable, WithTemplate, BackofficeAdmin, ImportMixin, ModelAdmin):
    """A list with «Importar» and «Exportar». Importing may add and change, so it needs both permissions."""

    import_export_change_list_template = "tables/change_list.html"
    import_form_class = ImportForm
    formats: ClassVar[list[type]] = [SemicolonCSV, Excel]
    import_error_display = ("message",)
    skip_admin_log = True  # the history of each row tells it

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def process_result(self, result: Any, request: HttpRequest) -> Any:
        new, changed = result.totals["new"], result.totals["update"]
        if note := getattr(self.admin_site, "note_data", None):
            note(request, f"Importó {self.opts.verbose_name_plural}: {new} filas nuevas y {changed} cambiadas")
        return super().process_result(result, request)
