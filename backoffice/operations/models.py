"""How the bot behaves right now, and whether it is alive."""

from django.core.validators import MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from backoffice.accounts.models import User
from backoffice.catalog.models import Zone
from backoffice.common.models import Singleton, single_row


class BotControl(Singleton):
    """The mode (ISPBOT-MODE-01…07) and the emergency message."""

    class Mode(models.TextChoices):
        FULL = "completo", "Modo Completo"
        GATEWAY = "solo_gateway", "Modo Solo Gateway"
        EMERGENCY = "emergencia", "Modo Emergencia"
        STOPPED = "parado", "Modo Parado"

    mode = models.CharField("modo", max_length=14, choices=Mode.choices, default=Mode.FULL)
    emergency_text = models.TextField(
        "mensaje de emergencia",
        default="Estamos con una falla general que afecta el servicio. Nuestro equipo ya está trabajando. "
        "Te avisamos apenas se normalice. ¡Gracias por la paciencia!",
    )
    emergency_every = models.PositiveSmallIntegerField(
        "repetir el mensaje cada (min)",
        default=30,
        validators=[MinValueValidator(1)],
        help_text="A cada cliente, si vuelve a escribir.",
    )
    emergency_zones = models.ManyToManyField(
        Zone,
        blank=True,
        verbose_name="zonas afectadas",
        related_name="+",
        help_text="Sin ninguna, el mensaje va a todos.",
    )
    changed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="lo activó"
    )
    changed_at = models.DateTimeField("desde", null=True, blank=True)
    restart_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "herramientas del bot"
        verbose_name_plural = "herramientas del bot"
        constraints = [single_row("bot_control_single")]
        permissions = [("use_bot_tools", "Usar las herramientas del bot")]

    def __str__(self) -> str:
        return self.get_mode_display()


class Heartbeat(models.Model):
    """A process of the bot and when it last gave a sign of life."""

    name = models.CharField("proceso", max_length=60, unique=True)
    pid = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField("desde")
    seen_at = models.DateTimeField("último latido")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "latido"
        verbose_name_plural = "latidos"

    def __str__(self) -> str:
        return self.name


class Metric(models.Model):
    """What was counted in a minute: `count` events and, for a timer, `total` milliseconds (`common/metrics.py`).

    `minute` is minutes since 1970 in UTC; minute 0 holds the sum since the installation, which is never pruned,
    so that what is read from it only grows. `bound` is 0 for a counter, else the upper bound of a timer's slot in ms.
    """

    SINCE_EVER = 0

    name = models.CharField(max_length=20)
    bound = models.PositiveIntegerField(default=0)
    minute = models.PositiveIntegerField()
    count = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "medición"
        verbose_name_plural = "mediciones"
        constraints = [models.UniqueConstraint(fields=["minute", "name", "bound"], name="metric_unique")]
        default_permissions = ()
        permissions = [("view_health", "Ver la salud del sistema")]

    def __str__(self) -> str:
        return f"{self.name} {self.minute}"


class HourCount(models.Model):
    """What was counted in an hour (hours since 1970, UTC), so that weeks are compared without their minutes."""

    name = models.CharField(max_length=20)
    hour = models.PositiveIntegerField()
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "medición por hora"
        verbose_name_plural = "mediciones por hora"
        constraints = [models.UniqueConstraint(fields=["name", "hour"], name="hour_count_unique")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.hour}"


class StandingAlert(models.Model):
    """Something bad that the panel tells, since when, and when it was told by mail. `cleared_at` is for what passed
    while something else that was told still stands.
    """

    key = models.CharField(max_length=60, unique=True)
    text = models.CharField("qué pasa", max_length=300)
    since = models.DateTimeField("desde")
    mailed_at = models.DateTimeField("avisado", null=True, blank=True)
    cleared_at = models.DateTimeField("pasó", null=True, blank=True)

    class Meta:
        verbose_name = "alerta en pie"
        verbose_name_plural = "alertas en pie"
        default_permissions = ()

    def __str__(self) -> str:
        return self.text
