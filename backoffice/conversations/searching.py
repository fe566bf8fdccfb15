"""How the people who write are found: by their name, and by each number of theirs."""

from backoffice.common.search import Card, Child, Kind, register
from backoffice.common.search.words import phone_words, words_of
from backoffice.conversations.models import Contact, ContactAddress
from integrations.understanding.phones import local_display


def _card(contact: Contact) -> Card | None:
    """Nobody is found of whom nothing is left, or who is another one by now."""
    if contact.anonymised_at is not None or contact.merged_into_id is not None:
        return None
    keys = [contact.phone_key, *(one.key for one in contact.addresses.all() if one.kind == ContactAddress.Kind.PHONE)]
    words = [*words_of(contact.name), *(word for key in keys for word in phone_words(key))]
    return Card(str(contact), words, local_display(contact.phone) if contact.phone else "Número oculto")


register(
    Kind(
        number=2,
        model=Contact,
        card=_card,
        fields=("name", "phone", "phone_key", "merged_into", "anonymised_at"),
        children=(Child(ContactAddress, "contact", ("kind", "key")),),
        prefetched=("addresses",),
        permission="conversations.view_contact",
        label="Contacto",
        icon="forum",
        place=3,
        url_name="panel_chat",
    )
)
