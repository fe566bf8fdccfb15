"""«Exportar» of a list of the panel, and the template that a list which can be imported gives."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import slugify

from backoffice.common.errors import DomainError
from backoffice.common.services import exports
from backoffice.common.tables import samples
from backoffice.common.tables.background import keep_keys, remove_files
from backoffice.common.tables.columns import Column
from backoffice.common.tables.exporting import CSV, FORMATS, Keys, Sheet, keys_of, response
from backoffice.common.tables.resources import TableResource

AT_ONCE = 10_000  # rows; longer lists are made by the worker
PEOPLE = "common.export_people"
NO_FILTERS = (ORDER_VAR, PAGE_VAR, ALL_VAR)
DOWNLOADS = "admin:panel_downloads"
Narrow = Callable[[models.QuerySet[Any]], models.QuerySet[Any]]


class Exportable:
    """A list with «Exportar»: what it shows, with its filters, its search and its order, in the columns one chooses.

    Goes before the screen's base class. Whoever sees the list takes it along, with `export_permission` if it has one.
    """

    resource_classes: ClassVar[list[type[TableResource]]]
    export_permission: ClassVar[str] = ""
    #: Which of the rows: what it is called in the address, how it is told, and what it leaves of them. The first one
    #: is chosen; without any it is what the list shows.
    export_scopes: ClassVar[dict[str, tuple[str, Narrow]]] = {}
    change_list_template: ClassVar[Any] = "tables/change_list.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        needed = self.export_permission
        sees: bool = self.has_view_permission(request)  # type: ignore[attr-defined]
        return sees and (not needed or request.user.has_perm(needed))

    def export_columns(self, request: HttpRequest) -> list[Column]:
        """The columns that this person may see."""
        found = self.resource_classes[0]().get_export_fields()
        return [one for one in found if not one.needs or request.user.has_perm(one.needs)]

    def get_urls(self) -> list[URLPattern]:
        screen: Any = self
        view = screen.admin_site.admin_view(self.export_view)
        name = f"{screen.opts.app_label}_{screen.opts.model_name}_export"
        return [path("export/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        extra = {"has_export_permission": self.has_export_permission(request), **(extra_context or {})}
        return super().changelist_view(request, extra)  # type: ignore[misc,no-any-return]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The form, and the file that it asks for."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            rows = self._rows(request)
        except IncorrectLookupParameters:  # a filter that nobody has: everything, as in the list
            return redirect(request.path)
        columns = self.export_columns(request)
        if request.method != "POST":
            return self._form(request, rows, columns)
        names = request.POST.getlist("columnas")
        chosen = [one for one in columns if one.column_name in names]
        if not chosen:
            return self._form(request, rows, columns, error="Elegí al menos una columna.")
        try:
            return self._leave(request, keys_of(self._scoped(request, rows)), chosen)
        except DomainError as error:
            return self._form(request, rows, columns, error=error.message)

    def _leave(self, request: HttpRequest, keys: Keys, columns: list[Column]) -> HttpResponseBase:
        screen: Any = self
        title = str(screen.opts.verbose_name_plural)
        kind = request.POST.get("formato", CSV)
        kind = kind if kind in FORMATS else CSV
        if len(keys) <= AT_ONCE:
            self._tell(request, len(keys))
            sheet = Sheet(self.resource_classes[0](), columns, keys)
            return response(f"{slugify(title)}-{timezone.localdate():%Y-%m-%d}", title, sheet, kind)
        token = keep_keys(keys)
        try:
            exports.ask(
                owner=request.user, table=screen.opts.label_lower, title=title, kind=kind, rows=len(keys), token=token,
                columns=[str(one.column_name) for one in columns], clock=timezone.get_current_timezone_name(),
            )  # fmt: skip
        except DomainError:
            remove_files([token])
            raise
        self._tell(request, len(keys))
        return redirect(DOWNLOADS)

    def _tell(self, request: HttpRequest, count: int) -> None:
        """Have it audited by the panel's site, which knows people as nothing here does."""
        screen: Any = self
        which = f" ({self.export_scopes[self._scope(request)][0].lower()})" if self.export_scopes else ""
        if note := getattr(screen.admin_site, "note_data", None):
            rows = "1 fila" if count == 1 else f"{count} filas"
            note(request, f"Exportó {rows} de {screen.opts.verbose_name_plural}{which}")

    def _rows(self, request: HttpRequest) -> models.QuerySet[Any]:
        """What the list shows on all of its pages. Raises: IncorrectLookupParameters."""
        screen: Any = self
        display = screen.get_list_display(request)
        listed: type[Any] = screen.get_changelist(request)

        class Whole(listed):
            def get_results(self, request: HttpRequest) -> None:
                """Neither counts nor reads a page."""

        found: models.QuerySet[Any] = Whole(
            request, screen.model, ["action_checkbox", *display] if screen.get_actions(request) else display,
            screen.get_list_display_links(request, display), screen.get_list_filter(request), screen.date_hierarchy,
            screen.get_search_fields(request), screen.get_list_select_related(request), screen.list_per_page,
            screen.list_max_show_all, screen.list_editable, self, screen.get_sortable_by(request),
            screen.search_help_text,
        ).queryset  # fmt: skip
        return found

    def _scoped(self, request: HttpRequest, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if not self.export_scopes:
            return rows
        _, narrow = self.export_scopes[self._scope(request)]
        return narrow(rows)

    def _scope(self, request: HttpRequest) -> str:
        asked = request.POST.get("alcance", "")
        return asked if asked in self.export_scopes else next(iter(self.export_scopes))

    def _form(
        self, request: HttpRequest, rows: models.QuerySet[Any], columns: list[Column], error: str = ""
    ) -> HttpResponse:
        screen: Any = self
        names = [str(one.column_name) for one in columns]
        count = rows.order_by().values("pk").count()
        context = {
            **screen.admin_site.each_context(request),
            "title": f"Exportar {screen.opts.verbose_name_plural}",
            "count": count,
            "is_long": count > AT_ONCE,
            "filtered": any(name not in NO_FILTERS for name in request.GET),
            "columns": [
                (name, error or name in request.POST.getlist("columnas") or not request.POST) for name in names
            ],
            "formats": FORMATS.items(),
            "format": request.POST.get("formato", CSV),
            "scopes": [(key, label) for key, (label, _) in self.export_scopes.items()],
            "scope": self._scope(request) if self.export_scopes else "",
            "error": error,
        }
        request.current_app = screen.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "tables/export.html", context)


class WithTemplate:
    """A list that can be imported: an empty sheet with its columns and a row to copy (`?formato=csv`, `xlsx`)."""

    resource_classes: ClassVar[list[type[TableResource]]]

    def get_urls(self) -> list[URLPattern]:
        screen: Any = self
        view = screen.admin_site.admin_view(self.template_view)
        name = f"{screen.opts.app_label}_{screen.opts.model_name}_template"
        return [path("plantilla/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def template_view(self, request: HttpRequest) -> HttpResponseBase:
        screen: Any = self
        if not screen.has_import_permission(request):
            raise PermissionDenied
        kind = request.GET.get("formato", CSV)
        return samples.template(self.resource_classes[0](), kind if kind in FORMATS else CSV)
