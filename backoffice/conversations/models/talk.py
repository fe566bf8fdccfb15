"""What was said. The outbox is the timeline: an outgoing message with a status (design 3)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from backoffice.channels.models import Channel

from .people import Contact


class Conversation(models.Model):
    """One chat on one channel: with a contact, or a group known by its `address`."""

    class Kind(models.TextChoices):
        PRIVATE = "private", "Privada"
        GROUP = "group", "Grupo"

    # What is unique below begins with it; this row is written with each message, and every index of it too.
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="conversations", verbose_name="canal", db_index=False
    )
    kind = models.CharField("tipo", max_length=8, choices=Kind.choices, default=Kind.PRIVATE)
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="conversations", verbose_name="contacto"
    )
    address = models.CharField("dirección", max_length=80, help_text="A dónde se le escribe: «p:549…», «l:…» o «g:…».")
    title = models.CharField("nombre", max_length=120, blank=True)
    created_at = models.DateTimeField("creada", default=timezone.now)
    last_message_at = models.DateTimeField("último mensaje", null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = "conversación"
        verbose_name_plural = "conversaciones"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "contact"], condition=Q(kind="private"), name="conversation_private_unique"
            ),
            models.UniqueConstraint(
                fields=["channel", "address"], condition=Q(kind="group"), name="conversation_group_unique"
            ),
        ]
        permissions = [("reply_conversation", "Responder conversaciones")]

    def __str__(self) -> str:
        return self.title or str(self.contact or self.address)


class Media(models.Model):
    """A file that came or goes, stored once for all the messages that carry it."""

    class Kind(models.TextChoices):
        IMAGE = "image", "Imagen"
        AUDIO = "audio", "Audio"
        VIDEO = "video", "Video"
        DOCUMENT = "document", "Documento"

    kind = models.CharField("tipo", max_length=10, choices=Kind.choices)
    file = models.FileField("archivo", upload_to="chats/%Y/%m/")
    filename = models.CharField("nombre", max_length=160, blank=True)
    mimetype = models.CharField(max_length=80)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "archivo"
        verbose_name_plural = "archivos"

    def __str__(self) -> str:
        return self.filename or self.get_kind_display()


class Message(models.Model):
    """A line of a chat. `menu` keeps the options it offered: [{"key", "title"}].

    A relay is a second message that points to the first by `relay_of`. `group_sender` is who spoke in a group.
    """

    class Direction(models.TextChoices):
        IN = "in", "Recibido"
        OUT = "out", "Enviado"

    class Author(models.TextChoices):
        CONTACT = "contact", "Contacto"
        BOT = "bot", "Bot"
        AGENT = "agent", "Agente"
        STAFF = "staff", "Panel"
        SYSTEM = "system", "Sistema"

    class Status(models.TextChoices):
        RECEIVED = "received", "Recibido"
        QUEUED = "queued", "En cola"
        SENDING = "sending", "Enviando"
        SENT = "sent", "Enviado"
        DELIVERED = "delivered", "Entregado"
        READ = "read", "Leído"
        FAILED = "failed", "No se pudo enviar"
        UNCERTAIN = "uncertain", "No sabemos si salió"
        DISCARDED = "discarded", "Descartado"

    class Priority(models.IntegerChoices):
        REPLY = 0, "Respuesta"
        AGENT = 1, "Agente"
        NOTICE = 2, "Aviso"
        BULK = 3, "Masivo"

    # The indexes below begin with them or leave out who has none: each index is a page more to write with each message.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", verbose_name="conversación", db_index=False
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", verbose_name="canal", db_index=False
    )
    direction = models.CharField(max_length=3, choices=Direction.choices)
    author = models.CharField("autor", max_length=8, choices=Author.choices)
    author_name = models.CharField("quién", max_length=120, blank=True)
    text = models.TextField("texto", blank=True)
    media = models.ForeignKey(
        Media, null=True, blank=True, on_delete=models.PROTECT, related_name="messages", verbose_name="archivo",
        db_index=False,
    )  # fmt: skip
    location = models.JSONField("ubicación", null=True, blank=True)
    menu = models.JSONField("opciones", null=True, blank=True)
    quoted = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="quotes", verbose_name="cita",
        db_index=False,
    )  # fmt: skip
    relay_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="relays", verbose_name="reenvío de",
        db_index=False,
    )  # fmt: skip
    external_id = models.CharField(max_length=120, null=True, blank=True)  # unique, so NULL means not known yet
    status = models.CharField("estado", max_length=10, choices=Status.choices, default=Status.QUEUED)
    priority = models.PositiveSmallIntegerField("prioridad", choices=Priority.choices, default=Priority.REPLY)
    due_at = models.DateTimeField("sale desde", null=True, blank=True)  # NULL: not, or no longer, in the outbox
    attempts = models.PositiveSmallIntegerField("intentos", default=0)
    error = models.CharField("motivo", max_length=200, blank=True)
    created_at = models.DateTimeField("creado", default=timezone.now)
    status_at = models.DateTimeField("actualizado", default=timezone.now)

    class Meta:
        verbose_name = "mensaje"
        verbose_name_plural = "mensajes"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["external_id", "conversation"], name="message_external_once"),
            models.CheckConstraint(
                condition=~Q(status__in=["queued", "sending", "uncertain"]) | Q(due_at__isnull=False),
                name="message_in_outbox_is_timed",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="message_timeline"),
            # SQLite uses a partial index only where the query itself says IS NOT NULL, or compares the column.
            models.Index(
                fields=["channel", "priority", "id"], name="message_outbox", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["conversation", "id"], name="message_chat_outbox", condition=Q(due_at__isnull=False)),
            models.Index(fields=["status_at"], name="message_failed", condition=Q(status="failed")),
            models.Index(fields=["media"], name="message_media", condition=Q(media__isnull=False)),
            models.Index(fields=["quoted"], name="message_quoted", condition=Q(quoted__isnull=False)),
            models.Index(fields=["relay_of"], name="message_relay", condition=Q(relay_of__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.text[:60] or self.get_status_display()
