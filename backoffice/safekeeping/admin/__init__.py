"""The screens of what is kept."""

from backoffice.safekeeping.admin import backups, trash

__all__ = ["backups", "trash"]
