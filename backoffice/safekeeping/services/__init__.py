"""Verbs of what is kept and of what is forgotten: the right to be forgotten, the trash."""

from .forgetting import Reason, anonymise
from .trash import keep_deleted, purge_expired, restore, throw_away, trash_contact

__all__ = ["Reason", "anonymise", "keep_deleted", "purge_expired", "restore", "throw_away", "trash_contact"]
