"""People, their chats, what was said, and the queue of what is still to be handled."""

from .flow import DialogState, InboxEvent, Lane
from .people import Contact, ContactAddress, ContactLink
from .talk import Conversation, Media, Message

__all__ = [
    "Contact",
    "ContactAddress",
    "ContactLink",
    "Conversation",
    "DialogState",
    "InboxEvent",
    "Lane",
    "Media",
    "Message",
]
