"""Who never had to do with the company: writing to them is what costs numbers most."""

from backoffice.conversations.models import ContactLink, Conversation, Message
from backoffice.customers.selectors import by_phone_keys


def is_stranger(chat: Conversation) -> bool:
    """Whether nobody of this chat ever wrote here nor is a customer, by link or by phone (three queries at most)."""
    contact = chat.contact
    if contact is None or Message.objects.filter(conversation=chat, direction=Message.Direction.IN).exists():
        return False
    if ContactLink.objects.filter(contact=contact).exists():
        return False
    key = contact.phone_key or ""
    return not (key and by_phone_keys([key])[key])
