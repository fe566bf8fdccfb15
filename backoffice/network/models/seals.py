"""Seals (precintos): each number is somewhere, from the day it came (WIS-SEAL)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from backoffice.customers.models import Service
from backoffice.network.models.plant import NapBox, NapPort


class SealBatch(models.Model):
    """A roll of seals as it was received: every number between `first` and `last` is a `Seal`."""

    prefix = models.CharField("letras", max_length=10, blank=True)
    first = models.PositiveIntegerField("desde")
    last = models.PositiveIntegerField("hasta")
    width = models.PositiveSmallIntegerField("cifras", default=1)
    note = models.CharField("nota", max_length=120, blank=True, help_text="Proveedor, remito o color.")
    received_at = models.DateTimeField("recibidos", default=timezone.now)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "tanda de precintos"
        verbose_name_plural = "tandas de precintos"
        ordering = ["prefix", "first"]
        constraints = [models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="seal_batch_in_order")]

    def __str__(self) -> str:
        return f"{self.code(self.first)} a {self.code(self.last)}"

    def code(self, number: int) -> str:
        """A number as it is printed on the seal: «FS000123»."""
        return f"{self.prefix}{number:0{self.width}d}"


class Seal(models.Model):
    """One number. Used means on a customer's service, on a port or on a box: the most precise that is known."""

    class State(models.TextChoices):
        STORED = "stored", "Guardado"
        HANDED = "handed", "En poder de un técnico"
        USED = "used", "Usado"
        VOID = "void", "Anulado"

    batch = models.ForeignKey(SealBatch, verbose_name="tanda", on_delete=models.PROTECT, related_name="seals")
    prefix = models.CharField("letras", max_length=10, blank=True)
    number = models.PositiveIntegerField("número")
    code = models.CharField("precinto", max_length=24, unique=True)
    state = models.CharField("estado", max_length=8, choices=State.choices, default=State.STORED)
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="técnico",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Quién lo tiene, o quién lo usó.",
    )
    service = models.ForeignKey(
        Service, verbose_name="servicio", null=True, blank=True, on_delete=models.PROTECT, related_name="seals"
    )
    port = models.ForeignKey(
        NapPort, verbose_name="puerto", null=True, blank=True, on_delete=models.PROTECT, related_name="seals"
    )
    box = models.ForeignKey(
        NapBox, verbose_name="caja", null=True, blank=True, on_delete=models.PROTECT, related_name="seals"
    )
    at = models.DateTimeField("desde", default=timezone.now)
    reason = models.CharField("motivo", max_length=120, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "precinto"
        verbose_name_plural = "precintos"
        ordering = ["prefix", "number"]
        constraints = [
            models.UniqueConstraint(fields=["prefix", "number"], name="seal_number_once"),
            models.CheckConstraint(
                condition=(Q(state="used") & (Q(service__isnull=False) | Q(port__isnull=False) | Q(box__isnull=False)))
                | (~Q(state="used") & Q(service__isnull=True, port__isnull=True, box__isnull=True)),
                name="seal_used_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed") | Q(technician__isnull=False), name="seal_handed_to_somebody"
            ),
            models.CheckConstraint(condition=~Q(state="void") | ~Q(reason=""), name="seal_void_with_its_reason"),
            models.CheckConstraint(
                condition=~Q(state="stored") | Q(technician__isnull=True), name="seal_stored_by_nobody"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def place(self) -> str:
        """Where it was used, in words; empty when it was not."""
        where = [self.service.customer.name if self.service else "", str(self.port or self.box or "")]
        return " · ".join(part for part in where if part)
