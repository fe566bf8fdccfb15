"""The ways to talk: a WhatsApp number or something that stands for one."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from backoffice.common.models import ConfigModel


class Channel(ConfigModel):
    """A number of ours and how it may send. What it is doing right now is in `ChannelStatus`."""

    class Kind(models.TextChoices):
        SIMULATOR = "simulator", "Simulador"
        PREVIEW = "preview", "Prueba"

    class Policy(models.TextChoices):
        PRUDENT = "prudente", "Prudente"
        MANUAL = "manual", "Manual"

    name = models.CharField("nombre", max_length=60)
    kind = models.CharField("tipo", max_length=20, choices=Kind.choices)
    enabled = models.BooleanField("habilitado", default=True)
    for_customers = models.BooleanField("atiende a clientes", default=True)
    for_staff = models.BooleanField("lleva los grupos de agentes", default=True)
    policy = models.CharField(
        "ritmo de envío",
        max_length=12,
        choices=Policy.choices,
        default=Policy.MANUAL,
        help_text="Prudente cuida el número (para líneas vinculadas por QR). Manual usa los tiempos que elijas.",
    )
    human_pause = models.BooleanField(
        "pausa humana", default=False, help_text="Espera un momento antes de cada respuesta, como quien escribe."
    )
    gap_min = models.DecimalField(
        "demora mínima entre avisos (s)",
        max_digits=5,
        decimal_places=1,
        default=2,
        validators=[MinValueValidator(0)],
    )
    gap_max = models.DecimalField(
        "demora máxima entre avisos (s)",
        max_digits=5,
        decimal_places=1,
        default=8,
        validators=[MinValueValidator(0)],
    )
    batch_size = models.PositiveSmallIntegerField("tamaño de lote", default=50, validators=[MinValueValidator(1)])
    batch_pause = models.PositiveSmallIntegerField("demora entre lotes (s)", default=60)
    notices_on = models.BooleanField(
        "manda avisos", default=True, help_text="Apagalo para frenar todos los avisos. Las respuestas siguen saliendo."
    )
    daily_cap = models.PositiveIntegerField(
        "máximo de avisos por día",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Sólo para Manual. Vacío: sin máximo. Prudente pone el suyo según la edad del número.",
    )
    in_use_since = models.DateField(
        "el número se usa desde",
        null=True,
        blank=True,
        help_text="Si ya lo usabas antes, poné desde cuándo. Vacío: desde que se vinculó acá.",
    )
    timeout = models.PositiveSmallIntegerField(
        "timeout de conexión (s)",
        default=30,
        validators=[MinValueValidator(3), MaxValueValidator(120)],
        help_text="Cuánto se espera la respuesta de WhatsApp antes de darla por perdida.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "canal"
        verbose_name_plural = "canales"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(gap_max__gte=F("gap_min")),
                name="channel_gap_forward",
                violation_error_message="La demora máxima no puede ser menor que la mínima.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ChannelStatus(models.Model):
    """What a channel's process last said of itself. Written by the bot only."""

    class State(models.TextChoices):
        CONNECTED = "connected", "CONECTADO"
        WAITING_QR = "waiting_qr", "ESPERANDO QR"
        DISCONNECTED = "disconnected", "DESCONECTADO"

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="status", verbose_name="canal")
    state = models.CharField("estado", max_length=16, choices=State.choices, default=State.DISCONNECTED)
    reason = models.CharField("motivo", max_length=200, blank=True)
    number = models.CharField("número", max_length=24, blank=True)
    qr = models.TextField("código QR", blank=True)
    since = models.DateTimeField("desde", null=True, blank=True)
    seen_at = models.DateTimeField("último latido", null=True, blank=True)
    paused_until = models.DateTimeField("envíos en pausa hasta", null=True, blank=True)
    next_notice_at = models.DateTimeField("próximo aviso desde", null=True, blank=True)
    notices_in_batch = models.PositiveSmallIntegerField("avisos de este lote", default=0)
    linked_at = models.DateTimeField("vinculado desde", null=True, blank=True)
    stopped_until = models.DateTimeField("avisos frenados hasta", null=True, blank=True)
    stopped_why = models.CharField("motivo del freno", max_length=200, blank=True)
    stops = models.PositiveSmallIntegerField("frenos seguidos", default=0)
    cursor = models.CharField(max_length=120, blank=True, help_text="Hasta dónde se leyó la red.")

    class Meta:
        verbose_name = "estado de canal"
        verbose_name_plural = "estado de los canales"

    def __str__(self) -> str:
        return f"{self.channel}: {self.get_state_display()}"


class SentHour(models.Model):
    """How many notices left a channel in one hour: what its caps are counted by. Written by the bot only."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="sent_hours", verbose_name="canal")
    hour = models.DateTimeField("hora", help_text="Su comienzo.")
    notices = models.PositiveIntegerField("avisos", default=0)
    strangers = models.PositiveIntegerField("a quien no es cliente", default=0)

    class Meta:
        verbose_name = "avisos de una hora"
        verbose_name_plural = "avisos por hora"
        constraints = [models.UniqueConstraint(fields=["channel", "hour"], name="sent_hour_once")]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.hour:%Y-%m-%d %H}: {self.notices}"
