"""Who works in the panel. Roles are Django groups with a fixed set of permissions (`fixtures/roles.json`)."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords


class User(AbstractUser):
    """A person of the staff (ISPBOT-USR-01…04, WIS-USR-01)."""

    phone = models.CharField("celular", max_length=20, blank=True)
    must_change_password = models.BooleanField(
        "debe cambiar la contraseña",
        default=False,
        help_text="Hasta que la cambie no puede usar ninguna otra pantalla.",
    )
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        verbose_name = "usuario"
        verbose_name_plural = "usuarios"
        permissions = [
            ("view_full_dashboard", "Ver el tablero completo"),
            ("view_basic_dashboard", "Ver el tablero básico"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class LoginAttempts(models.Model):
    """How many times a password was tried since `since`, by person, by place or by both (`throttle.py`)."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "intentos de ingreso"
        verbose_name_plural = "intentos de ingreso"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
