"""«Auditoría»: who did what, and from where. Nobody writes here by hand, nor erases."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from backoffice.accounts.models import AuditEvent, User
from backoffice.accounts.tables import AuditResource
from backoffice.common.admin import ReadOnlyAdmin
from backoffice.common.filters import DayRangeFilter
from backoffice.common.tables.screens import Exportable

EXPORT = "accounts.export_auditevent"


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
class AuditEventAdmin(Exportable, ReadOnlyAdmin):
    empty_state = "Todavía no hay nada. Acá queda quién ingresó, quién cambió un permiso, quién exportó una lista."
    empty_icon = "policy"
    list_display = ("text", "who_shown", "at", "address", "kind_badge", "about")
    list_filter = ("kind", WhoFilter, ("at", DayRangeFilter))
    search_fields = ("text", "who_name", "about", "address")
    search_help_text = "Persona, qué hizo, sobre qué o desde dónde."
    ordering = ("-id",)
    resource_classes = [AuditResource]
    export_permission = EXPORT
    fields = ("text", "about", "who_shown", "at", "address", "kind")
    readonly_fields = ("who_shown",)

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
