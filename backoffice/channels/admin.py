"""WhatsApp numbers: how they send, how they are doing, and the QR that links them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from backoffice.channels.models import Channel, ChannelStatus
from backoffice.channels.selectors import care_of
from backoffice.common.admin import BackofficeAdmin
from backoffice.common.qr import qr_svg


@admin.register(Channel)
class ChannelAdmin(BackofficeAdmin):
    empty_state = "Todavía no hay canales. Agregá el número de WhatsApp con el que el bot atiende a tus clientes."
    empty_icon = "phone_iphone"
    list_display = ("name", "kind", "state_badge", "number", "uses", "policy", "enabled")
    list_filter = ("kind", "enabled", "policy")
    search_fields = ("name", "status__number")
    list_select_related = ("status",)
    change_form_before_template = "panel/channel_state.html"
    fieldsets = (
        (None, {"fields": (("name", "kind"), "enabled", ("for_customers", "for_staff"))}),
        (
            "Ritmo de envío",
            {
                "fields": (("policy", "human_pause"), ("gap_min", "gap_max"), ("batch_size", "batch_pause"), "timeout"),
                "description": "Las respuestas salen siempre enseguida. Estos tiempos son para los avisos.",
            },
        ),
        (
            "Cuidado del número",
            {
                "fields": ("notices_on", ("in_use_since", "daily_cap")),
                "description": "Para que WhatsApp no bloquee la línea. Con Prudente los avisos empiezan de a poco, "
                "salen de 9 a 20 y frenan solos si WhatsApp se queja.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        return super().get_queryset(request).exclude(kind=Channel.Kind.PREVIEW)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "kind":
            field.choices = [choice for choice in field.choices if choice[0] != Channel.Kind.PREVIEW]
        return field

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        channel = self.get_object(request, object_id)
        status = ChannelStatus.objects.filter(channel_id=object_id).first() if object_id.isdecimal() else None
        shown = {
            "status": status,
            "care": care_of(channel) if isinstance(channel, Channel) else None,
            "code": qr_svg(status.qr) if status and status.qr and status.state == "waiting_qr" else "",
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    @display(description="Estado", label={"CONECTADO": "success", "ESPERANDO QR": "warning", "DESCONECTADO": "danger"})
    def state_badge(self, channel: Channel) -> str:
        status = getattr(channel, "status", None)
        return str(status.get_state_display()) if status else str(ChannelStatus.State.DISCONNECTED.label)

    @display(description="Número")
    def number(self, channel: Channel) -> str:
        status = getattr(channel, "status", None)
        return (status.number if status else "") or "—"

    @display(description="Para")
    def uses(self, channel: Channel) -> str:
        names = [name for name, on in (("clientes", channel.for_customers), ("agentes", channel.for_staff)) if on]
        return " y ".join(names) or "—"
