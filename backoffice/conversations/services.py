"""What happens to chats: events are stored, messages are queued, ticks arrive.

Every write here is one transaction; none talks to the network.
"""

import hashlib
import mimetypes
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, router, transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.common.bulk import bulk_create_with_history
from backoffice.common.errors import DomainError
from backoffice.common.inserting import insert
from backoffice.common.models import Activity

from .lanes import Bell, lock_free_lanes, lock_lane, make_ready, ring, save_ready
from .lanes import lane_key as lane_key
from .lanes import lane_of as lane_of
from .models import ChatMark, Contact, Conversation, InboxEvent, Label, Lane, Media, Message

NOTES_LIMIT = 4000
LABEL_LENGTH = 30
LABELS_LIMIT = 12
"""Of one person: more of them say nothing."""
MANY = 500
"""Rows a statement, where many are written together."""

# A tick only goes forward: «read» may arrive before «delivered», and both more than once.
_BEFORE = {
    Message.Status.SENT: ("queued", "sending", "uncertain"),
    Message.Status.DELIVERED: ("queued", "sending", "uncertain", "sent"),
    Message.Status.READ: ("queued", "sending", "uncertain", "sent", "delivered"),
    Message.Status.FAILED: ("queued", "sending", "uncertain", "sent"),
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that happened: in which lane, told by whom, and under which id they will repeat it.

    `wait` gathers bursts: the lane runs that long after its last event, but never more than six
    seconds after the first. `at` schedules a timer instead.
    """

    lane: str
    source: str
    external_id: str
    kind: str
    payload: Mapping[str, Any]
    wait: timedelta = timedelta(0)
    at: datetime | None = None


@transaction.atomic
def receive(
    *,
    lane: str,
    source: str,
    external_id: str,
    kind: str,
    payload: Mapping[str, Any],
    wait: timedelta = timedelta(0),
    at: datetime | None = None,
) -> bool:
    """Store something that happened (an `Arrival`) and make its lane ready; acknowledge only after this returns.

    Returns False when (source, external_id) was already stored: the same delivery twice is one event.
    """
    arrival = Arrival(lane, source, external_id, kind, payload, wait, at)
    return bool(_store([arrival], {lane: lock_lane(lane)}))


def receive_many(arrivals: Sequence[Arrival]) -> int:
    """`receive` for all that a network gave at once. Returns how many were new.

    One transaction for the lanes that are free; a lane that is being committed right now is waited for alone.
    """
    with transaction.atomic():
        lanes = lock_free_lanes({one.lane for one in arrivals})
        stored = _store([one for one in arrivals if one.lane in lanes], lanes)
    for one in arrivals:
        if one.lane not in lanes:
            with transaction.atomic():
                stored += _store([one], {one.lane: lock_lane(one.lane)})
    return stored


def _store(arrivals: Sequence[Arrival], lanes: Mapping[str, Lane]) -> int:
    """Insert what is new in these locked lanes.

    The lane's row is locked before the event is inserted, as the dispatcher does when it lets a lane
    go, so an event that arrives at that moment is never left without somebody to run it.
    """
    now = timezone.now()
    seen = _already_stored(arrivals)
    events: list[InboxEvent] = []
    ready: dict[int, Lane] = {}
    for one in arrivals:
        if (one.source, one.external_id) in seen:
            continue
        seen.add((one.source, one.external_id))
        lane = lanes[one.lane]
        events.append(
            InboxEvent(
                lane=lane,
                source=one.source,
                external_id=one.external_id,
                kind=one.kind,
                payload=_storable(one.payload),
                ready_at=one.at or now,
                received_at=now,
            )
        )
        make_ready(lane, now=now, wait=one.wait, at=one.at)
        ready[lane.pk] = lane
    if events:
        insert(events, skip_known=True)
        save_ready(ready.values())
        ring(Bell.LANES)
    return len(events)


def _already_stored(arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
    sources, ids = {one.source for one in arrivals}, {one.external_id for one in arrivals}
    rows = InboxEvent.objects.filter(source__in=sources, external_id__in=ids)
    return set(rows.values_list("source", "external_id"))


def _storable(value: Any) -> Any:
    """Without the NUL character, which PostgreSQL keeps in no text and a person never means."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {key: _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list | tuple) else value


def set_aside(*, channel_id: int, external_id: str, payload: Mapping[str, Any]) -> None:
    """Keep, raw, something that could not be taken in: a person must look; it is never tried again by itself."""
    _keep_raw(channel_id, external_id, payload, InboxEvent.State.DEAD)


def keep_raw(*, channel_id: int, external_id: str, payload: Mapping[str, Any]) -> None:
    """Keep, raw, what the network tells and nobody has to answer (a reaction, a call)."""
    _keep_raw(channel_id, external_id, payload, InboxEvent.State.DONE)


@transaction.atomic
def _keep_raw(channel_id: int, external_id: str, payload: Mapping[str, Any], state: InboxEvent.State) -> None:
    event = InboxEvent(
        lane=lock_lane(f"{channel_id}:raw"),
        source=f"channel:{channel_id}",
        external_id=_storable(external_id)[:160],
        kind="raw",
        payload=_storable(payload),
        state=state,
        ready_at=None,
    )
    InboxEvent.objects.bulk_create([event], ignore_conflicts=True)


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
def save_contact_notes(*, contact: Contact, notes: str) -> None:
    """Keep the staff's notes about a person; nobody outside reads them."""
    contact.notes = notes.strip()[:NOTES_LIMIT]
    contact.save(update_fields=["notes"])


@transaction.atomic
def set_labels(*, contact: Contact, labels: Collection[int], new: str = "") -> None:
    """Leave a person with these labels, and with a `new` one by its name, made when nobody had it.

    Raises: DomainError when there are too many or the name is too long.
    """
    wanted = list(Label.objects.filter(pk__in=labels))
    for name in clean_labels([new]):
        same = Label.objects.filter(name__iexact=name).first()
        wanted.append(same or Label.objects.create(name=name))
    _check_how_many(wanted)
    contact.labels.set(wanted)


def clean_labels(names: Iterable[str]) -> list[str]:
    """The names of labels as they are kept, each once and none empty, in their order.

    Raises: DomainError when one is too long, or they are too many for one person; `.field` is "nueva".
    """
    found = {name.casefold(): name for name in (" ".join(typed.split()) for typed in names) if name}
    if any(len(name) > LABEL_LENGTH for name in found.values()):
        raise DomainError(f"Una etiqueta tiene hasta {LABEL_LENGTH} letras.", field="nueva")
    _check_how_many(found)
    return list(found.values())


def _check_how_many(labels: Collection[object]) -> None:
    if len(labels) > LABELS_LIMIT:
        raise DomainError(f"Una persona lleva hasta {LABELS_LIMIT} etiquetas: sacá alguna.", field="nueva")


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A contact, new or stored, as they have to be. `labels` are the names of all of theirs, or None: as they are.

    `fields` are those of a stored one that changed.
    """

    contact: Contact
    fields: Collection[str] = ()
    labels: Collection[str] | None = None


@transaction.atomic
def write_contacts(
    *, new: Sequence[ContactChange], changed: Sequence[ContactChange], by: Any = None, reason: str = ""
) -> None:
    """Keep these contacts with their labels, in a fixed number of statements (OPEN-CNT-09/10).

    What they are given is valid already (`clean_labels`, `NOTES_LIMIT`). A label that nobody has is made, and its
    history says `by` and `reason`; contacts have none.

    Raises:
        IntegrityError: somebody has written from the phone of a new one meanwhile.
    """
    Contact.objects.bulk_create([one.contact for one in new], batch_size=MANY)
    fields = sorted({name for one in changed for name in one.fields})
    if fields:
        Contact.objects.bulk_update([one.contact for one in changed if one.fields], fields, batch_size=MANY)
    told = {one.contact.pk: one.labels for one in (*new, *changed) if one.labels is not None}
    if told:
        _wear(told, by, reason)


def _wear(told: Mapping[int, Collection[str]], by: Any, reason: str) -> None:
    """Leave each of these contacts with the labels of those names, whatever they had."""
    labels = _labels_named({name for names in told.values() for name in names}, by, reason)
    worn = Contact.labels.through
    wanted = {(contact, labels[name].pk) for contact, names in told.items() for name in names}
    gone: list[int] = []
    for pk, *pair in worn.objects.filter(contact__in=list(told)).values_list("pk", "contact_id", "label_id"):
        if tuple(pair) in wanted:
            wanted.discard(tuple(pair))
        else:
            gone.append(pk)
    worn.objects.filter(pk__in=gone).delete()
    rows = [worn(contact_id=contact, label_id=label) for contact, label in sorted(wanted)]
    worn.objects.bulk_create(rows, batch_size=MANY, ignore_conflicts=True)


def _labels_named(names: Collection[str], by: Any, reason: str) -> dict[str, Label]:
    """The label of each of these names: the one that is written so, or but for case; a new one if there is none."""
    exact = {label.name: label for label in Label.objects.all()}
    alike = {name.casefold(): label for name, label in exact.items()}
    missing = {name.casefold(): name for name in sorted(names) if name.casefold() not in alike}
    made = bulk_create_with_history([Label(name=name) for name in missing.values()], by=by, reason=reason)
    alike |= {label.name.casefold(): label for label in made}
    return {name: exact.get(name) or alike[name.casefold()] for name in names}


@transaction.atomic
def remove_contacts(*, contacts: Sequence[Contact]) -> None:
    """Take away contacts that nothing names, with their labels (OPEN-CNT-09/10). The labels themselves stay.

    Raises:
        IntegrityError: something names one.
    """
    keys = [one.pk for one in contacts]
    Contact.labels.through.objects.filter(contact__in=keys).delete()
    rows: Any = Contact.objects.filter(pk__in=keys)
    rows._raw_delete(router.db_for_write(Contact))  # nothing follows them: what names one makes the database refuse


@transaction.atomic
def mark_read(*, contact: Contact, user: User, upto: int) -> None:
    """Somebody of the staff read this person's chat up to a message; a mark only goes forward."""
    mark = ChatMark.objects.filter(contact=contact, user=user)
    if not mark.filter(upto__lt=upto).update(upto=upto):
        ChatMark.objects.bulk_create([ChatMark(contact=contact, user=user, upto=upto)], ignore_conflicts=True)


def store_media(*, data: bytes, kind: str, filename: str, mimetype: str) -> Media:
    """Keep a file once, by its content; call it outside a transaction, since it writes to the disk."""
    digest = hashlib.sha256(data).hexdigest()
    known = Media.objects.filter(sha256=digest, kind=kind, filename=filename[:160]).first()
    if known is not None:
        return known
    media = Media(kind=kind, filename=filename[:160], mimetype=mimetype[:80], size=len(data), sha256=digest)
    media.file.name = _keep_file(f"chats/{digest[:2]}/{digest}{_suffix(mimetype)}", data)
    media.save()
    return media


def _keep_file(path: str, data: bytes) -> str:
    """Write a file under the name of its content; one that a failed attempt left there serves if it is whole."""
    storage = Media._meta.get_field("file").storage
    if storage.exists(path):
        if storage.size(path) == len(data):
            return path
        storage.delete(path)
    return str(storage.save(path, ContentFile(data)))


def _suffix(mimetype: str) -> str:
    """The extension by what the file is, never by the name somebody gave it."""
    return mimetypes.guess_extension(mimetype.partition(";")[0].strip()) or ".bin"
