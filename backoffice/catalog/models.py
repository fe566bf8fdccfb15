"""What the ISP sells and what it answers."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from backoffice.common.models import ConfigModel


class Zone(ConfigModel):
    """A coverage zone (ISPBOT-ZONE)."""

    name = models.CharField("nombre", max_length=80, unique=True)
    active = models.BooleanField("con cobertura", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "zona de cobertura"
        verbose_name_plural = "zonas de cobertura"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Plan(ConfigModel):
    """An Internet plan (ISPBOT-PLAN-02…06). Prices are final, in pesos a month; speeds in Mbps."""

    name = models.CharField("nombre", max_length=80, unique=True)
    price = models.DecimalField(
        "precio mensual", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    download = models.PositiveIntegerField("velocidad de bajada (Mbps)")
    upload = models.PositiveIntegerField("velocidad de subida (Mbps)")
    ideal_for = models.CharField("ideal para", max_length=120, blank=True)
    active = models.BooleanField("activo", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "plan de Internet"
        verbose_name_plural = "planes de Internet"
        ordering = ["price"]

    def __str__(self) -> str:
        return self.name


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
    answer = models.TextField("respuesta")
    position = models.PositiveSmallIntegerField("orden", default=0)
    active = models.BooleanField("activa", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "pregunta frecuente"
        verbose_name_plural = "preguntas frecuentes"
        ordering = ["area", "position", "pk"]

    def __str__(self) -> str:
        return self.question
