"""What django-q2 calls. It decides nothing: it only asks the worker to look."""

from django.utils import timezone

from backoffice.common import worker
from backoffice.common.tables import background

__all__ = ["background", "sweep", "work"]  # importing it has registered what long exports are


def work() -> None:
    """Do what is due; what does not fit in one task goes on in another, after those that wait."""
    if worker.work():
        worker.nudge()


def sweep() -> None:
    """Each minute: what comes round with the clock, and jobs whose nudge was lost or whose process died."""
    worker.come_round(timezone.now())
    work()
