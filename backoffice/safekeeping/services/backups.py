"""What staff ask of copies. The work itself is the worker's (`safekeeping/tasks/backups.py`)."""

import secrets
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.common import worker
from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.company.selectors import zone
from backoffice.safekeeping.backups import folder, status
from backoffice.safekeeping.backups.folder import Copy
from backoffice.safekeeping.backups.manifest import Kind
from backoffice.safekeeping.backups.restoring import refuse_unfit
from backoffice.safekeeping.backups.status import Restoration
from backoffice.safekeeping.models import BackupSettings
from backoffice.safekeeping.schedule import next_due

MAKE, CHECK, RESTORE = "backup", "check_backup", "restore_backup"  # the kinds of the worker's jobs
PLANNED = "automática"
WORD = "RESTAURAR"


@transaction.atomic
def save_backup_settings(*, settings: BackupSettings, by: User | None) -> BackupSettings:
    """Keep when copies are made and how many stay; the one that was planned is planned again."""
    signed(settings, by).save()
    Job.objects.filter(kind=MAKE, subject=PLANNED, state=Job.State.PENDING).update(
        state=Job.State.CANCELLED, finished_at=timezone.now()
    )
    told = f"{settings.get_frequency_display()}, a las {settings.at:%H:%M}, se guardan {settings.keep}"
    audit.note(audit.Kind.DATA, f"Cambió los ajustes de las copias: {told}", by=by)
    return settings


@transaction.atomic
def plan_backup(*, now: datetime) -> Job | None:
    """Have the next automatic copy wait for its hour, unless one does already or they are off. Asked each minute."""
    if Job.objects.filter(kind=MAKE, subject=PLANNED, state__in=jobs.OPEN).exists():
        return None
    settings = BackupSettings.objects.filter(pk=1).first() or BackupSettings()
    due = next_due(settings.frequency, settings.at, now, zone())
    if due is None:
        return None
    payload = {"kind": Kind.AUTOMATIC.value, "by": "", "media": settings.include_media}
    steps = [jobs.step(f"Para el {due:%d/%m/%Y} a las {due:%H:%M}")]
    return jobs.enqueue(kind=MAKE, owner=worker.OWNER, subject=PLANNED, payload=payload, steps=steps, not_before=due)


@transaction.atomic
def ask_backup(*, by: User) -> Job:
    """Make a copy now. Raises: DomainError while one is being made."""
    now = timezone.now()
    if Job.objects.filter(kind=MAKE, state__in=jobs.OPEN, not_before__lte=now).exists():
        raise DomainError("Ya se está haciendo una copia.")
    audit.note(audit.Kind.DATA, "Pidió una copia de seguridad", by=by)
    media = BackupSettings.load().include_media
    return worker.start(kind=MAKE, payload={"kind": Kind.MANUAL.value, "by": str(by), "media": media})


@transaction.atomic
def ask_check(*, copy: Copy, by: User) -> Job:
    """Have the worker read a copy whole and compare it with what it says of itself."""
    audit.note(audit.Kind.DATA, f"Pidió verificar la copia {copy.name}", by=by)
    return worker.start(kind=CHECK, subject=copy.name[:60], payload={"name": copy.name})


@transaction.atomic
def ask_restore(*, copy: Copy, word: str, by: User) -> Job:
    """Have the worker put a copy back. `word` is what was typed to confirm it.

    Raises:
        DomainError: the word is another (field «palabra»), the copy cannot be used here, or one is being put back.
    """
    if word.strip().upper() != WORD:
        raise DomainError(f"Para confirmar escribí {WORD}.", field="palabra")
    if copy.manifest is None or copy.problem:
        raise DomainError(copy.problem or "Esa copia no se puede usar.")
    refuse_unfit(copy.manifest)
    if Job.objects.filter(kind=RESTORE, state__in=jobs.OPEN).exists():
        raise DomainError("Ya se está restaurando una copia.")
    asked = Restoration(secrets.token_urlsafe(12), copy.name, str(by), timezone.now())
    audit.note(audit.Kind.DATA, f"Pidió restaurar la copia {copy.name}", by=by)
    job = worker.start(kind=RESTORE, subject=copy.name[:60], payload={"name": copy.name, "token": asked.token})
    transaction.on_commit(partial(status.write, asked))
    return job


@transaction.atomic
def note_download(*, copy: Copy, by: User) -> None:
    """Somebody takes away all that the company knows."""
    audit.note(audit.Kind.DATA, f"Descargó la copia de seguridad {copy.name}", by=by)


@transaction.atomic
def remove_backup(*, copy: Copy, by: User) -> None:
    """Remove a copy for good, once it is written down who did. Raises: DomainError for the last good one."""
    good = [one.name for one in folder.copies() if one.is_good]
    if good == [copy.name]:
        raise DomainError("Es la única copia buena que hay: hacé otra antes de borrarla.")
    audit.note(audit.Kind.DELETED, f"Borró la copia de seguridad {copy.name}", by=by)
    transaction.on_commit(partial(folder.remove, copy))
