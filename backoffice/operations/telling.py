"""The bad alerts of the panel by mail: once each, all that stand in one mail, and one when all is well again."""

from datetime import datetime

from django.db.models import QuerySet

from backoffice.accounts.models import User
from backoffice.mail.selectors import mail_is_connected, may_receive
from backoffice.operations.alerts import BY_NO_MAIL, alerts
from backoffice.operations.models import StandingAlert
from backoffice.operations.services import mail_alerts

BACKEND = "django.contrib.auth.backends.ModelBackend"
SEEING = "operations.view_health"


def readers() -> list[User]:
    """Who asked for the alerts, may see them in the panel and can be written to. One query."""
    may: QuerySet[User] = User.objects.with_perm(SEEING, backend=BACKEND)
    return [user for user in may.filter(gets_alerts=True, is_staff=True) if may_receive(user)]


def tell_alerts(now: datetime) -> None:
    """What the worker does each minute. What mail cannot leave is the panel's alone to tell."""
    people = readers() if mail_is_connected() else []
    if not people:
        StandingAlert.objects.all().delete()
        return
    bad = {alert.key: alert.text for alert in alerts(now) if alert.tone == "bad" and alert.key != BY_NO_MAIL}
    mail_alerts(bad=bad, people=people, now=now)
