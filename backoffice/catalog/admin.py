"""What the ISP sells and answers: plans, zones and frequent questions."""

from django.contrib import admin
from unfold.decorators import display

from backoffice.catalog.models import Faq, Plan, Zone
from backoffice.common.admin import BackofficeAdmin
from integrations.understanding.money import format_ars

STATES = {"Activo": "success", "Inactivo": "danger"}


@admin.register(Plan)
class PlanAdmin(BackofficeAdmin):
    empty_state = "Todavía no hay planes. Cargá los planes de Internet que vendés, con su precio y su velocidad."
    empty_icon = "speed"
    list_display = ("name", "price_shown", "speed", "ideal_for", "state")
    list_filter = ("active",)
    search_fields = ("name", "ideal_for")
    fieldsets = ((None, {"fields": (("name", "price"), ("download", "upload"), "ideal_for", "active")}),)

    @display(description="Precio mensual", ordering="price")
    def price_shown(self, plan: Plan) -> str:
        return format_ars(plan.price)

    @display(description="Velocidad", ordering="download")
    def speed(self, plan: Plan) -> str:
        return f"{plan.download}/{plan.upload} Mbps"

    @display(description="Estado", label=STATES, ordering="active")
    def state(self, plan: Plan) -> str:
        return "Activo" if plan.active else "Inactivo"


@admin.register(Zone)
class ZoneAdmin(BackofficeAdmin):
    empty_state = "Todavía no hay zonas. Agregá los barrios o localidades donde das servicio."
    empty_icon = "location_on"
    list_display = ("name", "state")
    list_filter = ("active",)
    search_fields = ("name",)

    @display(description="Cobertura", label={"Con cobertura": "success", "Sin cobertura": "danger"}, ordering="active")
    def state(self, zone: Zone) -> str:
        return "Con cobertura" if zone.active else "Sin cobertura"


@admin.register(Faq)
class FaqAdmin(BackofficeAdmin):
    empty_state = "Todavía no hay preguntas frecuentes. Agregá lo que más te preguntan y el bot lo contesta solo."
    empty_icon = "quiz"
    list_display = ("question", "area_badge", "category", "position", "state")
    list_display_links = ("question",)
    list_filter = ("area", "category", "active")
    search_fields = ("question", "keywords", "answer")
    list_before_template = "panel/faq_try.html"
    fieldsets = ((None, {"fields": (("area", "category"), "question", "keywords", "answer", ("position", "active"))}),)

    @display(description="Área", label={"Soporte": "info", "Ventas": "success"}, ordering="area")
    def area_badge(self, faq: Faq) -> str:
        return str(faq.get_area_display())

    @display(description="Estado", label={"Activa": "success", "Inactiva": "danger"}, ordering="active")
    def state(self, faq: Faq) -> str:
        return "Activa" if faq.active else "Inactiva"
