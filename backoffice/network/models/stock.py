"""What the ISP installs: equipment that has a serial, and what is counted or measured (WIS-STK)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from backoffice.customers.models import Service


class Item(models.Model):
    """A thing that is bought: an ONU of a model, a cable. It is followed one by one, or by quantity."""

    class Kind(models.TextChoices):
        ONU = "onu", "ONU / ONT"
        ROUTER = "router", "Router"
        ANTENNA = "antenna", "Antena"
        SWITCH = "switch", "Switch"
        BOX = "box", "Decodificador"
        CABLE = "cable", "Cable"
        CONNECTOR = "connector", "Conector"
        OTHER = "other", "Otro"

    class Measure(models.TextChoices):
        SERIAL = "serial", "Uno por uno, con su número de serie"
        UNITS = "units", "Por cantidad (unidades)"
        METRES = "metres", "Por cantidad (metros)"

    name = models.CharField("nombre", max_length=80, unique=True, help_text="Por ejemplo: ONU Huawei HG8310M.")
    kind = models.CharField("tipo", max_length=10, choices=Kind.choices)
    measure = models.CharField("cómo se controla", max_length=8, choices=Measure.choices, default=Measure.SERIAL)
    active = models.BooleanField("se sigue usando", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "artículo"
        verbose_name_plural = "artículos"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def has_serials(self) -> bool:
        return self.measure == self.Measure.SERIAL

    @property
    def sign(self) -> str:
        """What goes after a quantity."""
        return "m" if self.measure == self.Measure.METRES else "u."


class Deposit(models.Model):
    """Where what is not installed is kept."""

    name = models.CharField("nombre", max_length=60, unique=True)
    address = models.CharField("dirección", max_length=160, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "depósito"
        verbose_name_plural = "depósitos"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Whereabouts(models.Model):
    """Where a thing is: the state, and whoever that state needs (and nobody else)."""

    class State(models.TextChoices):
        DEPOSIT = "deposit", "En depósito"
        TECHNICIAN = "technician", "En poder de un técnico"
        INSTALLED = "installed", "Instalado"
        REPAIR = "repair", "En reparación"
        RETIRED = "retired", "De baja"

    state = models.CharField("estado", max_length=10, choices=State.choices)
    deposit = models.ForeignKey(
        Deposit, verbose_name="depósito", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="técnico",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    service = models.ForeignKey(
        Service,
        verbose_name="servicio",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )

    #: Which column each state needs.
    HOLDERS: ClassVar[dict[str, str]] = {"deposit": "deposit", "technician": "technician", "installed": "service"}

    class Meta:
        abstract = True

    @property
    def place(self) -> str:
        """Where it is, in words: «Depósito Central», «Juan Pérez», «María González · San Martín 450»."""
        if self.service:
            return f"{self.service.customer} · {self.service.address or self.service.plan}"
        return str(self.deposit or self.technician or self.get_state_display())


def _one_holder() -> Q:
    """The state and its holder say the same."""
    nobody = {f"{column}__isnull": True for column in ("deposit", "technician", "service")}
    rule = Q(state__in=["repair", "retired"], **nobody)
    for state, column in Whereabouts.HOLDERS.items():
        rule |= Q(state=state, **{**nobody, f"{column}__isnull": False})
    return rule


class Unit(Whereabouts):
    """One piece of equipment. `serial` is capitals and digits; `mac` is twelve hexadecimal capitals, without colons.

    Where it is, is what its last `UnitMove` says: only services write both.
    """

    item = models.ForeignKey(Item, verbose_name="artículo", on_delete=models.PROTECT, related_name="units")
    serial = models.CharField("número de serie", max_length=40, unique=True)
    mac = models.CharField("MAC", max_length=12, null=True, blank=True, unique=True)
    since = models.DateTimeField("desde", default=timezone.now)
    notes = models.CharField("notas", max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "equipo"
        verbose_name_plural = "equipos"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "item"], name="unit_by_state")]
        constraints = [models.CheckConstraint(condition=_one_holder(), name="unit_has_one_holder")]

    def __str__(self) -> str:
        return f"{self.item} {self.serial}"

    @property
    def mac_shown(self) -> str:
        """A4:C6:4F:00:11:22"""
        return ":".join((self.mac or "")[at : at + 2] for at in range(0, len(self.mac or ""), 2))


class UnitMove(Whereabouts):
    """A line of a unit's ledger: where it went, who said so and why. Lines are only added.

    Where it came from is the line before.
    """

    unit = models.ForeignKey(Unit, verbose_name="equipo", on_delete=models.PROTECT, related_name="moves")
    reason = models.CharField("motivo", max_length=120, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="quién", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("cuándo", default=timezone.now)

    class Meta:
        verbose_name = "movimiento de equipo"
        verbose_name_plural = "movimientos de equipos"
        ordering = ["-id"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=_one_holder(), name="unit_move_has_one_holder")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.get_state_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _only_added(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the lines of a ledger are only added")


class Supply(models.Model):
    """How much of a thing without serials there is in a deposit. It is the sum of its `SupplyMove` lines."""

    item = models.ForeignKey(Item, verbose_name="artículo", on_delete=models.PROTECT, related_name="supplies")
    deposit = models.ForeignKey(Deposit, verbose_name="depósito", on_delete=models.PROTECT, related_name="supplies")
    quantity = models.PositiveIntegerField("cantidad", default=0)
    minimum = models.PositiveIntegerField(
        "avisar cuando baje de", default=0, help_text="Con 0 no avisa. En unidades o metros, según el artículo."
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "insumo"
        verbose_name_plural = "insumos"
        ordering = ["item__name", "deposit__name"]
        constraints = [
            models.UniqueConstraint(fields=["item", "deposit"], name="supply_once_a_deposit"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="supply_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item} en {self.deposit}"

    @property
    def is_short(self) -> bool:
        return self.quantity < self.minimum

    @property
    def amount(self) -> str:
        """«1.250 m»"""
        return f"{self.quantity:,} {self.item.sign}".replace(",", ".")


class SupplyMove(models.Model):
    """A line of a supply's ledger: how much came (or went, when negative), and why. Lines are only added."""

    supply = models.ForeignKey(Supply, verbose_name="insumo", on_delete=models.PROTECT, related_name="moves")
    change = models.IntegerField("cambio")
    reason = models.CharField("motivo", max_length=120)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="quién", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("cuándo", default=timezone.now)

    class Meta:
        verbose_name = "movimiento de insumo"
        verbose_name_plural = "movimientos de insumos"
        ordering = ["-id"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(change=0), name="supply_move_changes_something")]

    def __str__(self) -> str:
        return f"{self.change:+d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _only_added(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the lines of a ledger are only added")


def _only_added(line: models.Model) -> None:
    if not line._state.adding:
        raise TypeError("the lines of a ledger are only added")
