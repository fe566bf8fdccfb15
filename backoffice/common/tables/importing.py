"""«Importar» of a list: the page where a file is brought. What comes after it is `panel/pages/imports.py`."""

from typing import Any, ClassVar

from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from backoffice.common.errors import DomainError
from backoffice.common.importing.limits import MOST_BYTES, rows_text, size_text
from backoffice.common.importing.models import Import
from backoffice.common.importing.table import Table
from backoffice.common.services import imports
from backoffice.common.tables.resources import TableResource

AROUND = 64 * 1024  # what a form weighs besides its file
KEY = "reconocer"


class Importable:
    """A list whose rows come in from a spreadsheet, by whoever may add and change them. Before the screen's base."""

    resource_classes: ClassVar[list[type[TableResource]]]

    def import_resource(self) -> type[TableResource] | None:
        """The columns that come back; None for a list that only leaves."""
        resource = self.resource_classes[0]
        fields = resource.fields
        keys = resource._meta.import_id_fields
        return resource if resource.comes_back and all(name in fields for name in keys) else None

    def has_import_permission(self, request: HttpRequest) -> bool:
        screen: Any = self
        may: bool = screen.has_add_permission(request) and screen.has_change_permission(request)
        return may and self.import_resource() is not None

    def get_urls(self) -> list[URLPattern]:
        screen: Any = self
        view = screen.admin_site.admin_view(self._gate())
        return [path("import/", view, name=f"{self._address}_import"), *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        told = {"has_import_permission": self.has_import_permission(request), **(extra_context or {})}
        return super().changelist_view(request, told)  # type: ignore[misc,no-any-return]

    @property
    def _address(self) -> str:
        """What the names of its pages begin with."""
        opts = self.opts  # type: ignore[attr-defined]
        return f"{opts.app_label}_{opts.model_name}"

    def _gate(self) -> Any:
        """What weighs too much is refused before it is read, which looking for the form's token would do."""
        protected = csrf_protect(self.import_view)

        @csrf_exempt
        def gate(request: HttpRequest) -> HttpResponseBase:
            if not self.has_import_permission(request):
                raise PermissionDenied
            weight = request.META.get("CONTENT_LENGTH") or "0"
            if request.method == "POST" and weight.isdecimal() and int(weight) > MOST_BYTES + AROUND:
                return self._page(request, error=imports.TOO_MUCH, status=413)
            return protected(request)

        return gate

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._page(request)
        file = request.FILES.get("archivo")
        key = request.POST.get(KEY, "")
        if file is None:
            return self._page(request, error="Elegí el archivo con tu planilla.", key=key)
        try:
            one = imports.bring(table=self._table().label, name=str(file.name), file=file, key=key, by=request.user)
        except DomainError as error:
            return self._page(request, error=error.message, key=key)
        if one.state == Import.State.FAILED:
            imports.forget(one=one)
            return self._page(request, error=one.error, key=key)
        return redirect("admin:panel_import", pk=one.pk)

    def _table(self) -> Table:
        resource = self.import_resource()
        if resource is None:
            raise PermissionDenied
        return Table(resource)

    def _page(self, request: HttpRequest, *, error: str = "", key: str = "", status: int = 200) -> HttpResponse:
        table = self._table()
        context = {
            **site.each_context(request),
            "title": f"Importar {table.title}",
            "table": table,
            "columns": [_told(table, name) for name in table.fields],
            "chosen": key,
            "error": error,
            "most_bytes": MOST_BYTES,
            "too_much": imports.TOO_MUCH,
            "most": size_text(),
            "rows": rows_text(),
            "template_url": reverse(f"admin:{self._address}_template"),
            "list_url": f"admin:{self._address}_changelist",
        }
        request.current_app = site.name  # type: ignore[attr-defined]
        return render(request, "panel/imports/upload.html", context, status=status)


def _told(table: Table, name: str) -> dict[str, Any]:
    """A column for whoever prepares a sheet: its name, whether rows are recognised by it, an example."""
    field = table.fields[name]
    is_key = any(name in key.fields for key in table.keys[:1])
    return {"name": field.column_name, "is_key": is_key, "example": getattr(field, "example", "")}
