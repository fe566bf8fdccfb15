"""Every seal, to look for one. What is done with them has its own page (`panel/pages/network/seals.py`)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from backoffice.common.errors import DomainError
from backoffice.common.tables.admin import TableAdmin
from backoffice.network import tables
from backoffice.network.admin.base import MovedByVerbs
from backoffice.network.models import Seal
from backoffice.network.scanning import read_code

SEAL_STATES = {"Guardado": "success", "En poder de un técnico": "warning", "Usado": "info", "Anulado": "danger"}


@admin.register(Seal)
class SealAdmin(MovedByVerbs, TableAdmin):
    empty_state = (
        "Todavía no hay precintos. Cargá la primera tanda en la página Precintos, con su primer y último número."
    )
    empty_icon = "lock"
    list_display = ("code", "state_badge", "place_shown", "technician", "at", "reason")
    list_filter = ("state", "technician", "batch")
    list_select_related = ("technician", "service__customer", "port__box", "box")
    search_fields = ("=code", "service__customer__name", "=service__customer__code", "box__name")
    search_help_text = "Número de precinto, cliente o caja."
    change_form_outer_before_template = "network/seal_restore.html"
    resource_classes = [tables.SealResource]
    fieldsets = (
        (None, {"fields": (("code", "state_badge"), ("place_shown", "technician"), ("at", "batch"), "reason")}),
    )
    readonly_fields = ("state_badge", "place_shown")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Seal], search_term: str
    ) -> tuple[QuerySet[Seal], bool]:
        """A number is found with or without its zeros, and one letter typed small is the same letter."""
        try:
            asked = read_code(search_term)
        except DomainError:
            return super().get_search_results(request, queryset, search_term)
        same = queryset.filter(number=asked.number)
        return (same.filter(prefix=asked.prefix) if asked.prefix else same), False

    @display(description="Estado", label=SEAL_STATES, ordering="state")
    def state_badge(self, seal: Seal) -> str:
        return str(seal.get_state_display())

    @display(description="Dónde se usó")
    def place_shown(self, seal: Seal) -> str:
        return seal.place or "—"
