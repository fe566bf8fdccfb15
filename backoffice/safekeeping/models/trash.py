"""What staff deleted, for the days in which it can still be had back."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from backoffice.conversations.models import Contact

KEPT = timedelta(days=30)


def month_from_now() -> datetime:
    return timezone.now() + KEPT


class TrashQuerySet(models.QuerySet["TrashItem"]):
    def shown(self) -> "TrashQuerySet":
        """What can be had back: a person who wrote again is out of the trash by themselves."""
        return self.exclude(contact__isnull=False, contact__trashed_at__isnull=True)


class TrashItem(models.Model):
    """One thing that somebody deleted, with all that went with it. See `snapshots.py` for `rows` and `freed`.

    A person is not deleted but marked (`Contact.trashed_at`): then `contact` is set and there are no rows.
    """

    table = models.CharField(max_length=100)
    key = models.CharField(max_length=40)
    title = models.CharField("qué", max_length=200)
    of = models.CharField("de", max_length=200, blank=True)
    what = models.CharField("qué se fue", max_length=300, blank=True)
    rows = models.JSONField(default=list)
    freed = models.JSONField(default=list)
    contact = models.OneToOneField(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="trash_item", verbose_name="contacto"
    )
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="quién"
    )
    deleted_by_name = models.CharField("quién lo borró", max_length=150, blank=True)
    deleted_at = models.DateTimeField("cuándo", default=timezone.now)
    expires_at = models.DateTimeField("hasta", default=month_from_now, db_index=True)

    objects = TrashQuerySet.as_manager()

    class Meta:
        verbose_name = "elemento de la papelera"
        verbose_name_plural = "elementos de la papelera"
        default_permissions = ("view",)
        permissions = [
            ("restore_trash", "Restaurar lo que está en la papelera"),
            ("empty_trash", "Borrar para siempre lo que está en la papelera"),
        ]
        indexes = [models.Index(fields=["table", "key"], name="trash_of")]

    def __str__(self) -> str:
        return self.title

    @property
    def days_left(self) -> int:
        """Whole days until it is gone; 0 on its last one."""
        return max((self.expires_at - timezone.now()).days, 0)
