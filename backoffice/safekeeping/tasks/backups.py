"""What the worker does of copies: the automatic ones when their hour comes, and what staff asked for.

A copy begins anew when its process died, since until it is whole nobody sees it. A restoration never does: whoever
asked for it has gone on working with what was there.
"""

import time
from dataclasses import replace
from datetime import datetime, timedelta

from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.common.worker import job_kind, routine
from backoffice.safekeeping.backups import archive, folder, making, restoring, status
from backoffice.safekeeping.backups.manifest import Damaged, Kind, Manifest
from backoffice.safekeeping.backups.progress import Beat
from backoffice.safekeeping.backups.status import Restoration
from backoffice.safekeeping.models import BackupSettings
from backoffice.safekeeping.services import hold_what_was_pending, plan_backup
from backoffice.safekeeping.services.backups import CHECK, MAKE, RESTORE

LEASE = timedelta(minutes=10)  # longer than SQLite takes for the part that tells nothing
RESTORE_LEASE = timedelta(hours=6)  # nobody takes it over
EACH = 1.0  # seconds between two signs of life


@routine
def plan(now: datetime) -> None:
    plan_backup(now=now)


@job_kind(MAKE, "Copia de seguridad", lease=LEASE)
def make(job: Job) -> bool:
    payload = job.payload
    making.make(kind=Kind(payload["kind"]), by=payload["by"], media=payload["media"], beat=_beat(job))
    folder.prune(BackupSettings.load().keep)
    job.steps = [jobs.step("Copia hecha y verificada.", "done")]
    return False


@job_kind(CHECK, "Verificar una copia", lease=LEASE)
def check(job: Job) -> bool:
    copy = folder.find(job.payload["name"])
    if copy is None:
        raise DomainError("Esa copia ya no está en la carpeta.")
    try:
        archive.verify(copy.path, _beat(job))
    except Damaged as error:
        folder.note_check(copy, error.message)
        raise
    folder.note_check(copy)
    job.steps = [jobs.step("La copia está entera.", "done")]
    return False


def _not_restored(job: Job, error: str) -> None:
    asked = status.read()
    if asked is not None and asked.token == job.payload.get("token"):
        status.ended(asked, "failed", error=error)


@job_kind(RESTORE, "Restaurar una copia", lease=RESTORE_LEASE, failed=_not_restored)
def restore(job: Job) -> bool:
    """What it tells goes to the status file: the job itself is no more once the copy is in place."""
    if job.payload.get("begun"):
        raise DomainError("Se cortó antes de terminar. No se cambió nada: si todavía hace falta, volvé a pedirla.")
    job.payload["begun"] = True
    jobs.advance(job=job, lease=RESTORE_LEASE)
    copy, asked = folder.find(job.payload["name"]), status.read()
    if copy is None or asked is None or asked.token != job.payload["token"]:
        raise DomainError("Esa copia ya no está en la carpeta.")
    put_back(copy, asked)
    return False


def put_back(copy: folder.Copy, asked: Restoration, beat: Beat | None = None) -> restoring.Restored:
    """Put a copy back, and tell how it goes in the status file. Raises: as `restoring.restore`."""
    told = [status.write(replace(asked, state="running", step="Verificando la copia"))]

    def show(text: str, done: int, total: int) -> None:
        step = f"{text}: {100 * min(done, total) // total} %" if total else text
        if step != told[0].step:
            told[0] = status.write(replace(told[0], step=step))
        if beat is not None:
            beat(text, done, total)

    def saved(name: str) -> None:
        told[0] = status.write(replace(told[0], safety=name))

    def settle(manifest: Manifest, revision: int) -> tuple[str, ...]:
        held = hold_what_was_pending(
            name=copy.name, made_at=manifest.made_at, by=asked.by, token=asked.token, revision=revision
        )
        return (
            f"Quedaron para que decidas: {held.messages} mensajes, {held.notices} avisos y {held.events} recibidos sin "
            "atender. No salió nada.",
            "El bot está en Modo Parado.",
        )

    done = restoring.restore(copy.path, settle, by=asked.by, beat=show, saved=saved)
    status.ended(told[0], "done", lines=done.lines)
    return done


def _beat(job: Job) -> Beat:
    """Shows how far it is and holds the job meanwhile. Raises: LostJob once somebody cancelled it."""
    last = [0.0]

    def show(text: str, done: int, total: int) -> None:
        if time.monotonic() - last[0] < EACH:
            return
        last[0] = time.monotonic()
        job.payload |= {"done": done, "total": total}
        job.steps = [jobs.step(text)]
        jobs.advance(job=job, lease=LEASE)

    return show
