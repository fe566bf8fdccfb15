"""The mails that leave, to people of the staff only."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common.encryption import EncryptedText


class OutgoingMail(models.Model):
    """One mail to one person, from when it is asked for. `text` may hold a link that opens something: it is kept
    encrypted, shown to nobody, and forgotten once it was sent or is too old to be tried again.

    `message_id` is given once, so that a mail which is tried twice is recognised as the same one.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", "Cómo ingresar"
        FORGOTTEN = "forgotten", "Contraseña olvidada"
        ALERT = "alert", "Alertas"
        SOLVED = "solved", "Alertas resueltas"
        TRIAL = "trial", "Prueba"

    class State(models.TextChoices):
        QUEUED = "queued", "Por salir"
        SENDING = "sending", "Saliendo"
        SENT = "sent", "Enviado"
        FAILED = "failed", "No salió"
        UNCERTAIN = "uncertain", "No se sabe"

    class Fault(models.TextChoices):
        SERVER = "server", "Del servidor de correo"
        MAIL = "mail", "Del destinatario o del correo"

    kind = models.CharField("para qué", max_length=10, choices=Kind.choices)
    to = models.CharField("para", max_length=254)
    person = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="persona"
    )
    subject = models.CharField("asunto", max_length=200)
    text = EncryptedText("texto", blank=True, editable=False)
    message_id = models.CharField("identificador", max_length=200, unique=True, editable=False)
    state = models.CharField("estado", max_length=10, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField("intentos", default=0)
    error = models.CharField("qué pasó", max_length=400, blank=True)
    fault = models.CharField("de quién es la falla", max_length=8, choices=Fault.choices, blank=True)
    created_at = models.DateTimeField("pedido", default=timezone.now)
    tried_at = models.DateTimeField("último intento", null=True, blank=True)
    by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="lo pidió",
        db_index=False,
    )  # fmt: skip

    class Meta:
        verbose_name = "correo enviado"
        verbose_name_plural = "correos enviados"
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("retry_outgoingmail", "Reintentar un correo")]
        indexes = [models.Index(fields=["-tried_at"], name="mail_last_tried", condition=Q(tried_at__isnull=False))]
        constraints = [
            models.CheckConstraint(condition=~Q(state="sent") | Q(text=""), name="mail_sent_keeps_no_text"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} (a {self.to})"

    @property
    def may_be_retried(self) -> bool:
        return self.state in (self.State.FAILED, self.State.UNCERTAIN) and bool(self.text)
