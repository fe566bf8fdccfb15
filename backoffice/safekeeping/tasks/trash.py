"""What the worker does here: once a day, what has been in the trash for thirty days ends."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from backoffice.common import worker
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.common.worker import job_kind, routine
from backoffice.safekeeping import services
from backoffice.safekeeping.models import TrashItem

PURGE = "purge_trash"
EVERY = timedelta(hours=23)


@job_kind(PURGE, "Vaciar lo vencido de la papelera")
def purge(job: Job) -> bool:
    """Some of it; the job remembers up to which."""
    after = job.payload.get("after", 0)
    if after is None:  # it had ended, and whoever did it died before saying so
        return False
    with transaction.atomic():
        job.payload["after"] = services.purge_expired(now=timezone.now(), after=after)
        jobs.advance(job=job)
    return job.payload["after"] is not None


@routine
def purge_daily(now: datetime) -> None:
    """Begin once a day, if there is anything to end."""
    if Job.objects.filter(kind=PURGE, created_at__gt=now - EVERY).exists():
        return
    if TrashItem.objects.filter(expires_at__lte=now).exists():
        worker.start(kind=PURGE)
