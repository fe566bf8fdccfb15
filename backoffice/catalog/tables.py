"""Plans, zones, promotions and questions as spreadsheets. What is imported passes the verbs of what is typed."""

from datetime import date, datetime
from typing import Any

from import_export import widgets
from import_export.fields import Field

from backoffice.catalog import services
from backoffice.catalog.models import Faq, Plan, Promotion, Zone
from backoffice.common.errors import DomainError
from backoffice.common.tables.resources import SavedByService, TableResource
from backoffice.common.tables.widgets import ChoiceWidget, NamesWidget, PesosWidget, YesNoWidget
from backoffice.company.services import parse_date


class DayWidget(widgets.Widget):
    """A date as people type it, or as a spreadsheet keeps it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if value in (None, "") or isinstance(value, date):
            return value or None
        try:
            return parse_date(str(value))
        except DomainError as error:
            raise ValueError(error.message) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%d/%m/%Y}" if value else ""


def _column(attribute: str, name: str, widget: widgets.Widget | None = None) -> Field:
    """A column; one without a widget is text, whose empty cells are empty texts."""
    return Field(attribute=attribute, column_name=name, widget=widget or widgets.CharWidget(allow_blank=True))


class ZoneResource(SavedByService):
    name = _column("name", "nombre")
    coverage = _column("coverage", "cobertura", ChoiceWidget(Zone.Coverage, Zone.Coverage.YES))
    aliases = _column("aliases", "barrios y otros nombres")

    class Meta(TableResource.Meta):
        model = Zone
        fields = ("name", "coverage", "aliases")
        import_id_fields = ("name",)

    def write(self, instance: Zone) -> None:
        services.save_zone(zone=instance)


class PlanResource(SavedByService):
    name = _column("name", "nombre")
    price = _column("price", "precio mensual", PesosWidget())
    download = _column("download", "bajada Mbps", widgets.IntegerWidget())
    upload = _column("upload", "subida Mbps", widgets.IntegerWidget())
    ideal_for = _column("ideal_for", "ideal para")
    zones = _column("zones", "zonas", NamesWidget(Zone))
    active = _column("active", "activo", YesNoWidget())

    class Meta(TableResource.Meta):
        model = Plan
        fields = ("name", "price", "download", "upload", "ideal_for", "zones", "active")
        import_id_fields = ("name",)

    def write(self, instance: Plan) -> None:
        services.save_plan(plan=instance, zones=self.lists["zones"])


class PromotionResource(SavedByService):
    name = _column("name", "nombre")
    description = _column("description", "términos y condiciones")
    installation_discount = _column("installation_discount", "descuento instalación", PesosWidget())
    installation_unit = _column(
        "installation_unit", "instalación en", ChoiceWidget(Promotion.Unit, Promotion.Unit.AMOUNT)
    )
    monthly_discount = _column("monthly_discount", "descuento abono", PesosWidget())
    monthly_unit = _column("monthly_unit", "abono en", ChoiceWidget(Promotion.Unit, Promotion.Unit.PERCENT))
    months = _column("months", "meses", widgets.IntegerWidget())
    zones = _column("zones", "zonas", NamesWidget(Zone))
    plans = _column("plans", "planes", NamesWidget(Plan))
    starts_on = _column("starts_on", "desde", DayWidget())
    ends_on = _column("ends_on", "hasta", DayWidget())
    active = _column("active", "activa", YesNoWidget())

    class Meta(TableResource.Meta):
        model = Promotion
        fields = (
            "name", "description", "installation_discount", "installation_unit", "monthly_discount", "monthly_unit",
            "months", "zones", "plans", "starts_on", "ends_on", "active",
        )  # fmt: skip
        import_id_fields = ("name",)

    def write(self, instance: Promotion) -> None:
        services.save_promotion(promotion=instance, zones=self.lists["zones"], plans=self.lists["plans"])


class FaqResource(SavedByService):
    area = _column("area", "área", ChoiceWidget(Faq.Area))
    category = _column("category", "categoría")
    question = _column("question", "pregunta")
    keywords = _column("keywords", "otras formas de preguntarlo")
    answer = _column("answer", "respuesta")
    active = _column("active", "activa", YesNoWidget())

    class Meta(TableResource.Meta):
        model = Faq
        fields = ("area", "category", "question", "keywords", "answer", "active")
        import_id_fields = ("area", "question")

    def write(self, instance: Faq) -> None:
        """New questions go last, in the file's order."""
        services.save_faq(faq=instance)
