"""Who a person is (design 3): one contact, the ways to reach them, the customers they speak for."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from backoffice.accounts.models import User
from backoffice.channels.models import Channel
from backoffice.customers.models import Customer


class Label(models.Model):
    """A word that staff put on people to find them again: «VIP», «Obra nueva»."""

    class Tone(models.TextChoices):
        PLAIN = "plain", "Gris"
        BRAND = "brand", "Turquesa"
        INFO = "info", "Azul"
        GOOD = "good", "Verde"
        WARN = "warn", "Amarillo"
        BAD = "bad", "Rojo"

    name = models.CharField(
        "nombre", max_length=30, unique=True, error_messages={"unique": "Ya hay una etiqueta con ese nombre."}
    )
    tone = models.CharField("color", max_length=8, choices=Tone.choices, default=Tone.BRAND)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "etiqueta"
        verbose_name_plural = "etiquetas"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person who wrote, or whom an agenda brought. `phone_key` is empty while their number is hidden.

    Of whom asked to be forgotten (`anonymised_at`) only dates and counts are left (`safekeeping/`). Who is in the trash
    (`trashed_at`) is shown nowhere, and is back as soon as they write.
    """

    name = models.CharField("nombre", max_length=120, blank=True)
    phone = models.CharField("celular", max_length=24, blank=True)
    phone_key = models.CharField(max_length=20, null=True, blank=True, unique=True)  # unique, so NULL means unknown
    created_at = models.DateTimeField("creado", default=timezone.now, db_index=True)
    last_seen_at = models.DateTimeField("última actividad", null=True, blank=True)
    # No index of its own: nearly nobody is merged, and SQLite would take that for a way to find few.
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="merged",
        verbose_name="unido a",
        db_index=False,
    )
    anonymised_at = models.DateTimeField("anonimizado", null=True, blank=True, editable=False)
    trashed_at = models.DateTimeField("en la papelera desde", null=True, blank=True, editable=False)
    opted_out_at = models.DateTimeField("no quiere avisos desde", null=True, blank=True)
    notes = models.TextField("notas", blank=True)
    labels = models.ManyToManyField(Label, blank=True, related_name="contacts", verbose_name="etiquetas")

    class Meta:
        verbose_name = "contacto"
        verbose_name_plural = "contactos"
        indexes = [
            models.Index(fields=["merged_into"], name="contact_merged", condition=Q(merged_into__isnull=False)),
        ]
        permissions = [
            ("export_contact", "Exportar contactos"),
            ("anonymise_contact", "Borrar contactos y todo lo que dijeron (Ley 25.326)"),
        ]

    def __str__(self) -> str:
        if self.anonymised_at is not None:
            return "Contacto anonimizado"
        return self.name or self.phone or f"Contacto {self.pk}"


class ContactAddress(models.Model):
    """A way to reach a contact on a channel. `key` compares; `value` is what the network uses."""

    class Kind(models.TextChoices):
        PHONE = "p", "Teléfono"
        LID = "l", "Identificador oculto"
        BSUID = "b", "Identificador de empresa"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses", verbose_name="contacto")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, verbose_name="canal", related_name="+")
    kind = models.CharField("tipo", max_length=1, choices=Kind.choices)
    key = models.CharField(max_length=60)
    value = models.CharField("dirección", max_length=60)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "dirección de contacto"
        verbose_name_plural = "direcciones de contacto"
        constraints = [models.UniqueConstraint(fields=["channel", "kind", "key"], name="contact_address_unique")]

    def __str__(self) -> str:
        return self.value


class ContactLink(models.Model):
    """This contact speaks for this customer. A phone on file allows the balance; money needs `verified_at`."""

    class How(models.TextChoices):
        PHONE = "phone", "Por su teléfono"
        DOCUMENT = "document", "Se identificó"
        STAFF = "staff", "Lo vinculó el personal"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="links", verbose_name="contacto")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="contact_links", verbose_name="cliente"
    )
    how = models.CharField("cómo", max_length=10, choices=How.choices)
    verified_at = models.DateTimeField("verificado", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "vínculo con cliente"
        verbose_name_plural = "vínculos con clientes"
        constraints = [models.UniqueConstraint(fields=["contact", "customer"], name="contact_link_unique")]

    def __str__(self) -> str:
        return f"{self.contact} → {self.customer}"


class ChatMark(models.Model):
    """Up to which message somebody of the staff has read what a contact wrote."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name="usuario")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", verbose_name="contacto")
    upto = models.PositiveBigIntegerField("hasta el mensaje", default=0)

    class Meta:
        verbose_name = "lectura de un chat"
        verbose_name_plural = "lecturas de los chats"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "contact"], name="chat_mark_unique")]

    def __str__(self) -> str:
        return f"{self.user}: {self.contact}"
