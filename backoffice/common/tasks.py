"""What django-q2 calls, which only asks the worker to look; and what of this app the worker knows to do."""

from datetime import datetime

from django.utils import timezone

from backoffice.common import worker
from backoffice.common.importing import running as running  # its kinds of jobs
from backoffice.common.services import imports
from backoffice.common.tables import background as background


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
