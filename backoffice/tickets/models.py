"""A case that a person attends, and its whole story."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.customers.models import Customer


class Ticket(models.Model):
    """One case. Taken by an agent in a personal group, or by a user in the panel.

    `data` is what was collected: [{"label": "Domicilio", "value": "San Martín 450"}].
    """

    class State(models.TextChoices):
        PENDING = "pendiente", "Pendiente"
        IN_PROGRESS = "en_progreso", "En progreso"
        CLOSED = "cerrado", "Cerrado"

    class Area(models.TextChoices):
        SUPPORT = "support", "Soporte"
        SALES = "sales", "Ventas"

    class Priority(models.IntegerChoices):
        URGENT = 0, "Urgente"
        NORMAL = 1, "Normal"

    class Sentiment(models.TextChoices):
        HAPPY = "contento", "Contento"
        NEUTRAL = "neutro", "Neutro"
        FRUSTRATED = "frustrado", "Frustrado"
        ANGRY = "enojado", "Enojado"

    number = models.PositiveBigIntegerField("número", unique=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="tickets", verbose_name="contacto")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="tickets", verbose_name="conversación"
    )
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets", verbose_name="cliente"
    )
    area = models.CharField("área", max_length=10, choices=Area.choices, default=Area.SUPPORT)
    state = models.CharField("estado", max_length=12, choices=State.choices, default=State.PENDING)
    priority = models.PositiveSmallIntegerField("prioridad", choices=Priority.choices, default=Priority.NORMAL)
    sentiment = models.CharField("sentimiento", max_length=10, choices=Sentiment.choices, default=Sentiment.NEUTRAL)
    subject = models.CharField("asunto", max_length=120)
    message = models.TextField("mensaje", blank=True)
    data = models.JSONField("datos recopilados", default=list, blank=True)
    queue = models.ForeignKey(
        WhatsAppGroup,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="queued_tickets",
        verbose_name="cola",
    )
    group = models.ForeignKey(
        WhatsAppGroup,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
        verbose_name="grupo personal",
    )
    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets", verbose_name="agente"
    )
    user = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
        verbose_name="atendido desde el panel por",
    )
    opened_at = models.DateTimeField("abierto", default=timezone.now, db_index=True)
    announce_at = models.DateTimeField("se anuncia", null=True, blank=True)
    announced_at = models.DateTimeField("anunciado", null=True, blank=True)
    taken_at = models.DateTimeField("tomado", null=True, blank=True)
    closed_at = models.DateTimeField("cerrado", null=True, blank=True)
    close_reason = models.CharField("motivo de cierre", max_length=300, blank=True)
    escalated_at = models.DateTimeField("avisado al supervisor", null=True, blank=True)
    rating = models.PositiveSmallIntegerField(
        "calificación", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )

    class Meta:
        verbose_name = "ticket"
        verbose_name_plural = "tickets"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=Q(state="en_progreso"), name="ticket_one_per_group"),
            models.UniqueConstraint(
                fields=["conversation"], condition=~Q(state="cerrado"), name="ticket_one_open_per_chat"
            ),
            models.CheckConstraint(
                condition=~Q(state="en_progreso") | Q(agent__isnull=False) | Q(user__isnull=False),
                name="ticket_in_progress_has_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "priority", "id"], name="ticket_board"),
            # The list with one of its filters, the newest first: what is rare is found without reading the rest.
            models.Index(fields=["state", "-id"], name="ticket_by_state"),
            models.Index(fields=["priority", "-id"], name="ticket_by_priority"),
            models.Index(fields=["sentiment", "-id"], name="ticket_by_sentiment"),
        ]
        permissions = [
            ("take_ticket", "Tomar y atender tickets"),
            ("close_ticket", "Cerrar tickets"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def seat(self) -> str:
        """Who attends it, as a page remembers it: «usuario:3», «agente:5», "" when nobody does."""
        if self.state != self.State.IN_PROGRESS:
            return ""
        return f"usuario:{self.user_id}" if self.user_id else f"agente:{self.agent_id}"


class TicketEvent(models.Model):
    """A line of the case's story. Notes never leave the house."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Se abrió"
        ANNOUNCED = "announced", "Se anunció"
        MESSAGE = "message", "El cliente agregó"
        TAKEN = "taken", "Lo tomó"
        REFUSED = "refused", "No se pudo tomar"
        NOTE = "note", "Nota interna"
        TRANSFERRED = "transferred", "Se transfirió"
        ESCALATED = "escalated", "Se avisó al supervisor"
        CLOSED = "closed", "Se cerró"
        REOPENED = "reopened", "Se reabrió"
        RATED = "rated", "Calificación"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events", verbose_name="ticket")
    kind = models.CharField("qué pasó", max_length=12, choices=Kind.choices)
    actor = models.CharField("quién", max_length=80, blank=True)
    text = models.TextField("detalle", blank=True)
    at = models.DateTimeField("cuándo", default=timezone.now)

    class Meta:
        verbose_name = "paso del ticket"
        verbose_name_plural = "historia del ticket"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.text}".strip()


class TicketPost(models.Model):
    """Each message of ours about a ticket in a main group: quoting any of them takes it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="posts")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="ticket_post")

    class Meta:
        verbose_name = "aviso del ticket"
        verbose_name_plural = "avisos del ticket"

    def __str__(self) -> str:
        return f"Aviso de {self.ticket}"
