"""Plans, zones, promotions and questions as spreadsheets. What is imported passes the verbs of what is typed."""

from import_export import widgets

from backoffice.catalog import services
from backoffice.catalog.models import Faq, Plan, Promotion, Zone
from backoffice.common.tables.columns import Column, names_of
from backoffice.common.tables.resources import SavedByService, TableResource
from backoffice.common.tables.widgets import ChoiceWidget, DayWidget, NamesWidget, PesosWidget, YesNoWidget


class ZoneResource(SavedByService):
    name = Column("name", "nombre", example="Godoy Cruz | Maipú | Luján de Cuyo")
    coverage = Column(
        "coverage",
        "cobertura",
        ChoiceWidget(Zone.Coverage, Zone.Coverage.YES),
        example="Con cobertura | A confirmar | Sin cobertura",
    )
    aliases = Column(
        "aliases",
        "barrios y otros nombres",
        example="Villa Hipódromo, Trapiche | Gutiérrez, Coquimbito | Chacras de Coria",
    )

    class Meta(TableResource.Meta):
        model = Zone
        fields = ("name", "coverage", "aliases")
        import_id_fields = ("name",)

    def write(self, instance: Zone) -> None:
        services.save_zone(zone=instance)

    def erase(self, instance: Zone) -> None:
        services.delete_zone(zone=instance)


class PlanResource(SavedByService):
    name = Column("name", "nombre", example="Fibra 100MB | Fibra 300MB | Fibra 600MB")
    price = Column("price", "precio mensual", PesosWidget(), example="18.500,00 | 24.900,00 | 32.000,50")
    download = Column("download", "bajada Mbps", widgets.IntegerWidget(), example="100 | 300 | 600")
    upload = Column("upload", "subida Mbps", widgets.IntegerWidget(), example="50 | 150 | 300")
    ideal_for = Column(
        "ideal_for", "ideal para", example="Para navegar y estudiar | Familias que miran series | Gaming y trabajo"
    )
    zones = Column(
        "zones",
        "zonas",
        NamesWidget(Zone),
        gathers=names_of(Plan.zones.through, "plan", "zone"),
        example="Godoy Cruz | Godoy Cruz, Maipú | ",
    )
    active = Column("active", "activo", YesNoWidget(), example="sí | sí | no")

    class Meta(TableResource.Meta):
        model = Plan
        fields = ("name", "price", "download", "upload", "ideal_for", "zones", "active")
        import_id_fields = ("name",)

    def write(self, instance: Plan) -> None:
        services.save_plan(plan=instance, zones=self.lists["zones"])

    def erase(self, instance: Plan) -> None:
        services.delete_plan(plan=instance)


class PromotionResource(SavedByService):
    name = Column("name", "nombre", example="Verano 2027 | Instalación bonificada")
    description = Column(
        "description", "términos y condiciones", example="Solo clientes nuevos | Pagando con débito automático"
    )
    installation_discount = Column(
        "installation_discount", "descuento instalación", PesosWidget(), example="10.000,00 | 100,00"
    )
    installation_unit = Column(
        "installation_unit", "instalación en", ChoiceWidget(Promotion.Unit, Promotion.Unit.AMOUNT), example="$ | %"
    )
    monthly_discount = Column("monthly_discount", "descuento abono", PesosWidget(), example="20,00 |")
    monthly_unit = Column(
        "monthly_unit", "abono en", ChoiceWidget(Promotion.Unit, Promotion.Unit.PERCENT), example="% | %"
    )
    months = Column("months", "meses", widgets.IntegerWidget(), example="3 |")
    zones = Column(
        "zones",
        "zonas",
        NamesWidget(Zone),
        gathers=names_of(Promotion.zones.through, "promotion", "zone"),
        example="Godoy Cruz | ",
    )
    plans = Column(
        "plans",
        "planes",
        NamesWidget(Plan),
        gathers=names_of(Promotion.plans.through, "promotion", "plan"),
        example="Fibra 300MB | Fibra 100MB, Fibra 300MB",
    )
    starts_on = Column("starts_on", "desde", DayWidget(), example="01/12/2026 | 01/12/2026")
    ends_on = Column("ends_on", "hasta", DayWidget(), example="28/02/2027 | ")
    active = Column("active", "activa", YesNoWidget(), example="sí | sí")

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
    area = Column("area", "área", ChoiceWidget(Faq.Area), example="Soporte | Ventas")
    category = Column("category", "categoría", example="Wifi | Instalación")
    question = Column("question", "pregunta", example="¿Cómo cambio la clave del wifi? | ¿Cuánto tarda la instalación?")
    keywords = Column(
        "keywords", "otras formas de preguntarlo", example="contraseña, password, clave | demora, cuándo vienen"
    )
    answer = Column(
        "answer",
        "respuesta",
        example="Escribinos «cambiar clave» y la cambiamos. | Entre dos y cinco días hábiles desde que confirmás.",
    )
    active = Column("active", "activa", YesNoWidget(), example="sí | sí")

    class Meta(TableResource.Meta):
        model = Faq
        fields = ("area", "category", "question", "keywords", "answer", "active")
        import_id_fields = ("area", "question")

    def write(self, instance: Faq) -> None:
        """New questions go last, in the file's order."""
        services.save_faq(faq=instance)
