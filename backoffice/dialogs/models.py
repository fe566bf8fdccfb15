"""What the bot says and offers, as data. The menus' rows are the draft; customers get the newest `MenuVersion`.

So the draft is no `ConfigModel`: only publishing it is news for the bot.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from backoffice.common.models import ConfigModel
from backoffice.dialogs.tree import MenuTree


class ActionType(models.Model):
    """What a menu option can do. Rows mirror the files of `bot/actions/`; staff only pick them."""

    code = models.CharField("código", max_length=30, primary_key=True)
    label = models.CharField("nombre", max_length=60)
    help_text = models.CharField("qué hace", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    available = models.BooleanField("disponible", default=True)

    class Meta:
        verbose_name = "acción"
        verbose_name_plural = "acciones"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label


class Menu(models.Model):
    """A list of options with a heading. Exactly one is the root."""

    key = models.SlugField("clave", max_length=40, unique=True)
    title = models.CharField("nombre", max_length=60)
    text = models.TextField(
        "encabezado", help_text="Lo que dice el bot antes de las opciones.", default="¿En qué te puedo ayudar?"
    )
    is_root = models.BooleanField("es el menú principal", default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "menú"
        verbose_name_plural = "menús"
        ordering = ["-is_root", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_root"],
                condition=models.Q(is_root=True),
                name="menu_one_root",
                violation_error_message="Ya hay un menú principal.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class MenuOption(models.Model):
    """A line of a menu and what happens when it is chosen (ISPBOT-SUP-02…08)."""

    class Area(models.TextChoices):
        SUPPORT = "support", "Soporte"
        SALES = "sales", "Ventas"

    menu = models.ForeignKey(Menu, on_delete=models.CASCADE, related_name="options", verbose_name="menú")
    position = models.PositiveSmallIntegerField("orden", default=0)
    title = models.CharField("texto de la opción", max_length=60)
    action = models.ForeignKey(ActionType, on_delete=models.PROTECT, verbose_name="acción", related_name="+")
    target = models.ForeignKey(
        Menu, on_delete=models.PROTECT, null=True, blank=True, related_name="opened_by", verbose_name="menú que abre"
    )
    text = models.TextField(
        "respuesta", blank=True, help_text="Lo que contesta el bot, o cómo presenta el pedido de datos."
    )
    area = models.CharField("área del ticket", max_length=10, choices=Area.choices, default=Area.SUPPORT)
    active = models.BooleanField("visible", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "opción de menú"
        verbose_name_plural = "opciones de menú"
        ordering = ["menu", "position", "pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.action_id == "submenu" and self.target_id is None:
            raise ValidationError({"target": "Elegí qué menú abre esta opción."})
        if self.action_id == "submenu" and self.target_id == self.menu_id:
            raise ValidationError({"target": "Un menú no puede abrirse a sí mismo."})
        if self.action_id == "reply" and not self.text.strip():
            raise ValidationError({"text": "Escribí la respuesta que manda el bot."})


class CollectField(models.Model):
    """A datum that «Recopilar Datos» asks before the ticket (ISPBOT-SUP-07)."""

    class Kind(models.TextChoices):
        TEXT = "text", "Texto"
        NUMBER = "number", "Número"
        DNI = "dni", "DNI o CUIT"
        PHONE = "phone", "Teléfono"
        YES_NO = "yes_no", "Sí o no"
        CHOICE = "choice", "Una de varias"
        PHOTO = "photo", "Foto"
        LOCATION = "location", "Ubicación"

    option = models.ForeignKey(MenuOption, on_delete=models.CASCADE, related_name="fields", verbose_name="opción")
    position = models.PositiveSmallIntegerField("orden", default=0)
    label = models.CharField("dato", max_length=40, help_text="Cómo figura en el ticket. Por ejemplo: Domicilio.")
    question = models.CharField("pregunta", max_length=300)
    kind = models.CharField("tipo", max_length=12, choices=Kind.choices, default=Kind.TEXT)
    choices = models.CharField(
        "opciones", max_length=300, blank=True, help_text="Separadas por comas, si es «Una de varias»."
    )
    required = models.BooleanField("obligatorio", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "dato a pedir"
        verbose_name_plural = "datos a pedir"
        ordering = ["option", "position", "pk"]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if self.kind == self.Kind.CHOICE and len([c for c in self.choices.split(",") if c.strip()]) < 2:
            raise ValidationError({"choices": "Poné al menos dos opciones separadas por comas."})


class MenuVersion(ConfigModel):
    """The whole tree as it was published (`MenuTree.to_json`): never changed afterwards. The newest is in force."""

    number = models.PositiveIntegerField("versión", unique=True)
    tree = models.JSONField("menús")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="publicada por",
        related_name="+",
    )
    published_at = models.DateTimeField("publicada", default=timezone.now)
    note = models.CharField("nota", max_length=200, blank=True)

    class Meta:
        verbose_name = "versión de los menús"
        verbose_name_plural = "versiones de los menús"
        ordering = ["-number"]
        default_permissions = ()
        permissions = [("publish_menus", "Publicar los menús del bot")]

    def __str__(self) -> str:
        return f"Versión {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a published version does not change: publish another one")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a published version stays: somebody may be walking it")

    @property
    def menus(self) -> MenuTree:
        return MenuTree.from_json(self.tree)


class BotText(ConfigModel):
    """A sentence of the bot that staff changed; the defaults are in `texts.py`."""

    key = models.CharField("clave", max_length=60, unique=True)
    text = models.TextField("texto")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texto del bot"
        verbose_name_plural = "textos del bot"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
