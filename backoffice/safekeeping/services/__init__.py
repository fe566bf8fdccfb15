"""Verbs of what is kept and what is forgotten."""

from .backups import (
    ask_backup,
    ask_check,
    ask_restore,
    note_download,
    plan_backup,
    remove_backup,
    save_backup_settings,
)
from .forgetting import Reason, anonymise
from .restored import hold_what_was_pending

__all__ = [
    "Reason",
    "anonymise",
    "ask_backup",
    "ask_check",
    "ask_restore",
    "hold_what_was_pending",
    "note_download",
    "plan_backup",
    "remove_backup",
    "save_backup_settings",
]
