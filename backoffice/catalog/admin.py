"""What the ISP sells and answers: plans, promotions, zones, frequent questions and how the bot sells."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.decorators import display

from backoffice.catalog import services, tables
from backoffice.catalog.models import Faq, Plan, Promotion, SalesSettings, Zone
from backoffice.common.admin import SingletonAdmin
from backoffice.common.tables.admin import TableAdmin
from backoffice.company.selectors import today
from integrations.understanding.money import format_ars, short_ars

STATES = {"Activo": "success", "Inactivo": "danger"}


def _first_names(rows: Any, otherwise: str, most: int = 3) -> str:
    """A few names and how many more there are."""
    names = [str(row) for row in rows.all()]
    more = f" y {len(names) - most} más" if len(names) > most else ""
    return ", ".join(names[:most]) + more if names else otherwise


@admin.register(Plan)
class PlanAdmin(TableAdmin):
    story = "planes"
    list_before_template = "panel/list_history.html"
    empty_state = "Todavía no hay planes. Cargá los planes de Internet que vendés, con su precio y su velocidad."
    empty_icon = "speed"
    list_display = ("name", "price_shown", "speed", "state", "ideal_for", "sold_in")
    list_filter = ("active", "zones")
    search_fields = ("name", "ideal_for")
    autocomplete_fields = ("zones",)
    resource_classes = [tables.PlanResource]
    fieldsets = ((None, {"fields": (("name", "price"), ("download", "upload"), "ideal_for", "zones", "active")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        return super().get_queryset(request).prefetch_related("zones")

    def save_model(self, request: HttpRequest, obj: Plan, form: ModelForm, change: bool) -> None:
        services.save_plan(plan=obj, zones=form.cleaned_data["zones"])

    def delete_model(self, request: HttpRequest, obj: Plan) -> None:
        services.delete_plan(plan=obj)

    @display(description="Precio mensual", ordering="price")
    def price_shown(self, plan: Plan) -> str:
        return format_ars(plan.price)

    @display(description="Velocidad", ordering="download")
    def speed(self, plan: Plan) -> str:
        return f"{plan.download}/{plan.upload} Mbps"

    @display(description="Se vende en")
    def sold_in(self, plan: Plan) -> str:
        return _first_names(plan.zones, "Todas las zonas")

    @display(description="Estado", label=STATES, ordering="active")
    def state(self, plan: Plan) -> str:
        return "Activo" if plan.active else "Inactivo"


class StateFilter(admin.SimpleListFilter):
    """By how a promotion stands today, which no column says."""

    title = "estado"
    parameter_name = "estado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(key), str(label)) for key, label in Promotion.State.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Promotion]) -> QuerySet[Promotion]:
        if self.value() not in Promotion.State.values:
            return queryset
        day = today()
        begun, ended = Q(starts_on__lte=day), Q(ends_on__lt=day)
        which: dict[str, Q] = {
            Promotion.State.OFF: Q(active=False),
            Promotion.State.SCHEDULED: Q(active=True) & ~begun,
            Promotion.State.EXPIRED: Q(active=True) & begun & ended,
            Promotion.State.RUNNING: Q(active=True) & begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=day)),
        }
        return queryset.filter(which[str(self.value())])


@admin.register(Promotion)
class PromotionAdmin(TableAdmin):
    story = "promociones"
    list_before_template = "panel/list_history.html"
    empty_state = "Todavía no hay promociones. Cargá una con su descuento y sus fechas: el bot la ofrece sola."
    empty_icon = "sell"
    list_display = ("name", "state", "discounts", "dates", "where")
    list_filter = (StateFilter, "zones", "plans")
    search_fields = ("name", "description")
    autocomplete_fields = ("zones", "plans")
    resource_classes = [tables.PromotionResource]
    actions = ["delete_selected"]  # type: ignore[assignment] # the expired ones, together (PROMO-09)
    change_form_after_template = "panel/promotion_preview.html"
    fieldsets = (
        (None, {"fields": (("name", "active"), "description")}),
        (
            "Descuentos",
            {
                "fields": (
                    ("installation_discount", "installation_unit"),
                    ("monthly_discount", "monthly_unit"),
                    "months",
                )
            },
        ),
        ("Cuándo y dónde", {"fields": (("starts_on", "ends_on"), "zones", "plans")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promotion]:
        return super().get_queryset(request).prefetch_related("zones", "plans")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"starts_on": today(), **super().get_changeform_initial_data(request)}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        request.today = today()  # type: ignore[attr-defined] # once for all rows
        return super().changelist_view(request, extra_context)

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """The state needs today's date, which is asked once a page and not once a row."""
        day = getattr(request, "today", None) or today()

        @display(
            description="Estado",
            label={"Vigente": "success", "Programada": "info", "Vencida": "warning", "Inactiva": "danger"},
            ordering="starts_on",
        )
        def state(promotion: Promotion) -> str:
            return str(promotion.state(day).label)

        return ("name", state, "discounts", "dates", "where")

    def save_model(self, request: HttpRequest, obj: Promotion, form: ModelForm, change: bool) -> None:
        data = form.cleaned_data
        services.save_promotion(promotion=obj, zones=data["zones"], plans=data["plans"])

    @display(description="Descuento")
    def discounts(self, promotion: Promotion) -> str:
        parts = []
        if promotion.installation_discount is not None:
            parts.append(f"{_off(promotion.installation_discount, promotion.installation_unit)} en la instalación")
        if promotion.monthly_discount is not None:
            months = f"{promotion.months} meses" if promotion.months != 1 else "1 mes"
            parts.append(f"{_off(promotion.monthly_discount, promotion.monthly_unit)} del abono por {months}")
        return " y ".join(parts)

    @display(description="Vigencia", ordering="starts_on")
    def dates(self, promotion: Promotion) -> str:
        since = f"{promotion.starts_on:%d/%m/%Y}"
        return f"{since} al {promotion.ends_on:%d/%m/%Y}" if promotion.ends_on else f"Desde el {since}"

    @display(description="Dónde y para qué")
    def where(self, promotion: Promotion) -> str:
        zones = _first_names(promotion.zones, "Todas las zonas")
        return f"{zones} · {_first_names(promotion.plans, 'todos los planes')}"


def _off(value: Any, unit: str) -> str:
    return f"{value.normalize():f} %".replace(".", ",") if unit == Promotion.Unit.PERCENT else short_ars(value)


@admin.register(Zone)
class ZoneAdmin(TableAdmin):
    story = "zonas"
    list_before_template = "panel/list_history.html"
    empty_state = "Todavía no hay zonas. Agregá los barrios o localidades donde das servicio."
    empty_icon = "location_on"
    list_display = ("name", "state", "aliases")
    list_filter = ("coverage",)
    search_fields = ("name", "aliases")
    resource_classes = [tables.ZoneResource]

    def save_model(self, request: HttpRequest, obj: Zone, form: ModelForm, change: bool) -> None:
        services.save_zone(zone=obj)

    def delete_model(self, request: HttpRequest, obj: Zone) -> None:
        services.delete_zone(zone=obj)

    @display(
        description="Cobertura",
        label={"Con cobertura": "success", "A confirmar": "warning", "Sin cobertura": "danger"},
        ordering="coverage",
    )
    def state(self, zone: Zone) -> str:
        return str(zone.get_coverage_display())


@admin.register(Faq)
class FaqAdmin(TableAdmin):
    empty_state = "Todavía no hay preguntas frecuentes. Agregá lo que más te preguntan y el bot lo contesta solo."
    empty_icon = "quiz"
    list_display = ("question", "area_badge", "category", "position", "state")
    list_display_links = ("question",)
    list_filter = ("area", "category", "active")
    search_fields = ("question", "keywords", "answer")
    list_before_template = "panel/faq_list_top.html"
    resource_classes = [tables.FaqResource]
    fieldsets = ((None, {"fields": (("area", "category"), "question", "keywords", "answer", "active")}),)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"area": Faq.Area.SUPPORT, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Faq, form: ModelForm, change: bool) -> None:
        services.save_faq(faq=obj)

    @display(description="Área", label={"Soporte": "info", "Ventas": "success"}, ordering="area")
    def area_badge(self, faq: Faq) -> str:
        return str(faq.get_area_display())

    @display(description="Estado", label={"Activa": "success", "Inactiva": "danger"}, ordering="active")
    def state(self, faq: Faq) -> str:
        return "Activa" if faq.active else "Inactiva"


@admin.register(SalesSettings)
class SalesSettingsAdmin(SingletonAdmin):
    fieldsets = (
        (
            None,
            {
                "fields": ("welcome", "description", "installation_cost", "no_coverage_message", "orders"),
                "description": "Cómo presenta el bot lo que vendés. Rige al instante.",
            },
        ),
    )
