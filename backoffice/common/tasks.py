"""What django-q2 calls, which only asks the worker to look; and what of this app the worker knows to do."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.common import worker
from backoffice.common.importing import running as running  # its kinds of jobs
from backoffice.common.models import Job, SearchDirty
from backoffice.common.search import entries, kinds
from backoffice.common.services import imports, jobs
from backoffice.common.tables import background as background

A_FEW = 5  # pieces of what is to be made findable, before it is a job's


def work() -> None:
    """Do what is due; what does not fit in one task goes on in another, after those that wait."""
    if worker.work():
        worker.nudge()


def sweep() -> None:
    """Each minute: what comes round with the clock, and jobs whose nudge was lost or whose process died."""
    worker.come_round(timezone.now())
    work()


@worker.routine
def forget_old_imports(now: datetime) -> None:
    """What imports keep of people goes after a month."""
    imports.forget_old(now=now)


@worker.routine
def look_for_changes(now: datetime) -> None:
    """Have what changed made findable, also when nobody searches. What does not fit in a few pieces becomes a job."""
    again = SearchDirty.objects.filter(kind=entries.EVERYTHING).exists()
    if again or all(entries.drain() for _ in range(A_FEW)):
        entries.make_the_rest()


@worker.job_kind(entries.JOB, "Actualizar el buscador", rests=True)
def make_findable(job: Job) -> bool:
    """A piece: the next rows of a table while all is made again, then what changed meanwhile."""
    told = job.payload
    if "left" not in told:
        again = SearchDirty.objects.filter(kind=entries.EVERYTHING).exists()
        rows = sum(kind.model._default_manager.count() for kind in kinds().values()) if again else 0
        told |= {"left": list(kinds()) if again else [], "after": 0, "done": 0, "total": rows}
    with transaction.atomic():
        more = _next_table(told) if told["left"] else entries.drain()
        jobs.advance(job=job)
    return more


def _next_table(told: dict[str, Any]) -> bool:
    """The next rows of the table that is being made again. There is always more: what changed meanwhile."""
    left = told["left"]
    after = entries.make_range(kinds()[left[0]], told["after"])
    told["done"] = min(told["done"] + entries.AT_ONCE, told["total"])
    told["after"], told["left"] = after or 0, left if after else left[1:]
    if not told["left"]:
        SearchDirty.objects.filter(kind=entries.EVERYTHING).delete()
        told["done"] = told["total"]
    return True
