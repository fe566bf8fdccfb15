"""Who attends, and the WhatsApp groups where they do (file 1 of the seeds)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from backoffice.accounts.models import User
from backoffice.common.models import ConfigModel, Singleton, single_row
from backoffice.conversations.models import Contact, Conversation, Message


class AttentionSettings(Singleton):
    """How cases are shared out."""

    make_admins = models.BooleanField(
        "los agentes son administradores del grupo",
        default=True,
        help_text="Un administrador puede sacar al bot del grupo: si pasa, te avisamos.",
    )
    sla_minutes = models.PositiveSmallIntegerField(
        "avisar al supervisor a los (min)", default=15, validators=[MinValueValidator(1)]
    )
    sla_minutes_urgent = models.PositiveSmallIntegerField(
        "si es urgente, a los (min)", default=5, validators=[MinValueValidator(1)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ajustes de atención"
        verbose_name_plural = "ajustes de atención"
        constraints = [single_row("attention_settings_single")]

    def __str__(self) -> str:
        return "Ajustes de atención"


class Agent(ConfigModel):
    """A person who takes cases (GRP-AGT-03…06). `phone_key` is what their number is compared by."""

    name = models.CharField("nombre", max_length=60)
    phone = models.CharField(
        "número de WhatsApp",
        max_length=24,
        help_text="Característica y número, sin el 54 ni el 9. Por ejemplo: 3815551234.",
    )
    phone_key = models.CharField(
        max_length=20, unique=True, editable=False, error_messages={"unique": "Ya hay un agente con ese número."}
    )
    group_count = models.PositiveSmallIntegerField(
        "cantidad de grupos",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="Cuántos clientes atiende a la vez. Medio turno: 1 o 2. Turno completo: 3 o 4. Supervisor: 5 o más.",
    )
    active = models.BooleanField("activo", default=True)
    registered_at = models.DateTimeField("registrado", null=True, blank=True, editable=False)
    contact = models.OneToOneField(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="agent", editable=False
    )
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="agent", verbose_name="usuario del panel"
    )
    created_at = models.DateTimeField("creado", auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "agente"
        verbose_name_plural = "agentes"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


class WhatsAppGroup(ConfigModel):
    """A group of ours. Main ones are queues (several of a kind, by shift or speciality); personal ones are seats.

    `conversation` appears when the network has made the group.
    """

    class Kind(models.TextChoices):
        SUPPORT = "support", "Soporte"
        SALES = "sales", "Ventas"
        SUPERVISOR = "supervisor", "Supervisor"
        PERSONAL = "personal", "Personal"

    class State(models.TextChoices):
        PENDING = "pending", "Por crear"
        READY = "ready", "Configurado"
        FAILED = "failed", "No se pudo crear"
        RETIRED = "retired", "Retirado"

    kind = models.CharField("tipo", max_length=12, choices=Kind.choices)
    name = models.CharField("nombre", max_length=100)
    state = models.CharField("estado", max_length=10, choices=State.choices, default=State.PENDING)
    conversation = models.OneToOneField(
        Conversation, null=True, blank=True, on_delete=models.PROTECT, related_name="group", editable=False
    )
    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="groups", verbose_name="agente"
    )
    number = models.PositiveSmallIntegerField("N°", default=1)
    error = models.CharField("motivo", max_length=200, blank=True)
    bot_removed = models.BooleanField("sacaron al bot", default=False)
    created_at = models.DateTimeField("creado", auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "grupo de WhatsApp"
        verbose_name_plural = "grupos de WhatsApp"
        ordering = ["kind", "agent", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "number"], condition=Q(kind="personal"), name="personal_group_number"
            ),
            models.CheckConstraint(
                condition=Q(kind="personal", agent__isnull=False) | (~Q(kind="personal") & Q(agent__isnull=True)),
                name="personal_group_has_agent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_main(self) -> bool:
        return self.kind != self.Kind.PERSONAL


class GroupMember(ConfigModel):
    """An agent in a main group or in their own. `state` says what the network answered."""

    class State(models.TextChoices):
        PENDING = "pending", "Por agregar"
        ADDED = "added", "En el grupo"
        INVITED = "invited", "Invitado por enlace"
        FAILED = "failed", "No se pudo agregar"

    group = models.ForeignKey(WhatsAppGroup, on_delete=models.CASCADE, related_name="members", verbose_name="grupo")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="memberships", verbose_name="agente")
    state = models.CharField("estado", max_length=10, choices=State.choices, default=State.PENDING)
    is_admin = models.BooleanField("administrador", default=False)
    error = models.CharField("motivo", max_length=200, blank=True)

    class Meta:
        verbose_name = "integrante"
        verbose_name_plural = "integrantes"
        constraints = [models.UniqueConstraint(fields=["group", "agent"], name="group_member_unique")]

    def __str__(self) -> str:
        return f"{self.agent} en {self.group}"


class RegistrationRequest(models.Model):
    """The «responde LISTO» that was asked (GRP-REG-01); answering it by quote binds number and agent."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="registration_requests")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="registration")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "pedido de registro"
        verbose_name_plural = "pedidos de registro"

    def __str__(self) -> str:
        return f"Registro de {self.agent}"
