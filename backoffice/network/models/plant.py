"""From the OLT to the port that a customer's fibre ends in (WIS-NAP, WIS-OLT)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from backoffice.catalog.models import Zone
from backoffice.customers.models import Service
from integrations.understanding.places import Point

MOST_PONS = 256
MOST_PORTS = 128


class Olt(models.Model):
    """The head of the fibre. `pon_count` says how many `PonPort` rows it has: services keep both alike."""

    name = models.CharField("nombre", max_length=60, unique=True, help_text="Por ejemplo: OLT Central.")
    brand = models.CharField("marca", max_length=40, blank=True, help_text="Huawei, ZTE, V-SOL…")
    model = models.CharField("modelo", max_length=60, blank=True)
    address = models.GenericIPAddressField(
        "IP de gestión", null=True, blank=True, help_text="Solo para tenerla a mano: el sistema no se conecta."
    )
    pon_count = models.PositiveSmallIntegerField(
        "puertos PON", validators=[MinValueValidator(1), MaxValueValidator(MOST_PONS)], default=8
    )
    place = models.CharField("dónde está", max_length=160, blank=True, help_text="Nodo, rack o dirección.")
    notes = models.TextField("notas", blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "OLT"
        verbose_name_plural = "OLT"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PonPort(models.Model):
    """A mouth of the OLT, from which boxes hang."""

    olt = models.ForeignKey(Olt, on_delete=models.CASCADE, related_name="pons", verbose_name="OLT")
    number = models.PositiveSmallIntegerField("PON")

    class Meta:
        verbose_name = "puerto PON"
        verbose_name_plural = "puertos PON"
        ordering = ["olt__name", "number"]
        constraints = [models.UniqueConstraint(fields=["olt", "number"], name="pon_once_an_olt")]

    def __str__(self) -> str:
        return f"{self.olt} · PON {self.number}"


class NapBox(models.Model):
    """A NAP or CTO: where the fibre of the street becomes ports (WIS-NAP-01…04).

    `capacity` says how many `NapPort` rows it has: services keep both alike. Latitude and longitude are
    degrees with six decimals, both or none.
    """

    name = models.CharField("nombre o código", max_length=60, unique=True, help_text="Por ejemplo: NAP-GC-014.")
    zone = models.ForeignKey(
        Zone, verbose_name="zona", null=True, blank=True, on_delete=models.PROTECT, related_name="nap_boxes"
    )
    pon = models.ForeignKey(
        PonPort,
        verbose_name="OLT y puerto PON",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="boxes",
        help_text="De dónde le llega la fibra.",
    )
    capacity = models.PositiveSmallIntegerField(
        "puertos",
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PORTS)],
        help_text="Cuántas bocas tiene: 4, 8, 16, 32…",
    )
    address = models.CharField("dirección", max_length=160, blank=True, help_text="Poste, esquina o calle y número.")
    latitude = models.DecimalField("latitud", max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("longitud", max_digits=9, decimal_places=6, null=True, blank=True)
    notes = models.TextField("notas", blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "caja NAP"
        verbose_name_plural = "cajas NAP"
        ordering = ["name"]
        indexes = [models.Index(fields=["latitude", "longitude"], name="nap_box_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="nap_box_on_the_map",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)

    @point.setter
    def point(self, point: Point | None) -> None:
        self.latitude, self.longitude = (point.latitude, point.longitude) if point else (None, None)


class NapPort(models.Model):
    """A mouth of a box. One service has one port and one port one service: the database says so."""

    class State(models.TextChoices):
        FREE = "free", "Libre"
        OCCUPIED = "occupied", "Ocupado"
        RESERVED = "reserved", "Reservado"
        BROKEN = "broken", "Roto"

    box = models.ForeignKey(NapBox, on_delete=models.CASCADE, related_name="ports", verbose_name="caja")
    number = models.PositiveSmallIntegerField("puerto")
    state = models.CharField("estado", max_length=10, choices=State.choices, default=State.FREE)
    service = models.OneToOneField(
        Service,
        verbose_name="servicio",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="nap_port",
    )
    note = models.CharField("nota", max_length=120, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "puerto de caja"
        verbose_name_plural = "puertos de cajas"
        ordering = ["box__name", "number"]
        constraints = [
            models.UniqueConstraint(fields=["box", "number"], name="nap_port_once_a_box"),
            models.CheckConstraint(
                condition=Q(state="occupied", service__isnull=False)
                | (Q(state__in=["free", "reserved", "broken"]) & Q(service__isnull=True)),
                name="nap_port_occupied_by_a_service",
            ),
        ]
        indexes = [models.Index(fields=["box", "state"], name="nap_port_by_state")]

    def __str__(self) -> str:
        return f"{self.box} · puerto {self.number}"

    def in_the_way(self) -> str:
        """What to do before the service that has it, or its customer, is deleted."""
        return f"Tiene asignado el puerto {self.number} de la caja {self.box}: liberalo primero."
