"""The table of what a menu option can do."""

from collections.abc import Iterable
from typing import Protocol

from django.db import transaction

from backoffice.dialogs.models import ActionType


class Action(Protocol):
    """What a menu option can do, as the bot declares it."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def help(self) -> str: ...


@transaction.atomic
def synchronise_actions(actions: Iterable[Action]) -> None:
    """Make the table of actions mirror what this version of the bot can do, in that order (design 2).

    What it can no longer do stays, marked as not available, because menus may still name it.
    """
    rows = [
        ActionType(code=one.code, label=one.label, help_text=one.help, position=position, available=True)
        for position, one in enumerate(actions, start=1)
    ]
    ActionType.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["label", "help_text", "position", "available"],
    )
    ActionType.objects.exclude(code__in=[row.code for row in rows]).update(available=False)
