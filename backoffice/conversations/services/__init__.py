"""What happens to chats and is kept of people.

Every write here is one transaction; none talks to the network.
"""

from .arrivals import Arrival, keep_raw, receive, receive_many, set_aside
from .contacts import (
    LABEL_LENGTH,
    LABELS_LIMIT,
    NOTES_LIMIT,
    ContactChange,
    clean_labels,
    remove_contacts,
    save_contact_notes,
    set_labels,
    write_contacts,
)
from .media import store_media
from .messages import TickOf, mark_read, mark_spoken, queue_message, record_ticks, settle

__all__ = [
    "LABELS_LIMIT",
    "LABEL_LENGTH",
    "NOTES_LIMIT",
    "Arrival",
    "ContactChange",
    "TickOf",
    "clean_labels",
    "keep_raw",
    "mark_read",
    "mark_spoken",
    "queue_message",
    "receive",
    "receive_many",
    "record_ticks",
    "remove_contacts",
    "save_contact_notes",
    "set_aside",
    "set_labels",
    "settle",
    "store_media",
    "write_contacts",
]
