"""Equipment, supplies, and where both are kept."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from backoffice.common.errors import DomainError
from backoffice.common.tables.admin import TableAdmin
from backoffice.network import services, tables
from backoffice.network.admin.base import MovedByVerbs
from backoffice.network.models import Deposit, Item, Supply, SupplyMove, Unit
from backoffice.network.scanning import clean_mac, clean_serial
from backoffice.network.selectors.stock import ledger

UNIT_STATES = {
    "En depósito": "success",
    "En poder de un técnico": "warning",
    "Instalado": "info",
    "En reparación": "warning",
    "De baja": "danger",
}
MOVES = 50


@admin.register(Item)
class ItemAdmin(TableAdmin):
    empty_state = "Todavía no hay artículos. Agregá los modelos de ONU, routers, cables y conectores que usás."
    empty_icon = "category"
    list_display = ("name", "kind", "measure", "state")
    list_filter = ("kind", "measure", "active")
    search_fields = ("name",)
    resource_classes = [tables.ItemResource]
    fieldsets = ((None, {"fields": (("name", "kind"), "measure", "active")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Item | None = None) -> tuple[str, ...]:
        """How it is followed is chosen once: what is loaded already was loaded so."""
        return ("measure",) if obj and (obj.units.exists() or obj.supplies.exists()) else ()

    @display(description="Estado", label={"Se usa": "success", "Ya no se usa": "danger"}, ordering="active")
    def state(self, item: Item) -> str:
        return "Se usa" if item.active else "Ya no se usa"


@admin.register(Deposit)
class DepositAdmin(TableAdmin):
    empty_state = "Todavía no hay depósitos. Agregá dónde guardás los equipos y los materiales."
    empty_icon = "warehouse"
    list_display = ("name", "address")
    search_fields = ("name", "address")
    resource_classes = [tables.DepositResource]


class NewUnitsForm(forms.ModelForm):
    """One or a thousand: a serial a line, as the reader of bar codes leaves them."""

    deposit = forms.ModelChoiceField(
        Deposit.objects.all(), label="Depósito", widget=UnfoldAdminSelectWidget, help_text="Dónde quedan guardados."
    )
    serials = forms.CharField(
        label="Números de serie",
        max_length=200_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12, "autofocus": True, "spellcheck": "false"}),
        help_text="Escanealos o pegalos, uno por línea. Si tiene MAC, en la misma línea después de un espacio.",
    )
    reason = forms.CharField(
        label="De dónde vienen",
        required=False,
        max_length=120,
        widget=UnfoldAdminTextInputWidget,
        help_text="Compra, remito o devolución. Queda en el historial de cada equipo.",
    )

    class Meta:
        model = Unit
        fields = ("item",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_serial = Item.objects.filter(measure=Item.Measure.SERIAL, active=True)
        self.fields["item"].queryset = with_serial  # type: ignore[attr-defined]


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ("item", "serial", "mac", "notes")

    def clean_serial(self) -> str:
        return _cleaned(clean_serial, self.cleaned_data["serial"]) or ""

    def clean_mac(self) -> str | None:
        return _cleaned(clean_mac, self.cleaned_data["mac"] or "")


def _cleaned(rule: Any, typed: str) -> str | None:
    try:
        found: str | None = rule(typed)
    except DomainError as error:
        raise ValidationError(error.message[:1].upper() + error.message[1:]) from None
    return found


@admin.register(Unit)
class UnitAdmin(MovedByVerbs, TableAdmin):
    form = UnitForm
    empty_state = (
        "Todavía no hay equipos. Cargalos escaneando sus números de serie: después se sabe dónde está cada uno."
    )
    empty_icon = "router"
    list_display = ("serial", "item", "state_badge", "place_shown", "mac_display", "since_day")
    list_filter = ("state", "item", "item__kind", "deposit", "technician")
    list_select_related = ("item", "deposit", "technician", "service__customer", "service__plan")
    search_fields = ("serial", "mac", "service__customer__name", "=service__customer__code", "notes")
    search_help_text = "Número de serie, MAC o cliente."
    list_before_template = "network/units_before.html"
    change_form_outer_after_template = "network/unit_ledger.html"
    readonly_fields = ("state_badge", "place_shown", "since")
    resource_classes = [tables.UnitResource]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return False  # they come in by scanning, which says where they are; the file is for looking at

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewUnitsForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Unit | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": (("item", "deposit"), "serials", "reason")}),)
        return ((None, {"fields": (("item", "state_badge"), ("serial", "mac"), ("place_shown", "since"), "notes")}),)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Unit], search_term: str
    ) -> tuple[QuerySet[Unit], bool]:
        """A MAC or a serial is found with or without its colons and dashes."""
        bare = search_term.replace(":", "").replace("-", "").replace(".", "")
        term = bare if " " not in search_term and any(char.isdigit() for char in bare) else search_term
        return super().get_search_results(request, queryset, term)

    def save_model(self, request: HttpRequest, obj: Unit, form: forms.ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        data = form.cleaned_data
        rows = services.add_units(
            item=data["item"],
            serials=data["serials"],
            deposit=data["deposit"],
            reason=data["reason"],
            by=request.user,
        )
        obj.pk = rows[0].pk
        obj.refresh_from_db()
        request.added = len(rows)  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Unit, post_url_continue: str | None = None) -> HttpResponse:
        count = getattr(request, "added", 1)
        what = f"Se cargó {obj}" if count == 1 else f"Se cargaron {count} equipos"
        messages.success(request, f"{what} en {obj.deposit}.")
        again = "_addanother" in request.POST
        return redirect("admin:network_unit_add" if again else "admin:network_unit_changelist")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        unit = self.get_object(request, object_id)
        shown = {"ledger": ledger(unit)} if isinstance(unit, Unit) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it goes «De baja», with its reason: nothing that was bought disappears

    @display(description="Estado", label=UNIT_STATES, ordering="state")
    def state_badge(self, unit: Unit) -> str:
        return str(unit.get_state_display())

    @display(description="Dónde está")
    def place_shown(self, unit: Unit) -> str:
        return unit.place

    @display(description="Desde", ordering="since")
    def since_day(self, unit: Unit) -> str:
        return f"{timezone.localtime(unit.since):%d/%m/%Y}"

    @display(description="MAC", ordering="mac")
    def mac_display(self, unit: Unit) -> str:
        return unit.mac_shown or "—"


class ShortFilter(admin.SimpleListFilter):
    title = "existencias"
    parameter_name = "existencias"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("faltan", "Por debajo del mínimo"), ("sin", "Sin nada")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Supply]) -> QuerySet[Supply]:
        if self.value() == "faltan":
            return queryset.filter(quantity__lt=F("minimum"))
        return queryset.filter(quantity=0) if self.value() == "sin" else queryset


class SupplyForm(forms.ModelForm):
    class Meta:
        model = Supply
        fields = ("item", "deposit", "minimum")
        error_messages = {"__all__": {"unique_together": "Ese artículo ya está cargado en ese depósito."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "item" in self.fields:
            counted = Item.objects.exclude(measure=Item.Measure.SERIAL).filter(active=True)
            self.fields["item"].queryset = counted  # type: ignore[attr-defined]


@admin.register(Supply)
class SupplyAdmin(MovedByVerbs, TableAdmin):
    form = SupplyForm
    empty_state = (
        "Todavía no hay insumos. Cargá cables y conectores con «Registrar movimiento» y te avisa cuando falten."
    )
    empty_icon = "cable"
    list_display = ("item", "amount_shown", "deposit", "alert", "minimum")
    list_filter = (ShortFilter, "deposit", "item__kind")
    list_select_related = ("item", "deposit")
    search_fields = ("item__name", "deposit__name")
    list_before_template = "network/supplies_before.html"
    change_form_outer_after_template = "network/supply_ledger.html"
    readonly_fields = ("amount_shown",)
    resource_classes = [tables.SupplyResource]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return False  # quantities only change by movements

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what never moved."""
        never = obj is None or not obj.moves.exists()
        return never and super().has_delete_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Supply | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": (("item", "deposit"), "minimum")}),)
        return ((None, {"fields": (("item", "deposit"), ("amount_shown", "minimum"))}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Supply | None = None) -> tuple[str, ...]:
        return ("amount_shown", "item", "deposit") if obj else ()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        supply = self.get_object(request, object_id)
        shown: dict[str, Any] = {}
        if isinstance(supply, Supply):
            shown["moves"] = SupplyMove.objects.filter(supply=supply).select_related("by")[:MOVES]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    @display(description="Hay", ordering="quantity")
    def amount_shown(self, supply: Supply) -> str:
        return supply.amount

    @display(description="Estado", label={"Alcanza": "success", "Falta reponer": "danger", "Sin aviso": "default"})
    def alert(self, supply: Supply) -> str:
        if supply.is_short:
            return "Falta reponer"
        return "Alcanza" if supply.minimum else "Sin aviso"
