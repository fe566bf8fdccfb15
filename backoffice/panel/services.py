"""The few writes that belong to no other app: what staff jot down while they look."""

from django.db import transaction

from backoffice.conversations.models import Contact

NOTES_LIMIT = 4000


@transaction.atomic
def save_contact_notes(*, contact: Contact, notes: str) -> None:
    """Keep the staff's notes about a person; nobody outside reads them."""
    contact.notes = notes.strip()[:NOTES_LIMIT]
    contact.save(update_fields=["notes"])
