"""Building blocks that every app may use; nothing here knows an ISP."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

M = TypeVar("M", bound=models.Model)


class ConfigRevision(models.Model):
    """One row, counted up by each change of what staff configure (design 7).

    The bot reads it with each claim and reloads its settings when it moved, so a change is in
    force within a second and without a restart.
    """

    number = models.PositiveBigIntegerField("revisión", default=0)

    class Meta:
        verbose_name = "revisión de la configuración"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="config_revision_single")]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def bump(cls) -> None:
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            ConfigRevision.objects.bulk_create([ConfigRevision(pk=1, number=1)], ignore_conflicts=True)

    @classmethod
    def current(cls) -> int:
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0


class ConfigQuerySet(models.QuerySet[M]):
    """Bulk writes bump the revision too."""

    def update(self, **kwargs: Any) -> int:
        changed = super().update(**kwargs)
        ConfigRevision.bump()
        return changed

    def delete(self) -> tuple[int, dict[str, int]]:
        result = super().delete()
        ConfigRevision.bump()
        return result

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        created = super().bulk_create(objs, *args, **kwargs)
        ConfigRevision.bump()
        return created


class ConfigModel(models.Model):
    """A row that staff configure: any write to it bumps the `ConfigRevision`."""

    objects: ClassVar[models.Manager[Self]] = ConfigQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        ConfigRevision.bump()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        ConfigRevision.bump()
        return result


class Singleton(ConfigModel):
    """A table of one row. Subclasses add `CheckConstraint(pk=1)` through `single_row`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def load(cls) -> Self:
        """The row, made with its defaults when it is not there yet."""
        row: Self = cls.objects.get_or_create(pk=1)[0]  # type: ignore[assignment] # the manager is shared
        return row


def single_row(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(pk=1), name=name)


class Counter(models.Model):
    """Numbers that people read (tickets, invoices): without gaps by crash and without races."""

    name = models.CharField(max_length=40, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"

    @classmethod
    def next(cls, name: str, count: int = 1) -> int:
        """Reserve `count` numbers inside the caller's transaction and return the first."""
        if not cls.objects.filter(name=name).update(value=F("value") + count):
            Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)
            cls.objects.filter(name=name).update(value=F("value") + count)
        return cls.objects.values_list("value", flat=True).get(name=name) - count + 1


class Job(models.Model):
    """Long work that survives restarts: it has a place to go on from, a lease and its progress (design 4).

    `steps` is what staff see, oldest first: [{"text": "Paso 1/4: …", "state": "done|running|failed"}].
    `owner` says who runs it: "channel:3" for what only that WhatsApp number can do, "worker" for the rest.
    """

    class State(models.TextChoices):
        PENDING = "pending", "En espera"
        RUNNING = "running", "En curso"
        DONE = "done", "Terminado"
        FAILED = "failed", "Falló"
        CANCELLED = "cancelled", "Cancelado"

    kind = models.CharField("tarea", max_length=40)
    owner = models.CharField("quién la hace", max_length=40, db_index=True)
    subject = models.CharField("sobre qué", max_length=60, blank=True, db_index=True)
    state = models.CharField("estado", max_length=12, choices=State.choices, default=State.PENDING)
    payload = models.JSONField("datos", default=dict, blank=True)
    steps = models.JSONField("progreso", default=list, blank=True)
    error = models.TextField("error", blank=True)
    attempts = models.PositiveSmallIntegerField("intentos", default=0)
    not_before = models.DateTimeField("no antes de", default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=36, blank=True)
    created_at = models.DateTimeField("creada", auto_now_add=True)
    finished_at = models.DateTimeField("terminada", null=True, blank=True)

    class Meta:
        verbose_name = "tarea"
        verbose_name_plural = "tareas"
        indexes = [
            models.Index(
                fields=["owner", "not_before"],
                name="job_open",
                condition=models.Q(state__in=["pending", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"Tarea {self.pk}"


class Activity(models.Model):
    """A line of the live console that no other table tells: connections, errors, what agents do."""

    class Kind(models.TextChoices):
        CONNECTION = "connection", "Conexión"
        MESSAGE = "message", "Mensaje"
        ERROR = "error", "Error"
        AGENT = "agent", "Agente"
        MODE = "mode", "Modo"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "actividad"
        verbose_name_plural = "actividad"

    def __str__(self) -> str:
        return self.text

    @classmethod
    def note(cls, kind: str, text: str) -> None:
        cls.objects.create(kind=kind, text=text[:300])


class SeedMark(models.Model):
    """What an installation's fixtures last wrote, so that an upgrade never touches what staff edited (design 7)."""

    key = models.CharField(max_length=120, unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "marca de fábrica"
        verbose_name_plural = "marcas de fábrica"

    def __str__(self) -> str:
        return self.key


class Export(models.Model):
    """A long list on its way to a file, or in one. The file is for who asked for it, and goes after two days.

    `table` is the list («customers.customer»), `columns` are the names of its columns, `clock` is the company's time
    zone when it was asked for. Its files are called by `token`, which nobody guesses.
    """

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports", verbose_name="quién la pidió"
    )
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="export", verbose_name="tarea")
    table = models.CharField("lista", max_length=80)
    title = models.CharField("qué", max_length=80)
    format = models.CharField("formato", max_length=4, choices=Format.choices)
    columns = models.JSONField("columnas", default=list)
    clock = models.CharField("zona horaria", max_length=60)
    rows = models.PositiveIntegerField("filas")
    token = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField("pedida", default=timezone.now, db_index=True)
    ready_at = models.DateTimeField("lista desde", null=True, blank=True)

    class Meta:
        verbose_name = "exportación"
        verbose_name_plural = "exportaciones"
        ordering = ["-pk"]
        default_permissions = ()
        permissions = [("export_people", "Exportar clientes, servicios, facturas, tickets y avisos")]

    def __str__(self) -> str:
        return f"{self.title} ({self.rows})"


from backoffice.common.importing.models import Import as Import  # noqa: E402 - they are tables of this app too
from backoffice.common.importing.models import ImportChunk as ImportChunk  # noqa: E402


class SearchEntry(models.Model):
    """What is found of a row: its plain words (`search/words.py`), each with a space before it.

    Its id is made of its kind's number and the row's id, so a kind is a range of ids, the newest last.
    """

    id = models.BigIntegerField(primary_key=True)
    title = models.CharField("título", max_length=200)
    subtitle = models.CharField("detalle", max_length=200, blank=True)
    text = models.TextField("palabras")

    class Meta:
        verbose_name = "entrada del buscador"
        verbose_name_plural = "entradas del buscador"
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class SearchDirty(models.Model):
    """A row whose entry is to be made again. Triggers write it (`search/triggers.py`), as often as it changes.

    Nothing is unique here: two transactions that change the same row must not wait for each other.
    Kind 0 says that everything is to be made again.
    """

    kind = models.PositiveSmallIntegerField("tipo")
    object_id = models.BigIntegerField("fila")

    class Meta:
        verbose_name = "cambio por buscar"
        verbose_name_plural = "cambios por buscar"
        default_permissions = ()
        indexes = [models.Index(fields=["kind"], name="search_everything", condition=models.Q(kind=0))]

    def __str__(self) -> str:
        return f"{self.kind}: {self.object_id}"
