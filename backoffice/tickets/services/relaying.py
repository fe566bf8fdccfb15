"""Words that go across: what is typed in the personal group to the customer, and what the customer writes back.

A relay is a second message that points to the first, so quotes and ticks can be followed both ways.
"""

from django.db import transaction
from django.db.models import Q

from backoffice.accounts.models import User
from backoffice.agents.outbox import tell_group
from backoffice.common.errors import DomainError
from backoffice.conversations.models import Conversation, Media, Message
from backoffice.conversations.services import queue_message

from ..errors import NotInProgress
from ..models import Ticket
from ..phrases import customer_name, signature
from . import story

STATES = Ticket.State
LONGEST = 4000
LONGEST_CAPTION = 1000
"""Letters of one message; the network takes 4096, and 1024 beside a file."""


@transaction.atomic
def relay_to_customer(*, ticket: Ticket, source: Message, text: str | None = None) -> Message:
    """What an agent wrote in the group, to the customer: exactly that, or `text` with what is attached.

    Raises: NotInProgress when the case is not attended from that group any more, DomainError when nothing is left.
    """
    chat = ticket.group.conversation if ticket.group else None
    held = Ticket.objects.filter(pk=ticket.pk, state=STATES.IN_PROGRESS, group_id=ticket.group_id)
    if chat is None or source.conversation_id != chat.pk or not held.exists():
        raise NotInProgress
    words = source.text if text is None else text
    if not words.strip() and source.media_id is None and source.location is None:
        raise DomainError("No hay nada para enviarle al cliente.")
    return _relay(source, ticket.conversation, words, Message.Author.AGENT, source.author_name)


@transaction.atomic
def relay_to_agent(*, ticket: Ticket, source: Message) -> Message | None:
    """What the customer wrote, to the group that attends them; None when the case is attended in the panel.

    Raises: NotInProgress.
    """
    if not Ticket.objects.filter(pk=ticket.pk, state=STATES.IN_PROGRESS).exists():
        raise NotInProgress
    group = ticket.group
    if group is None or group.conversation is None:
        return None
    if not source.text.strip() and source.media_id is None and source.location is None:
        return tell_group(group, "[El cliente mandó algo que no se puede reenviar]")
    return _relay(source, group.conversation, source.text, Message.Author.CONTACT, customer_name(ticket))


@transaction.atomic
def reply_from_panel(
    *, ticket: Ticket, user: User, text: str = "", media: Media | None = None, quoted: Message | None = None
) -> Message:
    """Answer the customer from the panel, by whom attends the case there.

    Raises: NotInProgress, NotYours when somebody else attends it by now; DomainError when there is nothing to send.
    """
    if not Ticket.objects.filter(pk=ticket.pk, state=STATES.IN_PROGRESS).exists():
        raise NotInProgress
    story.require(ticket, user)
    text = text.strip()
    if not text and media is None:
        raise DomainError("Escribí un mensaje.", field="text")
    most = LONGEST_CAPTION if media is not None else LONGEST
    if len(text) > most:
        raise DomainError(f"El mensaje es muy largo: WhatsApp acepta hasta {most} letras.", field="text")
    return queue_message(
        conversation=ticket.conversation,
        author=Message.Author.STAFF,
        author_name=signature(user),
        text=text,
        priority=Message.Priority.AGENT,
        media=media,
        quoted=quoted,
    )


def counterpart(quoted_id: int | None, chat: Conversation) -> Message | None:
    """The message of `chat` that is the same as the quoted one of the other side, whichever of them is the relay."""
    if quoted_id is None:
        return None
    same = Q(relay_of=quoted_id) | Q(relays=quoted_id)
    return Message.objects.filter(same, conversation=chat).order_by("pk").first()


def _relay(source: Message, chat: Conversation, text: str, author: str, name: str) -> Message:
    return queue_message(
        conversation=chat,
        author=author,
        author_name=name[:120],
        text=text,
        priority=Message.Priority.AGENT,
        media=source.media,
        location=source.location,
        quoted=counterpart(source.quoted_id, chat),
        relay_of=source,
    )
