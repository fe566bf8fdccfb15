"""An import and its chunks. What they keep of people (files, outcomes, journal) lasts `KEPT`."""

from datetime import timedelta

from django.conf import settings
from django.db import models

FOLDER = "importaciones/"
KEPT = timedelta(days=30)
"""How long the file, what came of each row, and the journal are kept; so long can an import be undone."""


class Import(models.Model):
    """One file that somebody brought for one table, and how far it came.

    `header` is what was found in its first row: see `header.Header`. `doubles` has, by the number of a row, that of
    another with the same key. `offsets` is where each chunk begins in the spool. Counts are of rows of the file.
    """

    class State(models.TextChoices):
        READING = "reading", "Leyendo el archivo"
        READY = "ready", "Para revisar"
        APPLYING = "applying", "Importando"
        DONE = "done", "Importado"
        UNDOING = "undoing", "Deshaciendo"
        UNDONE = "undone", "Deshecho"
        FAILED = "failed", "Falló"
        CANCELLED = "cancelled", "Cancelado"

    table = models.CharField("tabla", max_length=60)
    name = models.CharField("archivo", max_length=160)
    file = models.FileField(upload_to=FOLDER, max_length=200, blank=True)
    spool = models.FileField(upload_to=FOLDER, max_length=200, blank=True)
    key = models.CharField("se reconoce por", max_length=60)
    header = models.JSONField(default=dict, blank=True)
    doubles = models.JSONField(default=dict, blank=True)
    offsets = models.JSONField(default=list, blank=True)
    state = models.CharField("estado", max_length=12, choices=State.choices, default=State.READING)
    error = models.CharField("error", max_length=500, blank=True)
    total = models.PositiveIntegerField("filas", default=0)
    blank_rows = models.PositiveIntegerField("filas vacías", default=0)
    new = models.PositiveIntegerField("nuevas", default=0)
    changed = models.PositiveIntegerField("cambiadas", default=0)
    same = models.PositiveIntegerField("sin cambios", default=0)
    wrong = models.PositiveIntegerField("con errores", default=0)
    kept = models.PositiveIntegerField("que no se deshicieron", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="quién",
    )
    job = models.ForeignKey("common.Job", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="tarea")
    created_at = models.DateTimeField("cuándo", auto_now_add=True, db_index=True)
    applied_at = models.DateTimeField("importado", null=True, blank=True)  # when it began, until it ends
    undone_at = models.DateTimeField("deshecho", null=True, blank=True)  # as above
    forgotten_at = models.DateTimeField("borrado", null=True, blank=True)

    class Meta:
        app_label = "common"
        verbose_name = "importación"
        verbose_name_plural = "importaciones"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Importación {self.pk}"

    @property
    def to_write(self) -> int:
        """How many rows would be, or were, written."""
        return self.new + self.changed

    @property
    def is_moving(self) -> bool:
        """Whether a job is at it."""
        return self.state in (Import.State.READING, Import.State.APPLYING, Import.State.UNDOING)

    @property
    def may_apply(self) -> bool:
        """Whether somebody may have it written: it was looked at, or a job gave up in the middle of writing it."""
        stopped = self.state == Import.State.FAILED and self.applied_at is not None and self.undone_at is None
        return self.forgotten_at is None and (stopped or self.state == Import.State.READY)

    @property
    def may_undo(self) -> bool:
        """Whether something was written and its journal is still kept."""
        written = self.applied_at is not None and self.to_write > 0
        return written and self.forgotten_at is None and self.state in (Import.State.DONE, Import.State.FAILED)


class ImportChunk(models.Model):
    """Some rows of an import that are judged and written together.

    `outcomes` has for each row [number, kind, details]: see `outcomes.Outcome`. `journal` has for each row that was
    written [key, before or null, after]; `kept` what undoing left alone, [number, who, why].
    """

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="chunks", verbose_name="importación")
    number = models.PositiveIntegerField()
    outcomes = models.JSONField(default=list)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    is_applied = models.BooleanField(default=False)
    is_undone = models.BooleanField(default=False)
    journal = models.JSONField(default=list)
    kept = models.JSONField(default=list)

    class Meta:
        app_label = "common"
        verbose_name = "parte de una importación"
        verbose_name_plural = "partes de importaciones"
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="import_chunk_once")]

    def __str__(self) -> str:
        return f"{self.of_id}/{self.number}"
