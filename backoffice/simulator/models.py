"""The tables of the stand-in network: what WhatsApp's servers would remember.

**Order.** Everything that moves takes a number from `Network.seq` inside its own transaction (`services.take_seq`),
and that number, not the id, is what cursors compare. The row stays locked until the commit, so numbers become
visible in order on PostgreSQL too, where ids may be committed late and a cursor over ids would skip them.
"""

from django.db import models
from django.db.models import Q

from integrations.whatsapp.base import ConnState


class Network(models.Model):
    """The single row (pk 1): the bot's account on the network, and the network's clock of changes."""

    class Profile(models.TextChoices):
        QR = "qr", "QR (como WhatsApp Web)"
        CLOUD = "cloud", "Cloud API"

    seq = models.BigIntegerField("último cambio", default=0)
    acked = models.BigIntegerField("recibido por el bot", default=0)
    number = models.CharField("número del bot", max_length=20, default="5492615550100")
    name = models.CharField("nombre del bot", max_length=100, default="Bot")
    profile = models.CharField("perfil", max_length=10, choices=Profile.choices, default=Profile.QR)
    state = models.CharField(
        "estado", max_length=20, choices=[(state.value, state.label) for state in ConnState], default=ConnState.PAIRING
    )
    pairing_key = models.CharField("clave del QR", max_length=64, default="")
    banned_until = models.DateTimeField("suspendido hasta", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "red simulada"

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class Phone(models.Model):
    """Somebody with WhatsApp. `key` is the number as the network writes it; 549… and 54… are the same phone.

    `read_seq` is how far it read its chat with the bot: what is unread is a short range, whatever the history.
    """

    class Privacy(models.TextChoices):
        OPEN = "open", "Muestra el número"
        LID = "lid", "Escribe como LID, con el número al lado"
        HIDDEN = "hidden", "Oculta el número"

    key = models.CharField("número", max_length=20, unique=True)
    lid = models.CharField("LID", max_length=20, unique=True)
    name = models.CharField("nombre", max_length=100, blank=True, default="")
    privacy = models.CharField("privacidad", max_length=10, choices=Privacy.choices, default=Privacy.OPEN)
    read_seq = models.BigIntegerField("leyó hasta", default=0)
    typing_until = models.DateTimeField("el bot le escribe hasta", null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = "teléfono", "teléfonos"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or f"+{self.key}"


class Group(models.Model):
    """A group the bot made. When it leaves or is removed, members still see it."""

    wire_id = models.CharField("id", max_length=40, unique=True)
    name = models.CharField("nombre", max_length=100)
    invite_code = models.CharField("código de invitación", max_length=40)
    bot_member = models.BooleanField("está el bot", default=True)
    client_ref = models.CharField("referencia del bot", max_length=100, null=True, unique=True)
    read_seq = models.BigIntegerField("todos leyeron hasta", default=0)
    typing_until = models.DateTimeField("el bot escribe hasta", null=True, blank=True)
    created_at = models.DateTimeField("creado", auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = "grupo", "grupos"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A phone in a group. It sees what was written since `joined_seq`, and has read up to `read_seq`."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="memberships")
    admin = models.BooleanField("administra", default=False)
    joined_seq = models.BigIntegerField(default=0)
    read_seq = models.BigIntegerField(default=0)

    class Meta:
        verbose_name, verbose_name_plural = "integrante", "integrantes"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["group", "phone"], name="simulator_member_once")]

    def __str__(self) -> str:
        return f"{self.phone} en {self.group}"


class Message(models.Model):
    """One message in a private chat with the bot (`phone`) or in a group (`group`), exactly one of them.

    `sender` NULL is the bot. `changed` is the number of the last tick, so that a viewer can ask for ticks alone.
    """

    class Status(models.TextChoices):
        SENT = "sent", "Enviado"
        DELIVERED = "delivered", "Entregado"
        READ = "read", "Leído"

    seq = models.BigIntegerField(unique=True)
    changed = models.BigIntegerField()
    wire_id = models.CharField("id", max_length=100)
    phone = models.ForeignKey(Phone, null=True, on_delete=models.CASCADE, related_name="messages", db_index=False)
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="messages", db_index=False)
    sender = models.ForeignKey(Phone, null=True, on_delete=models.CASCADE, related_name="sent", db_index=False)
    text = models.TextField("texto", blank=True, default="")
    quoted_id = models.CharField("cita a", max_length=100, null=True)
    media = models.JSONField("adjunto", null=True)
    status = models.CharField("estado", max_length=10, choices=Status.choices, default=Status.SENT)
    client_ref = models.CharField("referencia del bot", max_length=100, null=True, unique=True)
    at = models.DateTimeField("hora")

    class Meta:
        verbose_name, verbose_name_plural = "mensaje", "mensajes"
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(
                condition=Q(phone__isnull=False, group__isnull=True) | Q(phone__isnull=True, group__isnull=False),
                name="simulator_message_one_chat",
            ),
            models.UniqueConstraint(fields=["wire_id", "sender"], name="simulator_message_once"),
            models.UniqueConstraint(
                fields=["wire_id"], condition=Q(sender__isnull=True), name="simulator_message_once_bot"
            ),
        ]
        indexes = [
            models.Index(fields=["phone", "seq"], name="simulator_msg_private", condition=Q(group__isnull=True)),
            models.Index(fields=["group", "seq"], name="simulator_msg_group", condition=Q(phone__isnull=True)),
            models.Index(fields=["phone", "changed"], name="simulator_tick_private", condition=Q(group__isnull=True)),
            models.Index(fields=["group", "changed"], name="simulator_tick_group", condition=Q(phone__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text[:40] or self.wire_id


class MediaFile(models.Model):
    """The bytes of an attachment, apart from the message so that lists stay light."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="file", primary_key=True)
    handle = models.CharField(max_length=40, unique=True)
    data = models.BinaryField()

    class Meta:
        verbose_name, verbose_name_plural = "archivo", "archivos"

    def __str__(self) -> str:
        return self.handle


class WireEvent(models.Model):
    """Something the bot's channel will be told. `seq` NULL is held: until `due_at`, or, without it, until linked.

    `payload` is the port's event, as `to_json` writes it. `overtaken` is held only until another one goes first.
    """

    seq = models.BigIntegerField(null=True, unique=True)
    due_at = models.DateTimeField(null=True)
    overtaken = models.BooleanField(default=False)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, db_index=False, related_name="+")
    payload = models.JSONField()

    class Meta:
        verbose_name, verbose_name_plural = "evento", "eventos"
        ordering = ["seq"]
        indexes = [models.Index(fields=["due_at"], name="simulator_event_held", condition=Q(seq__isnull=True))]

    def __str__(self) -> str:
        return str(self.payload.get("kind"))


class Fault(models.Model):
    """A failure to act out `times` times, for one phone or for whoever comes first."""

    kind = models.CharField("falla", max_length=30)
    times = models.PositiveIntegerField("veces que faltan", default=1)
    phone = models.ForeignKey(Phone, null=True, on_delete=models.CASCADE, related_name="+")
    options = models.JSONField("opciones", default=dict)

    class Meta:
        verbose_name, verbose_name_plural = "falla", "fallas"
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind"], name="simulator_fault_kind")]

    def __str__(self) -> str:
        return self.kind
