"""How the installation is kept safe: when copies are made and how many are kept (ISPBOT-BAK)."""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from backoffice.common.models import Singleton, single_row

MOST_KEPT = 365


class BackupSettings(Singleton):
    """When a copy is made by itself and how many of those stay. Where they go is of the server (`BACKUP_DIR`)."""

    class Frequency(models.TextChoices):
        DAILY = "diario", "Diario"
        WEEKLY = "semanal", "Semanal (los domingos)"
        MONTHLY = "mensual", "Mensual (el día 1)"
        OFF = "apagado", "Apagado"

    frequency = models.CharField("frecuencia", max_length=10, choices=Frequency.choices, default=Frequency.DAILY)
    at = models.TimeField(
        "a las", default=time(3), help_text="Hora de la empresa. Conviene cuando nadie escribe, por ejemplo las 03:00."
    )
    keep = models.PositiveSmallIntegerField(
        "cuántas guardar",
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_KEPT)],
        help_text="De las automáticas. Al hacer una nueva se borra la más vieja; las hechas a mano no se borran solas.",
    )
    include_media = models.BooleanField(
        "incluir los archivos",
        default=True,
        help_text="Fotos, comprobantes, audios y documentos de las charlas. Sin ellos la copia es más chica, pero si "
        "se rompe el disco no hay de dónde recuperarlos.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ajustes de las copias"
        verbose_name_plural = "ajustes de las copias"
        default_permissions = ("view", "change")
        constraints = [
            single_row("backup_settings_single"),
            models.CheckConstraint(
                condition=models.Q(keep__gte=1, keep__lte=MOST_KEPT), name="backup_settings_keep_some"
            ),
        ]
        permissions = [
            ("make_backup", "Hacer y verificar copias de seguridad"),
            ("download_backup", "Descargar copias de seguridad, que tienen los datos de todos"),
            ("remove_backup", "Borrar copias de seguridad"),
            ("restore_backup", "Restaurar una copia de seguridad"),
        ]

    def __str__(self) -> str:
        return "Ajustes de las copias de seguridad"
