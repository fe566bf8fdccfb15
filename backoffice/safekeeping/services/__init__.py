"""Verbs of what is kept and of what is forgotten: copies, the trash, the right to be forgotten."""

from .backups import (
    ask_backup,
    ask_check,
    ask_restore,
    note_download,
    plan_backup,
    remove_backup,
    save_backup_settings,
)
from .forgetting import Reason, anonymise, look_ahead
from .restored import hold_what_was_pending
from .trash import keep_deleted, purge_expired, restore, throw_away, trash_contact

__all__ = [
    "Reason",
    "anonymise",
    "ask_backup",
    "ask_check",
    "ask_restore",
    "hold_what_was_pending",
    "keep_deleted",
    "look_ahead",
    "note_download",
    "plan_backup",
    "purge_expired",
    "remove_backup",
    "restore",
    "save_backup_settings",
    "throw_away",
    "trash_contact",
]
