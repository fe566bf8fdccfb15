"""What the panel warns of copies: none, an old one, none planned, and a bot that a restoration stopped (BAK-07)."""

from datetime import datetime, timedelta

from django.conf import settings

from backoffice.conversations.models import Contact
from backoffice.customers.models import Customer
from backoffice.operations.alerts import Alert
from backoffice.operations.models import BotControl
from backoffice.safekeeping.backups import folder, status
from backoffice.safekeeping.models import BackupSettings
from backoffice.safekeeping.schedule import LATE

PAGE = "panel_backups"


def alarms(now: datetime) -> list[Alert]:
    """A few small queries, and the first page of the newest copies."""
    return _copies(now) + _restored()


def _copies(now: datetime) -> list[Alert]:
    newest = folder.newest_good()
    if settings.DEMO and newest is None:
        return []  # what was made up can be made up again
    chosen = BackupSettings.objects.filter(pk=1).values_list("frequency", flat=True).first()
    frequency = chosen or BackupSettings.Frequency.DAILY
    if frequency not in LATE:
        return [Alert("warn", "Las copias de seguridad automáticas están apagadas.", PAGE, "Activarlas")]
    if newest is None:
        text = "Todavía no hay ninguna copia de seguridad."
        return [Alert("warn", text, PAGE, "Hacer la primera")] if _has_people() else []
    age = now - newest.made_at
    if age <= LATE[frequency]:
        return []
    return [
        Alert(
            "bad",
            f"La última copia de seguridad buena es de hace {_spoken(age)}.",
            PAGE,
            "Hacer una ahora",
            key="backup",
        )
    ]


def _has_people() -> bool:
    return Contact.objects.exists() or Customer.objects.exists()


def _restored() -> list[Alert]:
    last = status.read()
    if last is None or last.state != "done" or last.ended_at is None:
        return []
    control = BotControl.objects.filter(pk=1, mode=BotControl.Mode.STOPPED, changed_by=None).first()
    if control is None or control.changed_at is None or control.changed_at > last.ended_at:
        return []
    text = "El bot está en Modo Parado porque se restauró una copia: revisá lo pendiente y reactivalo."
    return [Alert("bad", text, "panel_tools", "Activarlo", key="restored")]


def _spoken(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} horas" if hours < 48 else f"{hours // 24} días"
