"""The systems of others that we call, with their secrets, and what came of each call."""

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from backoffice.accounts.models import User
from backoffice.common.encryption import EncryptedText
from backoffice.common.models import ConfigModel
from backoffice.connections.kinds import kind_choices, provider_choices, provider_of, result_choices


class Connection(ConfigModel):
    """One account in one system. `settings` and the JSON inside `secrets` are by the names of the provider's fields."""

    kind = models.CharField("tipo", max_length=20, choices=kind_choices, editable=False)
    provider = models.CharField("proveedor", max_length=40, choices=provider_choices, editable=False)
    name = models.CharField("nombre", max_length=60, help_text="Para reconocerla si tenés más de una.")
    enabled = models.BooleanField("habilitada", default=True, help_text="Apagada no se usa ni da alertas.")
    settings = models.JSONField("datos", default=dict, blank=True)
    secrets = EncryptedText("claves", blank=True, editable=False)
    values_changed_at = models.DateTimeField("datos cambiados", default=timezone.now, editable=False)
    history = HistoricalRecords(excluded_fields=["secrets", "values_changed_at"])

    class Meta:
        verbose_name = "conexión"
        verbose_name_plural = "conexiones"
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="connection_name_once")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def inner_labels(record: "Connection") -> dict[str, str]:
        """How staff call each of the `settings` of a row, or of a line of its history."""
        provider = provider_of(record.kind, record.provider)
        return {field.name: field.label for field in provider.settings} if provider else {}


class CallLog(models.Model):
    """One call to a system of others: when, what, how long, how it went. Never what was said: no secret, no person."""

    connection = models.ForeignKey(
        Connection, null=True, blank=True, on_delete=models.SET_NULL, related_name="calls", verbose_name="conexión",
        db_index=False,
    )  # fmt: skip
    name = models.CharField("conexión", max_length=60)
    provider = models.CharField("proveedor", max_length=40, choices=provider_choices)
    what = models.CharField("qué", max_length=60)
    at = models.DateTimeField("cuándo", default=timezone.now, db_index=True)
    ms = models.PositiveIntegerField("demora (ms)")
    result = models.CharField("resultado", max_length=20, choices=result_choices)
    by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name="quién", db_index=False
    )

    class Meta:
        verbose_name = "llamada"
        verbose_name_plural = "llamadas"
        ordering = ["-id"]
        indexes = [models.Index(fields=["connection", "-id"], name="calllog_last")]

    def __str__(self) -> str:
        return f"{self.what}: {self.name}"
