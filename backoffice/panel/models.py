"""The only table of the panel's own: what somebody decided to do without when setting the company up."""

from django.conf import settings
from django.db import models


class SkippedStep(models.Model):
    """An optional step of the assistant that the company does without, until somebody takes it back in."""

    key = models.CharField("paso", max_length=30, unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="quién"
    )
    at = models.DateTimeField("cuándo", auto_now_add=True)

    class Meta:
        verbose_name = "paso salteado"
        verbose_name_plural = "pasos salteados"
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
