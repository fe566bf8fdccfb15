"""Messages are queued, ticks arrive, staff settles what is in doubt or failed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common.models import Activity
from backoffice.conversations.lanes import Bell, ring
from backoffice.conversations.models import ChatMark, Contact, Conversation, Media, Message

# A tick only goes forward: «read» may arrive before «delivered», and both more than once.
_BEFORE = {
    Message.Status.SENT: ("queued", "sending", "uncertain"),
    Message.Status.DELIVERED: ("queued", "sending", "uncertain", "sent"),
    Message.Status.READ: ("queued", "sending", "uncertain", "sent", "delivered"),
    Message.Status.FAILED: ("queued", "sending", "uncertain", "sent"),
}


def queue_message(
    *,
    conversation: Conversation,
    author: str,
    text: str = "",
    author_name: str = "",
    priority: int = Message.Priority.REPLY,
    media: Media | None = None,
    location: Mapping[str, Any] | None = None,
    menu: Sequence[Mapping[str, str]] | None = None,
    quoted: Message | None = None,
    relay_of: Message | None = None,
    due_at: datetime | None = None,
) -> Message:
    """Put a message in the outbox, inside the caller's transaction; it leaves by its conversation's channel."""
    now = timezone.now()
    message = Message.objects.create(
        conversation=conversation,
        channel_id=conversation.channel_id,
        direction=Message.Direction.OUT,
        author=author,
        author_name=author_name,
        text=text,
        media=media,
        location=dict(location) if location else None,
        menu=[dict(option) for option in menu] if menu else None,
        quoted=quoted,
        relay_of=relay_of,
        priority=priority,
        due_at=due_at or now,
        created_at=now,
        status_at=now,
    )
    mark_spoken(chats=[conversation.pk], at=now)
    ring(Bell.OUTBOX)
    return message


def mark_spoken(*, chats: Collection[int], at: datetime) -> None:
    """Move these chats to the top of the list.

    A turn writes in its own chat and, by a relay, in another's; the other's turn does the same the other way
    round. A row that somebody else is moving right now is left to them, so two turns never wait for each other.
    """
    rows = Conversation.objects.filter(pk__in=chats)
    if connection.features.has_select_for_update_skip_locked:
        free = rows.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)
        rows = Conversation.objects.filter(pk__in=list(free))
    rows.update(last_message_at=at)


@dataclass(frozen=True, slots=True)
class TickOf:
    """A tick: which message (our own id when the network echoes it, else its id there), what, when."""

    status: str
    at: datetime
    external_id: str
    message_id: int | None = None
    error: str = ""


@transaction.atomic
def record_ticks(*, channel_id: int, ticks: Sequence[TickOf]) -> int:
    """Apply ticks together; a late or repeated one changes nothing (design 3, row 8). Returns how many moved."""
    own = {tick.message_id for tick in ticks if tick.message_id}
    theirs = {tick.external_id for tick in ticks if not tick.message_id}
    sent = Message.objects.filter(Q(pk__in=own) | Q(external_id__in=theirs), channel_id=channel_id, direction="out")
    by_id: dict[int, list[Message]] = {}
    by_name: dict[str | None, list[Message]] = defaultdict(list)
    for row in sent.select_for_update().only("status", "external_id").order_by("pk"):
        by_id[row.pk] = [row]
        by_name[row.external_id].append(row)
    moved: dict[int, Message] = {}
    for tick in ticks:
        for row in by_id.get(tick.message_id, []) if tick.message_id else by_name[tick.external_id]:
            if row.status in _BEFORE[Message.Status(tick.status)]:
                _move(row, tick)
                moved[row.pk] = row
    Message.objects.bulk_update(
        moved.values(), ["status", "status_at", "error", "external_id", "due_at"], batch_size=100
    )
    return len(moved)


def _move(row: Message, tick: TickOf) -> None:
    row.status, row.status_at, row.error, row.due_at = tick.status, tick.at, tick.error[:200], None
    if tick.message_id:
        row.external_id = tick.external_id


@transaction.atomic
def settle(*, message: Message, decision: str, by: User) -> bool:
    """What staff decided of a doubtful or failed message: «sent», «resend» or «discard».

    False when it was settled already. Leaves a line in the console.
    """
    now = timezone.now()
    decisions: dict[str, tuple[str, dict[str, Any]]] = {
        "sent": ("anotó que salió", {"status": Message.Status.SENT, "due_at": None}),
        "resend": ("volvió a enviar", {"status": Message.Status.QUEUED, "due_at": now, "attempts": 0}),
        "discard": ("descartó", {"status": Message.Status.DISCARDED, "due_at": None}),
    }
    did, changes = decisions[decision]
    doubtful = Message.objects.filter(pk=message.pk, status__in=[Message.Status.UNCERTAIN, Message.Status.FAILED])
    if not doubtful.update(status_at=now, **changes):
        return False
    ring(Bell.OUTBOX)
    Activity.note(Activity.Kind.AGENT, f"{by} {did} un mensaje a {message.conversation}")
    return True


@transaction.atomic
def mark_read(*, contact: Contact, user: User, upto: int) -> None:
    """Somebody of the staff read this person's chat up to a message; a mark only goes forward."""
    mark = ChatMark.objects.filter(contact=contact, user=user)
    if not mark.filter(upto__lt=upto).update(upto=upto):
        ChatMark.objects.bulk_create([ChatMark(contact=contact, user=user, upto=upto)], ignore_conflicts=True)
