"""«Papelera»: what was deleted in the last thirty days, who did it, and having it back (AMB-33)."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from unfold.decorators import display

from backoffice.common.admin import ReadOnlyAdmin
from backoffice.common.filters import DayRangeFilter
from backoffice.safekeeping.models import TrashItem
from backoffice.safekeeping.snapshots import table_name

RESTORE = "safekeeping.restore_trash"
EMPTY = "safekeeping.empty_trash"
LAST_DAYS = 3


class TableFilter(admin.SimpleListFilter):
    """By what it is; only what there is."""

    title = "qué es"
    parameter_name = "es"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tables = TrashItem.objects.shown().order_by().values_list("table", flat=True).distinct()
        return sorted(((table, capfirst(table_name(table))) for table in tables), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[TrashItem]) -> QuerySet[TrashItem]:
        return queryset.filter(table=self.value()) if self.value() else queryset


class WhoFilter(admin.SimpleListFilter):
    """By who deleted it; only those who did."""

    title = "quién lo borró"
    parameter_name = "quien"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = TrashItem.objects.shown().order_by().values_list("deleted_by_name", flat=True).distinct()
        return [(name, name) for name in sorted(names) if name]

    def queryset(self, request: HttpRequest, queryset: QuerySet[TrashItem]) -> QuerySet[TrashItem]:
        return queryset.filter(deleted_by_name=self.value()) if self.value() else queryset


@admin.register(TrashItem)
class TrashItemAdmin(ReadOnlyAdmin):
    empty_state = "La papelera está vacía. Lo que alguien borre queda acá 30 días, y desde acá vuelve como estaba."
    empty_icon = "delete"
    list_filter = (TableFilter, WhoFilter, ("deleted_at", DayRangeFilter))
    search_fields = ("title", "of", "deleted_by_name")
    search_help_text = "Qué era, de quién, o quién lo borró."
    ordering = ("-deleted_at", "-id")
    list_before_template = "panel/trash_before.html"
    list_display_links = None

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("panel/chats.css", "panel/trash.css")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrashItem]:
        return TrashItem.objects.shown().defer("rows", "freed")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        columns: tuple[Any, ...] = ("title_shown", "what", "deleted_shown", "left_shown")
        restores, empties = request.user.has_perm(RESTORE), request.user.has_perm(EMPTY)

        @display(description="")
        def buttons(item: TrashItem) -> SafeString:
            return _buttons(item, restores=restores, empties=empties)

        return (*columns, buttons) if restores or empties else columns

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One thing has no page: its row says it all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:safekeeping_trashitem_changelist")

    @display(description="Qué", ordering="title")
    def title_shown(self, item: TrashItem) -> SafeString:
        what = capfirst(table_name(item.table))
        below = f"{what} · {item.of}" if item.of else what
        return _two_lines(item.title, below)

    @display(description="Quién y cuándo", ordering="deleted_at")
    def deleted_shown(self, item: TrashItem) -> SafeString:
        who, at = item.deleted_by_name or "El sistema", f"{timezone.localtime(item.deleted_at):%d/%m/%Y %H:%M}"
        return _two_lines(who, at)

    @display(description="Le queda", ordering="expires_at")
    def left_shown(self, item: TrashItem) -> SafeString:
        days = item.days_left
        words = f"{days} día{'' if days == 1 else 's'}" if days else "Menos de un día"
        tone = "warn" if days < LAST_DAYS else "plain"
        return format_html('<span class="mo-tag {}" style="white-space: nowrap">{}</span>', tone, words)


def _two_lines(first: str, second: str) -> SafeString:
    return format_html(
        '<span class="mo-trash-cell"><span class="mo-strong">{}</span><br><span class="mo-small">{}</span></span>',
        first,
        second,
    )


def _buttons(item: TrashItem, *, restores: bool, empties: bool) -> SafeString:
    """«Restaurar» sends the page's own form (`trash_before.html`): one cannot be inside the list's."""
    back = gone = SafeString()
    if restores:
        back = format_html(
            '<button class="mo-btn small" form="trash-restore" formaction="{}" aria-label="Restaurar {}">'
            '<span class="material-symbols-outlined" aria-hidden="true">restore_from_trash</span> Restaurar</button>',
            reverse("admin:panel_restore_trash", args=[item.pk]),
            item.title,
        )
    if empties:
        gone = format_html(
            '<a class="mo-btn small danger" href="{}" aria-label="Borrar para siempre {}">'
            '<span class="material-symbols-outlined" aria-hidden="true">delete_forever</span> Borrar</a>',
            reverse("admin:panel_empty_trash", args=[item.pk]),
            item.title,
        )
    return format_html('<span class="mo mo-row mo-keep" style="flex-wrap: nowrap">{}{}</span>', back, gone)
