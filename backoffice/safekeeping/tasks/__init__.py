"""What the worker does here."""

from backoffice.safekeeping.tasks import backups, trash

__all__ = ["backups", "trash"]
