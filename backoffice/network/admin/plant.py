"""OLTs, boxes and their ports."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from backoffice.common.tables.admin import TableAdmin
from backoffice.network import services, tables
from backoffice.network.admin.base import MovedByVerbs, bar, sees_customers
from backoffice.network.models import NapBox, NapPort, Olt, PonPort
from backoffice.network.selectors.plant import with_counts
from integrations.understanding.places import parse_point

PORT_STATES = {"Libre": "success", "Ocupado": "info", "Reservado": "warning", "Roto": "danger"}


@admin.register(Olt)
class OltAdmin(TableAdmin):
    empty_state = "Todavía no hay OLT. Agregá la primera para después decir de dónde le llega la fibra a cada caja NAP."
    empty_icon = "dns"
    list_display = ("name", "hardware", "pon_count", "boxes", "address", "place")
    search_fields = ("name", "brand", "model", "address", "place")
    resource_classes = [tables.OltResource]
    fieldsets = ((None, {"fields": (("name", "pon_count"), ("brand", "model"), ("address", "place"), "notes")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Olt]:
        return super().get_queryset(request).annotate(box_count=Count("pons__boxes"))

    def save_model(self, request: HttpRequest, obj: Olt, form: forms.ModelForm, change: bool) -> None:
        services.save_olt(olt=obj, by=request.user)

    @display(description="Equipo")
    def hardware(self, olt: Olt) -> str:
        return f"{olt.brand} {olt.model}".strip() or "—"

    @display(description="Cajas NAP", ordering="box_count")
    def boxes(self, olt: Olt) -> str:
        return str(getattr(olt, "box_count", "—"))


class NapBoxForm(forms.ModelForm):
    coordinates = forms.CharField(
        label="Coordenadas",
        required=False,
        max_length=2_000,
        widget=UnfoldAdminTextInputWidget,
        help_text="Pegalas como las da Google Maps (-32.8908, -68.8272) o pegá el enlace largo del lugar.",
    )

    class Meta:
        model = NapBox
        fields = ("name", "zone", "pon", "capacity", "address", "notes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.point and "coordinates" in self.fields:
            self.fields["coordinates"].initial = str(self.instance.point)
        if "pon" in self.fields:
            self.fields["pon"].queryset = PonPort.objects.select_related("olt")  # type: ignore[attr-defined]

    def clean_coordinates(self) -> str:
        """Whatever was pasted, as a point of the box."""
        typed = self.cleaned_data["coordinates"].strip()
        point = parse_point(typed) if typed else None
        if typed and point is None:
            raise ValidationError(
                "No se entienden. En Google Maps tocá el lugar con el botón derecho, copiá los dos números y pegalos "
                "acá: -32.8908, -68.8272. Los enlaces cortos (maps.app.goo.gl) no traen las coordenadas."
            )
        self.instance.point = point
        return typed


class RoomFilter(admin.SimpleListFilter):
    title = "lugar"
    parameter_name = "lugar"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("con", "Con lugar"), ("llenas", "Llenas"), ("rotos", "Con puertos rotos"), ("sin-mapa", "Sin ubicar")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[NapBox]) -> QuerySet[NapBox]:
        rules: dict[str | None, dict[str, Any]] = {
            "con": {"free__gt": 0},
            "llenas": {"free": 0},
            "rotos": {"broken__gt": 0},
            "sin-mapa": {"latitude__isnull": True},
        }
        return queryset.filter(**rules.get(self.value(), {}))


@admin.register(NapBox)
class NapBoxAdmin(TableAdmin):
    form = NapBoxForm
    empty_state = "Todavía no hay cajas NAP. Agregalas con sus puertos y su lugar en el mapa, o importá tu planilla."
    empty_icon = "hub"
    list_display = ("name", "occupancy", "zone", "address", "free_ports", "source")
    list_filter = (RoomFilter, "zone", "pon__olt")
    list_select_related = ("zone", "pon__olt")
    search_fields = ("name", "address", "ports__service__customer__name", "=ports__service__customer__code")
    search_help_text = "Nombre o dirección de la caja, o el cliente que está conectado."
    change_form_outer_before_template = "network/box_ports.html"
    list_before_template = "network/boxes_before.html"
    resource_classes = [tables.NapBoxResource]
    fieldsets = ((None, {"fields": (("name", "capacity"), ("zone", "pon"), ("address", "coordinates"), "notes")}),)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return self.search_fields if sees_customers(request) else ("name", "address")

    def get_queryset(self, request: HttpRequest) -> QuerySet[NapBox]:
        return with_counts(super().get_queryset(request))

    def save_model(self, request: HttpRequest, obj: NapBox, form: forms.ModelForm, change: bool) -> None:
        services.save_box(box=obj, by=request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The ports go with their box: nobody needs a permission of their own for that."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, needed - {NapPort._meta.verbose_name}, protected

    def delete_model(self, request: HttpRequest, obj: NapBox) -> None:
        services.delete_box(box=obj, by=request.user)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        box = self.get_object(request, object_id)
        shown: dict[str, Any] = {}
        if isinstance(box, NapBox):
            shown["ports"] = box.ports.select_related("service__customer", "service__plan")
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    @display(description="Ocupación", ordering="-free")
    def occupancy(self, box: NapBox) -> SafeString:
        return bar(box.capacity - getattr(box, "free", 0), box.capacity)

    @display(description="Libres", ordering="free")
    def free_ports(self, box: NapBox) -> int:
        return int(getattr(box, "free", 0))

    @display(description="Fibra desde", ordering="pon__olt__name")
    def source(self, box: NapBox) -> str:
        return str(box.pon or "—")


@admin.register(NapPort)
class NapPortAdmin(MovedByVerbs, TableAdmin):
    """Who is on each port. A port's own page is where it changes (`panel/pages/network/ports.py`)."""

    empty_state = "Todavía no hay puertos: aparecen solos cuando agregás una caja NAP."
    empty_icon = "settings_input_component"
    list_display = ("where", "state_badge", "customer", "service_address", "note")
    list_filter = ("state", "box__zone", "box__pon__olt")
    list_select_related = ("box", "service__customer")
    search_fields = ("box__name", "service__customer__name", "=service__customer__code", "service__address", "note")
    search_help_text = "Caja, cliente, dirección o nota."
    resource_classes = [tables.NapPortResource]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return tuple(one for one in self.list_display if one != "customer" or sees_customers(request))

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        shown = sees_customers(request)
        return tuple(one for one in self.search_fields if shown or "customer" not in one)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        port = self.get_object(request, object_id)
        if port is None or not self.has_view_permission(request, port):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:panel_nap_port", port.pk)

    @display(description="Puerto", ordering="box__name")
    def where(self, port: NapPort) -> str:
        return str(port)

    @display(description="Estado", label=PORT_STATES, ordering="state")
    def state_badge(self, port: NapPort) -> str:
        return str(port.get_state_display())

    @display(description="Cliente", ordering="service__customer__name")
    def customer(self, port: NapPort) -> str:
        return port.service.customer.name if port.service else "—"

    @display(description="Dirección")
    def service_address(self, port: NapPort) -> str:
        return (port.service.address if port.service else "") or "—"
