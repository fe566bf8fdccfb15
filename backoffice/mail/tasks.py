"""What the worker does of the mail."""

from datetime import datetime

from backoffice.common.models import Job
from backoffice.common.worker import job_kind, routine
from backoffice.mail import services
from backoffice.mail.delivery import deliver


def _given_up(job: Job, error: str) -> None:
    services.give_up(pk=job.payload["mail"], error=error)


@job_kind(services.JOB, "Mandar un correo", failed=_given_up)
def send(job: Job) -> bool:
    deliver(job.payload["mail"])
    return False


@job_kind(services.FORGOTTEN_JOB, "Mandar el enlace de una contraseña olvidada")
def forgotten(job: Job) -> bool:
    services.answer_forgotten(job=job)
    return False


@routine
def forget_old_mails(now: datetime) -> None:
    """Once an hour: nothing of it is urgent."""
    if now.minute == 23:
        services.forget_mails(now=now)
