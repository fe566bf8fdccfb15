"""The durable queue of what happened and the place where each dialogue stands (design 3)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .people import Contact


class Lane(models.Model):
    """What must be handled one at a time: a person's address, a group, a ticket's timers.

    `ready_at` is when its next event may run (NULL: nothing waits). A worker owns it while
    `lease_until` is ahead and its `token` matches. `strikes` counts exceptions, `expired` leases that ran out.
    """

    key = models.CharField(max_length=90)
    ready_at = models.DateTimeField(null=True, blank=True)
    burst_started_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=36, blank=True)
    strikes = models.PositiveSmallIntegerField(default=0)
    expired = models.PositiveSmallIntegerField(default=0)
    # No index: nearly every lane has none, and SQLite would take that for a way to find few.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = "carril"
        verbose_name_plural = "carriles"
        # `unique=True` would bring an index for LIKE too, on PostgreSQL, that each claim of a lane writes again.
        constraints = [models.UniqueConstraint(fields=["key"], name="lane_once")]
        indexes = [
            models.Index(fields=["ready_at"], name="lane_ready", condition=Q(ready_at__isnull=False)),
            models.Index(fields=["lease_until"], name="lane_leased", condition=Q(lease_until__isnull=False)),
            models.Index(fields=["token"], name="lane_token", condition=~Q(token="")),
        ]

    def __str__(self) -> str:
        return self.key


class InboxEvent(models.Model):
    """Something that happened, stored before anything is done about it. Unique by (source, external_id).

    DEAD is what no turn could handle, for the `reason` it carries; staff put it back in its lane or discard it.
    """

    class State(models.IntegerChoices):
        PENDING = 0, "Pendiente"
        DONE = 1, "Atendido"
        DEAD = 2, "Pasó a una persona"
        DISCARDED = 3, "Descartado"

    # No index of its own: only what is pending is looked for by lane, and of a whole index SQLite would walk
    # all that a lane ever said.
    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="events", db_index=False)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=160)
    kind = models.CharField(max_length=30)
    payload = models.JSONField(default=dict)
    ready_at = models.DateTimeField(null=True, blank=True, default=timezone.now)  # NULL: nothing is left to do
    received_at = models.DateTimeField(default=timezone.now)
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "evento"
        verbose_name_plural = "eventos"
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="inbox_event_unique"),
            models.CheckConstraint(condition=~Q(state=0) | Q(ready_at__isnull=False), name="inbox_pending_is_timed"),
        ]
        indexes = [
            models.Index(fields=["lane", "ready_at"], name="inbox_pending", condition=Q(ready_at__isnull=False)),
            models.Index(fields=["received_at"], name="inbox_dead", condition=Q(state=2)),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind}"


class DialogState(models.Model):
    """Where a contact's dialogue with the bot stands. `memory` keeps small facts (what was already told)."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="dialog", verbose_name="contacto")
    flow = models.CharField("conversación guiada", max_length=40, blank=True)
    step = models.CharField("paso", max_length=40, blank=True)
    data = models.JSONField("datos", default=dict, blank=True)
    menu = models.CharField("menú", max_length=40, blank=True)
    options = models.JSONField(default=list, blank=True)
    memory = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField("vence", null=True, blank=True)
    updated_at = models.DateTimeField("actualizado", default=timezone.now)

    class Meta:
        verbose_name = "estado del diálogo"
        verbose_name_plural = "sesiones activas"

    def __str__(self) -> str:
        return f"{self.contact}: {self.flow or 'menú'}"
