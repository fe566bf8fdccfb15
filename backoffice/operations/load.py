"""How much there is to do right now, and how much room is left to do it."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q

from backoffice.conversations.models import Lane, Message

CHAT = (Message.Priority.REPLY, Message.Priority.AGENT)


@dataclass(frozen=True, slots=True)
class Load:
    """`waiting` chats are ready and nobody has them yet, the oldest since `age`; `busy` ones are being answered now.

    `replies` and `notices` are due and have not left.
    """

    waiting: int
    age: timedelta
    busy: int
    replies: int
    notices: int


def load_now(now: datetime) -> Load:
    """Two queries, each over a small index: what is ready, held or in the outbox, never the history."""
    held = Q(lease_until__gte=now)
    ready = Q(ready_at__lte=now) & ~held
    free = Q(ready_at__lte=now, lease_until__isnull=True) | Q(lease_until__isnull=False)
    lanes = Lane.objects.filter(free).aggregate(
        waiting=Count("pk", filter=ready), oldest=Min("ready_at", filter=ready), busy=Count("pk", filter=held)
    )
    outbox = Message.objects.filter(due_at__lte=now, status=Message.Status.QUEUED).aggregate(
        replies=Count("pk", filter=Q(priority__in=CHAT)), notices=Count("pk", filter=~Q(priority__in=CHAT))
    )
    age = max(timedelta(0), now - lanes["oldest"]) if lanes["oldest"] else timedelta(0)
    return Load(lanes["waiting"], age, lanes["busy"], outbox["replies"], outbox["notices"])


def queue_age(now: datetime) -> timedelta:
    """How long the oldest lane that is ready waits for somebody to take it. One query."""
    first = Lane.objects.filter(ready_at__lte=now, lease_until__isnull=True).order_by("ready_at")
    oldest = first.values_list("ready_at", flat=True).first()
    return now - oldest if oldest else timedelta(0)


@dataclass(frozen=True, slots=True)
class Disk:
    """Where the installation writes, in bytes. Short of room, the bot soon cannot store what people write."""

    free: int
    total: int

    @property
    def is_short(self) -> bool:
        return self.free < min(self.total * 0.05, 2 * 1024**3)


def disk_now() -> Disk:
    usage = shutil.disk_usage(settings.VAR_DIR)
    return Disk(usage.free, usage.total)


def database_size() -> int:
    """In bytes. One query, answered from what the database knows of itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
