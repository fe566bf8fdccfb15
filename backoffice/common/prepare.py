"""What the worker needs before it starts: to be asked each minute, and the triggers that tell it what changed."""

from django_q.models import Schedule

from backoffice.common.search import entries, triggers

SWEEP = "backoffice.common.tasks.sweep"


def prepare() -> None:
    """Have django-q2 sweep each minute. Runs at each start and changes nothing the second time."""
    Schedule.objects.get_or_create(
        name="sweep", defaults={"func": SWEEP, "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1}
    )
    if triggers.install():
        entries.everything_changed()
