"""What django-q2 calls. It decides nothing: it only asks the worker to look. And what the worker does of its own."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from backoffice.common import worker
from backoffice.common.models import Job, SearchDirty
from backoffice.common.search import entries, kinds
from backoffice.common.services import jobs

SEARCH = "search"


def work() -> None:
    """Do what is due; what does not fit in one task goes on in another, after those that wait."""
    if worker.work():
        worker.nudge()


def sweep() -> None:
    """Each minute: what comes round with the clock, and jobs whose nudge was lost or whose process died."""
    worker.come_round(timezone.now())
    work()


@worker.routine
def look_for_changes(now: datetime) -> None:
    """Have what changed made findable, also when nobody searches."""
    if SearchDirty.objects.exists() and not Job.objects.filter(kind=SEARCH, state__in=jobs.OPEN).exists():
        worker.start(kind=SEARCH)


@worker.job_kind(SEARCH, "Actualizar el buscador")
def make_findable(job: Job) -> bool:
    """A piece: the next rows of a table while all is made again, then what changed meanwhile."""
    if "left" not in job.payload:
        again = SearchDirty.objects.filter(kind=entries.EVERYTHING).exists()
        job.payload |= {"left": list(kinds()) if again else [], "after": 0}
    left = job.payload["left"]
    with transaction.atomic():
        if not left:
            more = entries.drain()
        else:
            after = entries.make_range(kinds()[left[0]], job.payload["after"])
            job.payload |= {"after": after or 0, "left": left if after else left[1:]}
            if not job.payload["left"]:
                SearchDirty.objects.filter(kind=entries.EVERYTHING).delete()
            more = True
        jobs.advance(job=job)
    return more
