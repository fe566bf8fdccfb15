"""Who works in the panel, when and from where they may, and what they did there.

Roles are Django groups with a fixed set of permissions (`fixtures/roles.json`).
"""

from typing import Any, NoReturn

from django.contrib.auth.models import AbstractUser, Group, Permission
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from backoffice.common.encryption import EncryptedText
from backoffice.common.models import Singleton, single_row


class User(AbstractUser):
    """A person of the staff (ISPBOT-USR-01…04, OPEN-USR-02, WIS-USR-01)."""

    phone = models.CharField("celular", max_length=20, blank=True)
    must_change_password = models.BooleanField(
        "debe cambiar la contraseña",
        default=False,
        help_text="Hasta que la cambie no puede usar ninguna otra pantalla.",
    )
    gets_alerts = models.BooleanField(
        "recibe las alertas por correo",
        default=False,
        help_text="Si puede verlas en el panel y hay una conexión de correo.",
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

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As Django says it, read by one query a request instead of two: every page asks."""
        if not self.is_active:
            return False
        return self.is_superuser or (obj is None and perm in self._granted)

    @cached_property
    def _granted(self) -> frozenset[str]:
        """What they may, by themselves or by a role. Who asks for the person anew learns what changed meanwhile."""
        own = Permission.objects.filter(user=self.pk).values("pk")
        by_role = Permission.objects.filter(group__user=self.pk).values("pk")
        granted = Permission.objects.filter(models.Q(pk__in=own) | models.Q(pk__in=by_role)).order_by()
        names = granted.values_list("content_type__app_label", "codename")
        return frozenset(f"{app}.{name}" for app, name in names)


class WorkShift(models.Model):
    """Days and hours in which somebody may enter (AMB-60). Who has none may at any time; administrators always may.

    `days` are the weekdays' numbers in order, Monday is 0: "01234". One that ends before it begins goes on after
    midnight, and belongs to the day on which it began.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shifts", verbose_name="usuario")
    days = models.CharField("días", max_length=7)
    starts = models.TimeField("desde", help_text="HH:MM, por ejemplo 08:00.")
    ends = models.TimeField("hasta", help_text="HH:MM. Si es menor que «desde», termina al día siguiente.")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "turno"
        verbose_name_plural = "turnos"
        ordering = ["days", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(days=""),
                name="work_shift_days",
                violation_error_message="Elegí al menos un día.",
            ),
            models.CheckConstraint(
                condition=~models.Q(starts=models.F("ends")),
                name="work_shift_lasts",
                violation_error_message="El turno tiene que terminar a otra hora que la que empieza.",
            ),
        ]

    def __str__(self) -> str:
        from backoffice.accounts.shifts import told

        return told([self])


class AccessPolicy(Singleton):
    """How people enter and stay: one row that administrators change (AMB-30)."""

    idle_hours = models.PositiveSmallIntegerField(
        "horas sin uso hasta cerrar la sesión",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text="Pasado este tiempo sin usar el panel hay que volver a ingresar.",
    )
    one_device = models.BooleanField(
        "un equipo por persona",
        default=False,
        help_text="Quien ingresa en otro equipo cierra la sesión que tenía abierta, y se le avisa.",
    )
    second_factor_roles = models.ManyToManyField(
        Group,
        blank=True,
        verbose_name="roles que necesitan verificación en dos pasos",
        related_name="+",
        help_text="Quienes tengan uno de estos roles la configuran la próxima vez que usen el panel.",
    )
    history = HistoricalRecords(m2m_fields=[second_factor_roles])

    class Meta:
        verbose_name = "seguridad y acceso"
        verbose_name_plural = "seguridad y acceso"
        constraints = [
            single_row("access_policy_single"),
            models.CheckConstraint(
                condition=models.Q(idle_hours__gte=1, idle_hours__lte=72), name="access_policy_idle_hours"
            ),
        ]

    def __str__(self) -> str:
        return "Seguridad y acceso"


class StaffSession(models.Model):
    """A browser in which somebody entered, until it is closed. `key` is the key of Django's session."""

    class Ended(models.TextChoices):
        LEFT = "left", "Salió"
        OTHER_DEVICE = "other_device", "Ingresó en otro equipo"
        CLOSED = "closed", "La cerró otra persona"
        OWN = "own", "La cerró desde otro equipo"
        PASSWORD = "password", "Cambió la contraseña"  # a reason, not a password
        DISABLED = "disabled", "Se deshabilitó el usuario"
        SHIFT = "shift", "Terminó el turno"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions", verbose_name="persona")
    key = models.CharField(max_length=40, unique=True)
    device = models.CharField("equipo", max_length=80)
    address = models.CharField("desde", max_length=45, blank=True)
    started_at = models.DateTimeField("ingresó", default=timezone.now)
    seen_at = models.DateTimeField("último uso", default=timezone.now)
    ended_at = models.DateTimeField("terminó", null=True, blank=True)
    ended_by = models.CharField("cómo terminó", max_length=12, choices=Ended.choices, blank=True)

    class Meta:
        verbose_name = "sesión del personal"
        verbose_name_plural = "sesiones del personal"
        default_permissions = ("view",)
        permissions = [("close_staffsession", "Cerrar las sesiones de otras personas")]
        indexes = [
            models.Index(fields=["user", "-seen_at"], name="staff_session_open", condition=models.Q(ended_at=None))
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_by="")),
                name="staff_session_ended_somehow",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} en {self.device}"


class SecondFactor(models.Model):
    """The telephone that gives somebody's codes (TOTP, RFC 6238). It counts from when it is confirmed.

    `last_step` is the half minute of the last code that entered, so that no code enters twice.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = EncryptedText()
    made_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "verificación en dos pasos"
        verbose_name_plural = "verificaciones en dos pasos"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}: {'activa' if self.confirmed_at else 'sin confirmar'}"


class RecoveryCode(models.Model):
    """A code for the day the telephone is lost. Only its hash is kept, and it serves once."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "código de recuperación"
        verbose_name_plural = "códigos de recuperación"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_unique")]

    def __str__(self) -> str:
        return "usado" if self.used_at else "sin usar"


class LoginAttempts(models.Model):
    """How many times a password was tried since `since`, by person, by place or by both (`throttle.py`).

    All three are hashes: what somebody types as a name may be their password.
    """

    key = models.CharField(max_length=64, unique=True)
    who = models.CharField(max_length=64, blank=True, db_index=True)
    where = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "intentos de ingreso"
        verbose_name_plural = "intentos de ingreso"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"


class WrittenOnce(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("what was audited is not changed")

    def delete(self) -> NoReturn:
        raise TypeError("what was audited is not deleted")


class AuditEvent(models.Model):
    """One sensitive thing that somebody did; written by `audit.note` and never again (a trigger refuses changes).

    `who` may point to a person that is gone: their name then is in `who_name`.
    """

    class Kind(models.TextChoices):
        LOGIN = "login", "Ingresos"
        REFUSED = "refused", "Ingresos rechazados"
        SESSION = "session", "Sesiones"
        USER = "user", "Usuarios"
        ROLE = "role", "Roles y permisos"
        PASSWORD = "password", "Contraseñas"  # a kind, not a password
        SECOND_FACTOR = "factor", "Verificación en dos pasos"
        SETTINGS = "settings", "Seguridad y acceso"
        SECRET = "secret", "Claves"
        BOT = "bot", "Modos y bot"
        DATA = "data", "Exportar e importar"
        DELETED = "deleted", "Borrados"

    at = models.DateTimeField("cuándo", default=timezone.now, db_index=True)
    kind = models.CharField("tema", max_length=10, choices=Kind.choices)
    who = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+",
        verbose_name="quién",
    )  # fmt: skip
    who_name = models.CharField("quién", max_length=150, blank=True)
    text = models.CharField("qué hizo", max_length=300)
    about = models.CharField("sobre", max_length=160, blank=True)
    address = models.CharField("desde", max_length=45, blank=True)

    objects = WrittenOnce.as_manager()

    class Meta:
        verbose_name = "registro de auditoría"
        verbose_name_plural = "auditoría"
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("export_auditevent", "Exportar la auditoría")]

    def __str__(self) -> str:
        return f"{self.who_name or 'El sistema'}: {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("what was audited is not changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("what was audited is not deleted")
