"""What the worker does of the operations."""

from datetime import datetime

from backoffice.common.worker import routine
from backoffice.operations.telling import tell_alerts


@routine
def alerts_by_mail(now: datetime) -> None:
    tell_alerts(now)
