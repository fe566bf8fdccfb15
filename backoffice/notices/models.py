"""What the ISP's system asks us to tell its customers (ISPBOT-INT-13)."""

import ipaddress
import secrets
from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from backoffice.accounts.models import User
from backoffice.channels.models import Channel
from backoffice.common.models import ConfigModel
from backoffice.conversations.models import Message
from integrations.understanding import notice_kinds

WEEK = 7 * 24


def new_token() -> str:
    """How the outside names a notice."""
    return secrets.token_urlsafe(12)


def check_addresses(text: str) -> None:
    """One address or network a line. Raises: ValidationError that names the wrong one."""
    for line in text.split():
        try:
            ipaddress.ip_network(line, strict=False)
        except ValueError:
            raise ValidationError(
                f"«{line[:45]}» no es una dirección IP. Poné una por línea, por ejemplo 200.55.10.4 o 10.0.0.0/24."
            ) from None


def check_rules(text: str) -> None:
    """Raises: ValidationError that names the wrong line."""
    try:
        notice_kinds.parse_rules(text)
    except notice_kinds.WrongRule as error:
        raise ValidationError(str(error)) from None


class Gateway(ConfigModel):
    """A door for one ISP system: its key (only the hash is kept) and how its notices leave."""

    name = models.CharField("nombre", max_length=40, help_text="Por ejemplo: MikroWisp.")
    slug = models.SlugField(
        "nombre en la dirección",
        max_length=40,
        unique=True,
        help_text="Va en la URL que cargás en tu sistema. Si lo cambiás, cambialo también allá.",
    )
    channel = models.ForeignKey(
        Channel,
        on_delete=models.PROTECT,
        related_name="gateways",
        verbose_name="sale por",
        help_text="El número de WhatsApp que manda estos avisos.",
    )
    enabled = models.BooleanField(
        "habilitado", default=True, help_text="Apagado no recibe avisos nuevos, y los que esperan no salen."
    )
    key_hash = models.CharField(max_length=64, blank=True, editable=False)
    key_made_at = models.DateTimeField("clave generada", null=True, blank=True, editable=False)
    allowed_ips = models.TextField(
        "direcciones IP permitidas",
        blank=True,
        validators=[check_addresses],
        help_text="Una por línea. Vacío: desde cualquiera, siempre con la clave.",
    )
    duplicate_minutes = models.PositiveSmallIntegerField(
        "no repetir el mismo aviso durante (min)",
        default=10,
        validators=[MaxValueValidator(24 * 60)],
        help_text="Mismo número y mismo texto. Con 0 salen todos.",
    )
    expiry_hours = models.PositiveSmallIntegerField(
        "vence a las (h)",
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(WEEK)],
        help_text="Un aviso que en este tiempo no pudo salir ya no se manda: «mañana cortamos» no sirve un día tarde.",
    )
    opens = models.TimeField("desde las", null=True, blank=True, default=time(8))
    closes = models.TimeField("hasta las", null=True, blank=True, default=time(21))
    daily_cap = models.PositiveIntegerField(
        "máximo por día",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Vacío: sin límite. Los que sobran esperan al día siguiente, si antes no vencen.",
    )
    rules = models.TextField(
        "tipos de aviso",
        blank=True,
        default=notice_kinds.DEFAULT_RULES,
        validators=[check_rules],
        help_text="Una regla por línea, «tipo: palabras». Vale la primera que coincide. "
        "Tipos: pago, reconexion, factura, corte, otro. "
        "También podés escribir [#factura] en la plantilla de tu sistema: lo sacamos antes de mandar.",
    )
    history = HistoricalRecords(excluded_fields=["key_hash"])

    class Meta:
        verbose_name = "gateway de avisos"
        verbose_name_plural = "gateways de avisos"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=models.F("opens")),
                name="gateway_hours_forward",
                violation_error_message="Poné las dos horas, y la segunda después de la primera. "
                "Sin horario, dejá las dos vacías.",
            ),
            models.CheckConstraint(condition=Q(expiry_hours__gte=1), name="gateway_expires"),
        ]

    def __str__(self) -> str:
        return self.name


class GatewayNotice(models.Model):
    """One notice, stored before its sender is answered. From QUEUED on, how it goes is told by its message."""

    class Kind(models.TextChoices):
        PAYMENT = "pago", "Pago"
        RECONNECTION = "reconexion", "Reconexión"
        INVOICE = "factura", "Factura"
        CUT = "corte", "Corte"
        OTHER = "otro", "Otro"

    class State(models.TextChoices):
        RECEIVED = "received", "Espera su turno"
        QUEUED = "queued", "En camino"
        DUPLICATE = "duplicate", "Repetido"
        SUPPRESSED = "suppressed", "No quiere avisos"
        EXPIRED = "expired", "Vencido"
        CANCELLED = "cancelled", "Cancelado"
        FAILED = "failed", "No se pudo enviar"

    token = models.CharField(max_length=24, default=new_token)
    gateway = models.ForeignKey(
        Gateway, on_delete=models.PROTECT, related_name="notices", verbose_name="gateway", db_index=False
    )
    phone_raw = models.CharField("número recibido", max_length=60)
    phone = models.CharField("teléfono", max_length=24, blank=True)
    phone_key = models.CharField(max_length=20, blank=True)
    text = models.TextField("texto", blank=True)
    media_url = models.CharField("archivo", max_length=500, blank=True)
    kind = models.CharField("tipo", max_length=10, choices=Kind.choices, default=Kind.OTHER)
    priority = models.PositiveSmallIntegerField("prioridad", default=notice_kinds.PRIORITY[notice_kinds.Kind.OTHER])
    fingerprint = models.CharField(max_length=32)
    ref = models.CharField("referencia", max_length=80, blank=True)
    source_ip = models.GenericIPAddressField("desde la IP", null=True, blank=True)
    raw = models.JSONField("lo que llegó", default=dict)
    by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="lo pidió",
        db_index=False,
    )
    state = models.CharField("estado", max_length=10, choices=State.choices, default=State.RECEIVED)
    reason = models.CharField("motivo", max_length=200, blank=True)
    message = models.OneToOneField(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="notice", verbose_name="mensaje"
    )
    received_at = models.DateTimeField("recibido", default=timezone.now)
    due_at = models.DateTimeField("espera desde", null=True, blank=True, default=timezone.now)  # NULL: it is decided
    queued_at = models.DateTimeField("pasó a la salida", null=True, blank=True)

    class Meta:
        verbose_name = "aviso"
        verbose_name_plural = "avisos"
        ordering = ["-id"]
        # The token and the number are indexed here and not at their fields: those get a second index on PostgreSQL,
        # for LIKE, that nothing reads and each notice of a burst would pay.
        indexes = [
            models.Index(fields=["phone_key"], name="notice_phone"),
            # By a moment and not by the state: SQLite uses a partial index only for IS NOT NULL.
            models.Index(
                fields=["gateway", "priority", "id"], name="notice_waiting", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["gateway", "queued_at"], name="notice_today", condition=Q(queued_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["token"], name="notice_token"),
            models.CheckConstraint(
                condition=Q(state="received", due_at__isnull=False) | (~Q(state="received") & Q(due_at__isnull=True)),
                name="notice_waits_or_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(queued_at__isnull=False), name="notice_queued_has_its_time"
            ),
        ]
        permissions = [("send_gatewaynotice", "Probar, cancelar y reenviar avisos")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} a {self.phone or self.phone_raw}"

    @property
    def status_shown(self) -> str:
        """What staff read: the message's own status once there is one, so there is one truth."""
        if self.state == self.State.QUEUED and self.message is not None:
            return str(self.message.get_status_display())
        return str(self.get_state_display())
