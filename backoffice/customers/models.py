"""The ISP's customers: the system itself where the ISP has none, a mirror of it where it has."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from backoffice.catalog.models import Plan, Zone
from integrations.understanding.phones import parse_phone


class Customer(models.Model):
    """Who pays. `document` holds digits only (DNI or CUIT); `code` is the number on the invoice."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Activo"
        SUSPENDED = "suspended", "Suspendido"
        RETIRED = "retired", "De baja"

    code = models.CharField("número de cliente", max_length=20, unique=True)
    name = models.CharField("nombre", max_length=120)
    document = models.CharField("DNI o CUIT", max_length=11, blank=True, db_index=True)
    email = models.EmailField("correo", blank=True)
    address = models.CharField("domicilio", max_length=160, blank=True)
    zone = models.ForeignKey(Zone, verbose_name="zona", null=True, blank=True, on_delete=models.SET_NULL)
    status = models.CharField("estado", max_length=12, choices=Status.choices, default=Status.ACTIVE)
    notes = models.TextField("notas", blank=True)
    created_at = models.DateTimeField("alta", auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "cliente"
        verbose_name_plural = "clientes"
        ordering = ["name"]
        indexes = [
            models.Index(fields=["name", "-id"], name="customer_by_name"),  # as the list is shown
            models.Index(fields=["status", "name", "-id"], name="customer_by_status"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


class CustomerPhone(models.Model):
    """A phone on file. `number` is E.164; `key` is what phones are compared by (10 digits in Argentina)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="phones", verbose_name="cliente")
    number = models.CharField(
        "teléfono", max_length=24, help_text="Como lo tengas: 261 234-5678, 0261 15 234-5678, +54 9…"
    )
    key = models.CharField(max_length=20, db_index=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "teléfono"
        verbose_name_plural = "teléfonos"
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="customer_phone_unique")]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        self.canonise()

    def canonise(self, default_area: str = "") -> None:
        """Turn what was typed into E.164 and its key. Raises ValidationError when it is no phone."""
        parsed = parse_phone(self.number, default_area)
        if parsed is None:
            raise ValidationError(
                {"number": "No parece un teléfono. Poné la característica y el número, por ejemplo 261 234-5678."}
            )
        self.number, self.key = parsed.e164, parsed.key10 or parsed.e164.lstrip("+")


class Service(models.Model):
    """A contract: one connection of a customer."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Activo"
        SUSPENDED = "suspended", "Suspendido"
        CANCELLED = "cancelled", "De baja"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="services", verbose_name="cliente")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, verbose_name="plan")
    price = models.DecimalField(
        "precio mensual", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    address = models.CharField("dirección de la conexión", max_length=160, blank=True)
    status = models.CharField("estado", max_length=12, choices=Status.choices, default=Status.ACTIVE)
    since = models.DateField("desde", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "servicio"
        verbose_name_plural = "servicios"

    def __str__(self) -> str:
        return f"{self.plan} · {self.address}" if self.address else str(self.plan)
