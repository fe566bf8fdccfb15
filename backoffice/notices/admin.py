"""The doors of the ISP's systems, and what came through them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from unfold.decorators import display

from backoffice.channels.models import Channel
from backoffice.channels.selectors import notices_end
from backoffice.common.admin import BackofficeAdmin, ReadOnlyAdmin
from backoffice.common.filters import DayRangeFilter
from backoffice.common.tables.screens import PEOPLE, Exportable
from backoffice.notices import doors, services
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.notices.selectors import GROUPS, counts_of_today, waiting_by_channel, with_state
from backoffice.notices.tables import NoticeResource
from integrations.understanding.phones import phone_key, short_display

ROWS = {"allowed_ips": 3, "rules": 6}
KINDS = {"Pago": "success", "Reconexión": "success", "Factura": "info", "Corte": "warning", "Otro": "default"}
STATES = {
    "Espera su turno": "info",
    "En cola": "info",
    "Enviando": "info",
    "Enviado": "success",
    "Entregado": "success",
    "Leído": "success",
    "Vencido": "warning",
    "No se pudo enviar": "danger",
    "No sabemos si salió": "danger",
    "Descartado": "danger",
}


@admin.register(Gateway)
class GatewayAdmin(BackofficeAdmin):
    empty_state = (
        "Todavía no hay gateways. Agregá uno para que MikroWisp u otro sistema mande sus avisos por tu WhatsApp."
    )
    empty_icon = "sensor_door"
    list_display = ("name", "address", "channel", "key_badge", "state")
    list_filter = ("enabled", "channel")
    list_select_related = ("channel",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    change_form_outer_before_template = "panel/gateway_key_card.html"
    fieldsets = (
        (None, {"fields": (("name", "slug"), ("channel", "enabled"), "allowed_ips")}),
        (
            "Cuándo salen",
            {
                "fields": (("opens", "closes"), ("expiry_hours", "duplicate_minutes"), "daily_cap"),
                "description": "Fuera de este horario los avisos esperan; los de pago y reconexión salen siempre, "
                "porque contestan algo que el cliente acaba de hacer. El ritmo entre uno y otro se elige en el canal.",
            },
        ),
        ("Qué tipo es cada aviso", {"fields": ("rules",)}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ROWS:
            field.widget.attrs["rows"] = ROWS[db_field.name]
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "channel":
            kwargs["queryset"] = Channel.objects.exclude(kind=Channel.Kind.PREVIEW)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Gateway | None = None) -> Any:
        return {} if obj else self.prepopulated_fields  # another name must not change the address by itself

    def save_model(self, request: HttpRequest, obj: Gateway, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        doors.forget()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        shown = {"address": services.address_of(row) if isinstance(row, Gateway) else ""}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    @display(description="Dirección")
    def address(self, gateway: Gateway) -> str:
        return services.address_of(gateway)

    @display(description="Clave", label={"Generada": "success", "Falta generarla": "danger"})
    def key_badge(self, gateway: Gateway) -> str:
        return "Generada" if gateway.key_hash else "Falta generarla"

    @display(description="Estado", label={"Habilitado": "success", "Apagado": "danger"}, ordering="enabled")
    def state(self, gateway: Gateway) -> str:
        return "Habilitado" if gateway.enabled else "Apagado"


class GroupFilter(admin.SimpleListFilter):
    title = "estado"
    parameter_name = "estado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, group.label) for name, group in GROUPS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[GatewayNotice]) -> QuerySet[GatewayNotice]:
        name = self.value()
        return with_state(queryset, name) if name in GROUPS else queryset


@admin.register(GatewayNotice)
class GatewayNoticeAdmin(Exportable, ReadOnlyAdmin):
    empty_state = "Todavía no llegó ningún aviso. Creá un gateway y cargá su dirección y su clave en tu sistema."
    empty_icon = "campaign"
    list_display = ("received_at", "person", "kind_badge", "state_badge", "phone_shown", "excerpt", "gateway")
    list_filter = (GroupFilter, "kind", "gateway", ("received_at", DayRangeFilter))
    list_select_related = ("gateway", "message__conversation__contact")
    search_fields = ("=phone_key", "^phone_raw", "=ref", "message__conversation__contact__name")
    search_help_text = "Teléfono, nombre o referencia."
    ordering = ("-id",)
    list_before_template = "panel/notices_before.html"
    resource_classes = [NoticeResource]
    export_permission = PEOPLE
    change_form_outer_before_template = "panel/notice_actions.html"
    readonly_fields = ("person", "phone_shown", "kind_badge", "state_badge", "sent_raw")
    fieldsets = (
        (None, {"fields": (("person", "phone_shown"), ("kind_badge", "state_badge"), "text", "media_url", "reason")}),
        (
            "Cómo llegó",
            {"fields": (("gateway", "source_ip"), ("received_at", "queued_at"), ("ref", "by"), "sent_raw")},
        ),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[GatewayNotice], search_term: str
    ) -> tuple[QuerySet[GatewayNotice], bool]:
        """A phone is found however it is written."""
        return super().get_search_results(request, queryset, phone_key(search_term) or search_term)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        counts = counts_of_today()
        shown = [(name, GROUPS[name], count) for name, count in counts.items() if count]
        queued = waiting_by_channel()
        extra = {
            "today": shown,
            "waiting": sum(queued.values()),
            "ends": notices_end(queued),
            "gateways": list(Gateway.objects.all()),
        }
        return super().changelist_view(request, {**(extra_context or {}), **extra})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        shown = {}
        if isinstance(row, GatewayNotice):
            shown = {"can_cancel": services.can_cancel(row), "can_resend": services.can_resend(row)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    @display(description="Para")
    def person(self, notice: GatewayNotice) -> str:
        return str(notice.message.conversation) if notice.message else self.phone_shown(notice)

    @display(description="Teléfono", ordering="phone_key")
    def phone_shown(self, notice: GatewayNotice) -> str:
        shown = short_display(notice.phone) if notice.phone else notice.phone_raw
        return format_html('<span style="white-space: nowrap">{}</span>', shown)

    @display(description="Tipo", label=KINDS, ordering="kind")
    def kind_badge(self, notice: GatewayNotice) -> str:
        return str(notice.get_kind_display())

    @display(description="Texto")
    def excerpt(self, notice: GatewayNotice) -> str:
        line = " ".join(notice.text.split())
        return line if len(line) <= 70 else f"{line[:69]}…"

    @display(description="Estado", label=STATES)
    def state_badge(self, notice: GatewayNotice) -> str:
        return notice.status_shown

    @display(description="Lo que mandó el sistema")
    def sent_raw(self, notice: GatewayNotice) -> str:
        return "\n".join(f"{name}: {value}" for name, value in notice.raw.items()) or "—"
