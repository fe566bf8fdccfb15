"""The order («pedido», OPEN-ORD): what somebody asked for by chat, from their first word to how it ended."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from backoffice.catalog.models import Plan
from backoffice.conversations.models import Contact
from backoffice.customers.models import Customer
from backoffice.tickets.models import Ticket

LASTS = timedelta(hours=48)
"""How long after its reception an order that nobody ended expires (OPEN-ORD-16)."""
WARNED_BEFORE = timedelta(hours=4)
"""How long before that the supervisors hear of one that somebody attends (AMB-31)."""
BOT = "El bot"
"""The reason of the lines of history that the bot writes."""


class Branch(models.Model):
    """An office of the company where its sales are attended. Orders may be of none."""

    name = models.CharField(
        "nombre", max_length=60, unique=True, error_messages={"unique": "Ya hay una sucursal con ese nombre."}
    )
    address = models.CharField("dirección", max_length=160, blank=True)
    active = models.BooleanField("activa", default=True, help_text="Los pedidos nuevos se asignan solo a las activas.")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "sucursal"
        verbose_name_plural = "sucursales"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SalesOrder(models.Model):
    """One order of one contact, who has at most one that is open: the database says so.

    `data` is what the bot collected, as a ticket's. `ticket` is the case by which people attend it.
    """

    class State(models.TextChoices):
        INCOMPLETE = "incompleto", "Incompleto"
        COMPLETE = "completo", "Completo"
        IN_PROCESS = "en_proceso", "En proceso"
        INVOICED = "facturado", "Facturado"
        CANCELLED = "cancelado", "Cancelado"
        RESOLVED = "resuelto", "Resuelto"
        NO_ANSWER = "no_contesta", "No contesta"
        EXPIRED = "vencido", "Vencido"

    class Payment(models.TextChoices):
        CASH = "efectivo", "Efectivo"
        TRANSFER = "transferencia", "Transferencia"
        DEBIT = "debito", "Débito automático"
        CARD = "tarjeta", "Tarjeta"
        WALLET = "billetera", "Billetera virtual"
        OTHER = "otra", "Otra"

    OPEN = (State.INCOMPLETE, State.COMPLETE, State.IN_PROCESS)
    BY_HAND = (State.IN_PROCESS, State.INVOICED, State.CANCELLED, State.RESOLVED, State.NO_ANSWER)

    number = models.PositiveBigIntegerField("número", unique=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="orders", verbose_name="contacto")
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="orders", verbose_name="cliente"
    )
    branch = models.ForeignKey(
        Branch, null=True, blank=True, on_delete=models.PROTECT, related_name="orders", verbose_name="sucursal"
    )
    state = models.CharField("estado", max_length=12, choices=State.choices, default=State.INCOMPLETE)
    received_at = models.DateTimeField("recibido", default=timezone.now, db_index=True)
    subject = models.CharField("qué pide", max_length=120, blank=True)
    data = models.JSONField("datos recopilados", default=list, blank=True)
    plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="orders", verbose_name="plan"
    )
    amount = models.DecimalField(
        "monto",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0), "El monto no puede ser negativo.")],
    )
    payment = models.CharField("forma de pago", max_length=14, choices=Payment.choices, blank=True)
    comments = models.TextField("comentarios", blank=True, max_length=2000)
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="orders", verbose_name="ticket"
    )
    ended_at = models.DateTimeField("terminado", null=True, blank=True)
    warned_at = models.DateTimeField("avisado al supervisor", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "pedido"
        verbose_name_plural = "pedidos"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(state__in=["incompleto", "completo", "en_proceso"]),
                name="order_one_open_per_contact",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["incompleto", "completo", "en_proceso"], ended_at__isnull=True)
                | Q(state__in=["facturado", "cancelado", "resuelto", "no_contesta", "vencido"], ended_at__isnull=False),
                name="order_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="order_amount",
                violation_error_message="El monto no puede ser negativo.",
            ),
        ]
        indexes = [models.Index(fields=["state", "received_at"], name="order_by_state")]

    def __str__(self) -> str:
        return f"Pedido N° {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def expires_at(self) -> datetime:
        """When it ends by itself, while it is open."""
        return self.received_at + LASTS

    @property
    def next_states(self) -> tuple[State, ...]:
        """Where staff may take it: attended, then ended. What is ended stays so (AMB-31)."""
        if not self.is_open:
            return ()
        return tuple(state for state in self.BY_HAND if state != self.state)
