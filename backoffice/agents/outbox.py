"""What the desk writes: to groups, and to agents in private."""

from dataclasses import dataclass
from typing import Any

from backoffice.agents.models import Agent, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.company.models import Company
from backoffice.conversations.models import Contact, ContactAddress, Conversation, Message
from backoffice.conversations.services import queue_message
from backoffice.dialogs.texts import all_texts
from integrations.understanding.blanks import fill
from integrations.whatsapp.base import Addr


@dataclass(frozen=True)
class Speech:
    """Every sentence in force, read once for a verb that says several."""

    texts: dict[str, str]
    company: str

    @classmethod
    def load(cls) -> "Speech":
        company = Company.objects.filter(pk=1).values_list("name", flat=True).first()
        return cls(all_texts(), company or "")

    def say(self, key: str, /, **values: Any) -> str:
        return fill(self.texts[key], {"empresa": self.company, **values})


def tell(conversation: Conversation, text: str, *, quoted: Message | None = None) -> Message:
    """A message of the bot in a group or to an agent."""
    return queue_message(conversation=conversation, author=Message.Author.BOT, text=text, quoted=quoted)


def tell_group(group: WhatsAppGroup | None, text: str) -> Message | None:
    """The same, where there may be no group (not made yet, or we were removed)."""
    if group is None or group.conversation is None or group.bot_removed:
        return None
    return tell(group.conversation, text)


def private_chat(*, agent: Agent, channel: Channel) -> Conversation:
    """The agent's own chat with the bot on that channel, made when new."""
    contact = agent.contact
    if contact is None:
        contact = Contact.objects.get_or_create(
            phone_key=agent.phone_key, defaults={"phone": agent.phone, "name": agent.name}
        )[0]
    chat = Conversation.objects.filter(kind=Conversation.Kind.PRIVATE, channel=channel, contact=contact).first()
    if chat is not None:
        return chat
    address = Addr.phone(agent.phone)
    ContactAddress.objects.bulk_create(
        [ContactAddress(contact=contact, channel=channel, kind="p", key=agent.phone_key, value=address.value)],
        ignore_conflicts=True,
    )
    return Conversation.objects.get_or_create(
        kind=Conversation.Kind.PRIVATE, channel=channel, contact=contact, defaults={"address": address.key}
    )[0]
