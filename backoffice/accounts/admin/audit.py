"""«Auditoría»: who did what, and from where. Nobody writes here by hand, nor erases."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from unfold.decorators import display

from backoffice.accounts import audit
from backoffice.accounts.models import AuditEvent, User
from backoffice.common.admin import ReadOnlyAdmin
from backoffice.common.filters import DayRangeFilter
from backoffice.common.spreadsheets import csv_response

EXPORT = "accounts.export_auditevent"
HEADER = ("Cuándo", "Quién", "Tema", "Qué hizo", "Sobre", "Desde")


class WhoFilter(admin.SimpleListFilter):
    """By person, whom one query reads; a foreign key's own filter would show their accounts' permissions."""

    title = "quién"
    parameter_name = "quien"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(user.pk), str(user)) for user in User.objects.order_by("first_name", "username")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        chosen = self.value() or ""
        return queryset.filter(who_id=int(chosen[:18])) if chosen.isascii() and chosen.isdecimal() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    empty_state = "Todavía no hay nada. Acá queda quién ingresó, quién cambió un permiso, quién exportó una lista."
    empty_icon = "policy"
    list_display = ("text", "who_shown", "at", "address", "kind_badge", "about")
    list_filter = ("kind", WhoFilter, ("at", DayRangeFilter))
    search_fields = ("text", "who_name", "about", "address")
    search_help_text = "Persona, qué hizo, sobre qué o desde dónde."
    ordering = ("-id",)
    list_before_template = "panel/audit_before.html"
    fields = ("text", "about", "who_shown", "at", "address", "kind")
    readonly_fields = ("who_shown",)

    def get_urls(self) -> list[URLPattern]:
        export = path("exportar/", self.admin_site.admin_view(self.export), name="accounts_auditevent_export")
        return [export, *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows with its filters and its search, whole."""
        if not request.user.has_perm(EXPORT):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)
        audit.note(audit.Kind.DATA, "Exportó la auditoría", request=request)
        return csv_response("auditoria", HEADER, _cells(rows))

    @display(description="Quién", ordering="who_name")
    def who_shown(self, event: AuditEvent) -> str:
        return event.who_name or "El sistema"

    @display(
        description="Tema",
        label={
            "Ingresos": "success",
            "Ingresos rechazados": "danger",
            "Borrados": "warning",
            "Roles y permisos": "info",
        },
        ordering="kind",
    )
    def kind_badge(self, event: AuditEvent) -> str:
        return str(event.get_kind_display())


def _cells(rows: QuerySet[AuditEvent]) -> Iterator[tuple[str, ...]]:
    zone = timezone.get_current_timezone()  # of this request: the rows are read when it is over
    for one in rows.iterator(chunk_size=1000):
        at = f"{one.at.astimezone(zone):%d/%m/%Y %H:%M:%S}"
        yield at, one.who_name or "El sistema", str(one.get_kind_display()), one.text, one.about, one.address
