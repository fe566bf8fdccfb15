"""People, their chats, what was said, and the queue of what is still to be handled."""

from .flow import DialogState, InboxEvent, Lane
from .people import ChatMark, Contact, ContactAddress, ContactLink, Label
from .talk import Conversation, Media, Message

__all__ = [
    "ChatMark",
    "Contact",
    "ContactAddress",
    "ContactLink",
    "Conversation",
    "DialogState",
    "InboxEvent",
    "Label",
    "Lane",
    "Media",
    "Message",
]
