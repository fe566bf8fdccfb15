"""What is kept: copies of everything, and what staff deleted."""

from .backups import MOST_KEPT, BackupSettings
from .trash import KEPT, TrashItem, month_from_now

__all__ = ["KEPT", "MOST_KEPT", "BackupSettings", "TrashItem", "month_from_now"]
