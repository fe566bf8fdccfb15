"""What the ISP sells and what it answers."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from backoffice.common.models import ConfigModel, Singleton, single_row
from backoffice.common.text import check_blanks
from integrations.understanding.offers import Discount, Promo

MOST_MONTHS = 36
# What an answer may name between braces; the bot fills it with what the panel says at that moment.
ANSWER_BLANKS = ("empresa", "telefono", "direccion", "costo_instalacion")


class Zone(ConfigModel):
    """A coverage zone (ISPBOT-ZONE). `aliases` are other names people give it: neighbourhoods, localities."""

    class Coverage(models.TextChoices):
        YES = "yes", "Con cobertura"
        CHECK = "check", "A confirmar"
        NO = "no", "Sin cobertura"

    name = models.CharField("nombre", max_length=80, unique=True)
    coverage = models.CharField(
        "cobertura",
        max_length=8,
        choices=Coverage.choices,
        default=Coverage.YES,
        help_text="«A confirmar»: hace falta una factibilidad antes de decir que sí.",
    )
    aliases = models.CharField(
        "barrios y otros nombres",
        max_length=400,
        blank=True,
        help_text="Separados por comas: el bot reconoce la zona por cualquiera de ellos.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "zona de cobertura"
        verbose_name_plural = "zonas de cobertura"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and the others people give it."""
        return (self.name, *(part.strip() for part in self.aliases.split(",") if part.strip()))


class Plan(ConfigModel):
    """An Internet plan (ISPBOT-PLAN-02…06). Prices are final, in pesos a month; speeds in Mbps."""

    name = models.CharField("nombre", max_length=80, unique=True)
    price = models.DecimalField(
        "precio mensual", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    download = models.PositiveIntegerField("velocidad de bajada (Mbps)", validators=[MinValueValidator(1)])
    upload = models.PositiveIntegerField("velocidad de subida (Mbps)", validators=[MinValueValidator(1)])
    ideal_for = models.CharField("ideal para", max_length=120, blank=True, help_text="Hogar, streaming, gaming…")
    zones = models.ManyToManyField(
        Zone,
        verbose_name="zonas",
        blank=True,
        related_name="plans",
        help_text="Dónde se vende. Si no elegís ninguna, en todas.",
    )
    active = models.BooleanField("activo", default=True, help_text="El bot ofrece solo los activos.")
    history = HistoricalRecords(m2m_fields=[zones])

    class Meta:
        verbose_name = "plan de Internet"
        verbose_name_plural = "planes de Internet"
        ordering = ["price"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="plan_price",
                violation_error_message="El precio no puede ser negativo.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Promotion(ConfigModel):
    """A discount on the installation, on the monthly price, or on both (ISPBOT-PROMO, AMB-23).

    Whether it is in force is computed from its dates and the switch, never stored.
    """

    class Unit(models.TextChoices):
        PERCENT = "percent", "%"
        AMOUNT = "amount", "$"

    class State(models.TextChoices):
        RUNNING = "running", "Vigente"
        SCHEDULED = "scheduled", "Programada"
        EXPIRED = "expired", "Vencida"
        OFF = "off", "Inactiva"

    name = models.CharField("nombre", max_length=80, unique=True, help_text="Por ejemplo: 50% OFF el primer mes.")
    description = models.TextField(
        "términos y condiciones", blank=True, max_length=1000, help_text="El bot los dice tal cual."
    )
    installation_discount = models.DecimalField(
        "descuento en la instalación", max_digits=12, decimal_places=2, null=True, blank=True
    )
    installation_unit = models.CharField(
        "instalación: en % o en $",
        max_length=8,
        choices=Unit.choices,
        default=Unit.AMOUNT,
        help_text="100 % es instalación gratis.",
    )
    monthly_discount = models.DecimalField(
        "descuento en el abono mensual", max_digits=12, decimal_places=2, null=True, blank=True
    )
    monthly_unit = models.CharField("abono: en % o en $", max_length=8, choices=Unit.choices, default=Unit.PERCENT)
    months = models.PositiveSmallIntegerField(
        "durante cuántos meses",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    zones = models.ManyToManyField(
        Zone,
        verbose_name="zonas",
        blank=True,
        related_name="promotions",
        help_text="Dónde vale. Si no elegís ninguna, en todas.",
    )
    plans = models.ManyToManyField(
        Plan,
        verbose_name="planes",
        blank=True,
        related_name="promotions",
        help_text="Para qué planes. Si no elegís ninguno, para todos.",
    )
    starts_on = models.DateField("desde")
    ends_on = models.DateField("hasta", null=True, blank=True, help_text="Inclusive. Vacío: sin vencimiento.")
    active = models.BooleanField("activa", default=True, help_text="Apagala para que el bot deje de ofrecerla ya.")
    history = HistoricalRecords(m2m_fields=[zones, plans])

    class Meta:
        verbose_name = "promoción"
        verbose_name_plural = "promociones"
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(installation_discount__isnull=False) | Q(monthly_discount__isnull=False),
                name="promotion_discounts_something",
                violation_error_message="Poné un descuento en la instalación, en el abono, o en los dos.",
            ),
            models.CheckConstraint(
                condition=Q(installation_discount__isnull=True)
                | Q(installation_discount__gt=0, installation_unit="amount")
                | Q(installation_discount__gt=0, installation_discount__lte=100, installation_unit="percent"),
                name="promotion_installation_range",
                violation_error_message="El descuento de la instalación no puede ser ese.",
            ),
            models.CheckConstraint(
                condition=Q(monthly_discount__isnull=True)
                | Q(monthly_discount__gt=0, monthly_unit="amount")
                | Q(monthly_discount__gt=0, monthly_discount__lte=100, monthly_unit="percent"),
                name="promotion_monthly_range",
                violation_error_message="El descuento del abono no puede ser ese.",
            ),
            models.CheckConstraint(
                condition=Q(monthly_discount__isnull=True, months__isnull=True)
                | Q(monthly_discount__isnull=False, months__isnull=False, months__gte=1, months__lte=MOST_MONTHS),
                name="promotion_months",
                violation_error_message="Los meses van con el descuento del abono.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="promotion_forward",
                violation_error_message="La promoción termina antes de empezar.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The same that the constraints hold, said at the field."""
        wrong: dict[str, str] = {}
        for field, unit in (("installation_discount", self.installation_unit), ("monthly_discount", self.monthly_unit)):
            value = getattr(self, field)
            if value is not None and value <= 0:
                wrong[field] = "Tiene que ser mayor que cero; si no hay descuento, dejalo vacío."
            elif value is not None and unit == self.Unit.PERCENT and value > 100:
                wrong[field] = "Un porcentaje no pasa de 100."
        if self.installation_discount is None and self.monthly_discount is None:
            wrong["installation_discount"] = "Poné un descuento en la instalación, en el abono, o en los dos."
        if self.monthly_discount is not None and self.months is None:
            wrong["months"] = "¿Durante cuántos meses vale el descuento del abono?"
        elif self.monthly_discount is None and self.months is not None:
            wrong["months"] = "Los meses van con el descuento del abono: poné los dos, o ninguno."
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            wrong["ends_on"] = "Termina antes de empezar."
        if wrong:
            raise ValidationError(wrong)

    def state(self, day: date) -> "Promotion.State":
        """How it stands on a local date."""
        if not self.active:
            return self.State.OFF
        if day < self.starts_on:
            return self.State.SCHEDULED
        return self.State.EXPIRED if self.ends_on and day > self.ends_on else self.State.RUNNING

    def promo(self) -> Promo:
        """What the price is computed with. Prefetch `zones` and `plans` where there are many."""
        return self.promo_for(self.zones.all(), self.plans.all())

    def promo_for(self, zones: Iterable[Zone], plans: Iterable[Plan]) -> Promo:
        """The same, for a promotion that is still being typed."""
        return Promo(
            self.name,
            self.description.strip(),
            _discount(self.installation_discount, self.installation_unit),
            _discount(self.monthly_discount, self.monthly_unit),
            self.months or 0,
            frozenset(zone.pk for zone in zones),
            frozenset(plan.pk for plan in plans),
            self.starts_on,
            self.ends_on,
        )


def _discount(value: Decimal | None, unit: str) -> Discount | None:
    return None if value is None else Discount(value, percent=unit == Promotion.Unit.PERCENT)


class SalesSettings(Singleton):
    """How the bot sells (ISPBOT-SALE-01…04, AMB-24)."""

    welcome = models.TextField(
        "mensaje de bienvenida",
        blank=True,
        max_length=1000,
        default="¡Hola! 👋 Te cuento lo que tenemos para vos.",
        help_text="Lo primero que lee quien pregunta por los planes sin ser cliente. Podés usar {empresa}.",
    )
    description = models.TextField(
        "descripción general",
        blank=True,
        max_length=1000,
        help_text="Quiénes son y qué servicios dan. Va después de la bienvenida. Podés usar {empresa}.",
    )
    installation_cost = models.DecimalField(
        "costo de instalación",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="El estándar, en pesos. Vacío: a confirmar. En las respuestas se escribe {costo_instalacion}.",
    )
    no_coverage_message = models.TextField(
        "mensaje de despedida",
        max_length=1000,
        default="Por ahora no llegamos a {zona} 😔. ¡Ojalá sea pronto! Gracias por escribirnos.",
        help_text="A quien vive donde no hay cobertura. Podés usar {zona} y {empresa}.",
    )
    orders = models.BooleanField(
        "llevar pedidos",
        default=False,
        help_text="Cada charla que empieza con el bot abre un pedido, que se sigue en Comercial → Pedidos.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ajustes de ventas"
        verbose_name_plural = "ajustes de ventas"
        constraints = [
            single_row("sales_settings_single"),
            models.CheckConstraint(
                condition=Q(installation_cost__isnull=True) | Q(installation_cost__gte=0),
                name="sales_installation_cost",
                violation_error_message="El costo no puede ser negativo.",
            ),
        ]

    def __str__(self) -> str:
        return "Ajustes de ventas"

    def clean(self) -> None:
        check_blanks(
            {
                "welcome": (self.welcome, ("empresa",)),
                "description": (self.description, ("empresa",)),
                "no_coverage_message": (self.no_coverage_message, ("zona", "empresa")),
            }
        )


class Faq(ConfigModel):
    """A question people ask and what we answer (ISPBOT-FAQV, ISPBOT-FAQS)."""

    class Area(models.TextChoices):
        SUPPORT = "support", "Soporte"
        SALES = "sales", "Ventas"

    key = models.CharField(
        "clave",
        max_length=40,
        blank=True,
        db_index=True,
        help_text="La usa el sistema para actualizar las que trae de fábrica.",
    )
    area = models.CharField("área", max_length=10, choices=Area.choices)
    category = models.CharField("categoría", max_length=60)
    question = models.CharField("pregunta", max_length=200)
    keywords = models.CharField(
        "otras formas de preguntarlo", max_length=400, blank=True, help_text="Separadas por comas."
    )
    answer = models.TextField(
        "respuesta", help_text="Podés usar {empresa}, {telefono}, {direccion} y {costo_instalacion}."
    )
    position = models.PositiveSmallIntegerField("orden", default=0)
    active = models.BooleanField("activa", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "pregunta frecuente"
        verbose_name_plural = "preguntas frecuentes"
        ordering = ["area", "position", "pk"]

    def __str__(self) -> str:
        return self.question

    def clean(self) -> None:
        check_blanks({"answer": (self.answer, ANSWER_BLANKS)})

    @property
    def phrases(self) -> tuple[str, ...]:
        """The other ways to ask it."""
        return tuple(part.strip() for part in self.keywords.split(",") if part.strip())
