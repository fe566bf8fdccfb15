"""The worker's own work: long jobs in pieces, and what comes round with the clock (design 4).

An app says in its `tasks.py` what it knows to do:

    @job_kind("import", "Importar una planilla")
    def piece(job: Job) -> bool: ...        # one piece, kept with `jobs.advance`; True while there is more

    @routine
    def purge(now: datetime) -> None: ...   # asked each minute; does nothing when nothing is due

The `Job` is the truth. django-q2 only nudges (`nudge`), and asks again each minute (`common/tasks.py`), since a
broker may lose or repeat a task.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from backoffice.common.errors import DomainError
from backoffice.common.models import Activity, Job
from backoffice.common.services import jobs
from integrations.errors import IntegrationError, Throttled

log = logging.getLogger(__name__)

OWNER = "worker"
AT_A_TIME = 50.0  # seconds a task works before it lets others in
TIMEOUT = 3600  # seconds after which django-q2 takes a task for stuck
TRIES = 5
WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
FAULT = "Error inesperado. Quedó anotado en el registro del servidor."

Piece = Callable[[Job], bool]
Gone = Callable[[Job, str], None]
Routine = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`title` is what staff read; `lease` is longer than any piece takes; `failed` is told when it is given up.

    One that `rests` is in nobody's way: after each piece it leaves the database to others for twice as long.
    """

    name: str
    title: str
    piece: Piece
    lease: timedelta
    failed: Gone | None
    rests: bool


_KINDS: dict[str, Kind] = {}
_ROUTINES: list[Routine] = []


def job_kind(
    name: str, title: str, *, lease: timedelta = jobs.LEASE, failed: Gone | None = None, rests: bool = False
) -> Callable[[Piece], Piece]:
    """Registers who does the jobs of a kind. `failed(job, error)` runs once it is given up, in words for staff."""

    def register(piece: Piece) -> Piece:
        _KINDS[name] = Kind(name, title, piece, lease, failed, rests)
        return piece

    return register


def routine(work: Routine) -> Routine:
    """Registers what is asked each minute. It has to be quick: what is long becomes a job."""
    _ROUTINES.append(work)
    return work


@cache
def kinds() -> dict[str, Kind]:
    """All that the apps know to do, by the name of its jobs."""
    for config in apps.get_app_configs():
        if config.name.startswith("backoffice.") and module_has_submodule(config.module, "tasks"):
            import_module(f"{config.name}.tasks")
    return _KINDS


def start(
    *, kind: str, subject: str = "", payload: dict[str, Any] | None = None, not_before: datetime | None = None
) -> Job:
    """A job for the worker, which is told as soon as the caller's transaction is kept."""
    job = jobs.enqueue(kind=kind, owner=OWNER, subject=subject, payload=payload, not_before=not_before)
    transaction.on_commit(nudge, robust=True)
    return job


def nudge() -> None:
    """Have the worker look now instead of within a minute."""
    from django_q.tasks import async_task  # reads its settings when imported

    async_task("backoffice.common.tasks.work", timeout=TIMEOUT)


def work(*, seconds: float = AT_A_TIME) -> bool:
    """Do what is due, the oldest first, for about that long. True when there may be more."""
    until = time.monotonic() + seconds
    while job := jobs.claim(owner=OWNER, now=timezone.now()):
        if not run(job, until=until):
            return True
    return False


def run_here(job: Job, *, seconds: float) -> bool:
    """Do a job that nobody was told of yet while somebody waits, for about that long; with 0, one piece of it.

    False when it has more: `nudge` has the worker go on. When this process dies, the job is found by the clock.
    """
    held = jobs.claim(owner=OWNER, now=timezone.now(), pk=job.pk)
    return held is None or run(held, until=time.monotonic() + seconds)


def run(job: Job, *, until: float | None = None) -> bool:
    """Do the pieces of a held job until it ends, or until that moment of `time.monotonic()`; False when it has more."""
    kind = kinds().get(job.kind)
    if kind is None:
        jobs.finish(job=job, state=Job.State.FAILED, steps=job.steps, error=f"Nadie sabe hacer «{job.kind}».")
        return True
    try:
        jobs.advance(job=job, lease=kind.lease)
        began = time.monotonic()
        while kind.piece(job):
            job.attempts, job.error = 0, ""  # it goes on: only failures in a row count
            if until is not None and time.monotonic() >= until:
                jobs.let_go(job=job)
                return False
            if kind.rests:
                time.sleep(2 * (time.monotonic() - began))
                began = time.monotonic()
    except jobs.LostJob:
        log.info("job %s was cancelled or taken over", job.pk)
    except DomainError as error:
        _give_up(kind, job, error.message)
    except Exception as error:
        _again(kind, job, error)
    else:
        jobs.finish(job=job, state=Job.State.DONE, steps=job.steps)
    return True


def come_round(now: datetime) -> None:
    """Ask every routine; one that fails is told in the log and stops none of the others."""
    kinds()  # importing has registered them
    for one in _ROUTINES:
        try:
            one(now)
        except Exception:
            log.exception("routine %s.%s failed", one.__module__, one.__name__)


def _again(kind: Kind, job: Job, error: Exception) -> None:
    """Later when waiting may mend it; after some tries, or when it will not, it is given up."""
    told = error.staff_text if isinstance(error, IntegrationError) else FAULT
    if not isinstance(error, IntegrationError):
        log.exception("job %s (%s) failed", job.pk, job.kind)
    stored = Job.objects.filter(pk=job.pk).first()
    if stored is None or stored.token != job.token:
        return
    job.payload, job.steps = stored.payload, stored.steps  # the failed piece may have touched them
    job.attempts, job.error = stored.attempts + 1, told
    is_final = isinstance(error, IntegrationError) and not error.retry
    if is_final or job.attempts >= TRIES:
        _give_up(kind, job, told)
        return
    wait = WAITS[min(job.attempts, len(WAITS)) - 1]
    if isinstance(error, Throttled):
        wait = max(wait, error.after)
    jobs.keep(job=job, until=timezone.now() + wait)


def _give_up(kind: Kind, job: Job, error: str) -> None:
    with transaction.atomic():
        if not jobs.finish(job=job, state=Job.State.FAILED, steps=job.steps, error=error):
            return
        Activity.note(Activity.Kind.ERROR, f"Falló la tarea «{kind.title}»: {error}")
        if kind.failed is not None:
            kind.failed(job, error)
