"""Verbs of the bot as a whole: its mode, its restart."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.catalog.models import Zone
from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity
from backoffice.operations.models import BotControl

EVERY_LIMIT = 24 * 60


@transaction.atomic
def change_mode(
    *,
    mode: str,
    by: User | None,
    emergency_text: str | None = None,
    every: int | None = None,
    zones: Collection[Zone] | None = None,
) -> BotControl:
    """Put the bot in a mode, in force within a second; what is None stays as it was.

    `every` is in minutes. `zones` empty means everybody. `changed_at` moves only when the mode does,
    so that the banner says since when. Audited by the row's history and a line of the console.

    Raises:
        DomainError: an unknown mode, an empty emergency text, minutes out of range.
    """
    if mode not in BotControl.Mode.values:
        raise DomainError("Ese modo no existe.", field="mode")
    control = BotControl.load()
    moved = control.mode != mode
    control.mode = mode
    if emergency_text is not None:
        control.emergency_text = emergency_text.strip()
    if every is not None:
        control.emergency_every = every
    _check(control)
    if moved:
        control.changed_by, control.changed_at = by, timezone.now()
    if zones is not None:
        control.emergency_zones.set(zones)
    signed(control, by, _reason(zones)).save()
    if moved:
        Activity.note(Activity.Kind.MODE, f"{by or 'El sistema'} activó {control.get_mode_display()}")
    return control


@transaction.atomic
def ask_restart(*, by: User | None) -> None:
    """Ask the bot's processes to stop gracefully and start again (ISPBOT-GRP); they see it within seconds."""
    now = timezone.now()
    control = BotControl.load()
    control.restart_asked_at = now
    signed(control, by, "Reinicio").save(update_fields=["restart_asked_at"])
    Activity.note(Activity.Kind.CONNECTION, f"{by or 'El sistema'} pidió reiniciar el bot")


def _reason(zones: Collection[Zone] | None) -> str:
    """The history keeps no many-to-many, so the reason tells the zones."""
    if zones is None:
        return ""
    return f"Zonas: {', '.join(zone.name for zone in zones) or 'todas'}"


def _check(control: BotControl) -> None:
    if not control.emergency_text:
        raise DomainError("Escribí el mensaje de emergencia.", field="emergency_text")
    if not 1 <= control.emergency_every <= EVERY_LIMIT:
        raise DomainError("Poné entre 1 y 1440 minutos.", field="every")
