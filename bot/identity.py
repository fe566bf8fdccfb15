"""Who wrote: addresses become contacts and chats, many at a time (design 3, «Who a person is»).

Each function is idempotent: rows are made under their unique keys, so a batch that runs again finds them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from backoffice.conversations.lanes import lane_key
from backoffice.conversations.models import Contact, ContactAddress, Conversation
from backoffice.tickets.merging import join_lanes, merge_contacts
from integrations.understanding.phones import parse_phone
from integrations.whatsapp.base import Addr

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Person:
    """An address seen on a channel, with what the network told beside it."""

    channel_id: int
    addr: Addr
    alt: Addr | None = None
    name: str = ""

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        return tuple(address_key(addr) for addr in (self.addr, self.alt) if addr is not None)

    @property
    def phone(self) -> Addr | None:
        return next((addr for addr in (self.addr, self.alt) if addr is not None and addr.kind == "phone"), None)


def address_key(addr: Addr) -> tuple[str, str]:
    """(kind, key) under which an address is unique on its channel: 549…, 54… and 0…15… are one."""
    if addr.kind == "phone":
        parsed = parse_phone(addr.value)
        return "p", parsed.key if parsed else addr.value
    return addr.kind[0], addr.value


def contacts_of(people: Sequence[Person]) -> dict[Person, Contact]:
    """The contact of each person, made when new; an address learned beside a known one is added to it."""
    known = _known(people)
    found = {person: contact for person in people if (contact := _as_known(person, known)) is not None}
    strangers = [person for person in people if person not in found]
    return found | _meet(strangers, found) if strangers else found


def _as_known(person: Person, known: dict[tuple[int, str, str], Contact]) -> Contact | None:
    """The contact of somebody about whom there is nothing new."""
    hits = {known.get((person.channel_id, *key)) for key in person.keys}
    contact = hits.pop() if len(hits) == 1 else None
    if contact is None or (person.name and not contact.name) or (person.phone is not None and not contact.phone_key):
        return None
    return contact


@transaction.atomic
def _meet(people: Sequence[Person], found: dict[Person, Contact]) -> dict[Person, Contact]:
    """Those about whom there is something to write. Whoever of `found` is merged into another is that one from here."""
    known = _known(people)
    met = dict(found)
    for person in people:
        hits = {known[(person.channel_id, *key)] for key in person.keys if (person.channel_id, *key) in known}
        contact, merged = _one_of(person, hits)
        if merged:  # whoever was merged into this one is this one from here on
            known = {key: contact if one in merged else one for key, one in known.items()}
            met = {one: contact if old in merged else old for one, old in met.items()}
        if not contact.name and person.name:
            Contact.objects.filter(pk=contact.pk, name="").update(name=person.name[:120])
            contact.name = person.name[:120]
        new = [
            addr
            for addr in (person.addr, person.alt)
            if addr is not None and (person.channel_id, *address_key(addr)) not in known
        ]
        for addr in new:
            _add_address(contact, person.channel_id, addr)
            known[(person.channel_id, *address_key(addr))] = contact
        if new and (hits or person.alt is not None):
            join_lanes(contact=contact)
        met[person] = contact
    return met


def _known(people: Iterable[Person]) -> dict[tuple[int, str, str], Contact]:
    """By (channel, kind, key), in the order of the unique index: a key alone would read every address there is."""
    wanted = {(person.channel_id, *key) for person in people for key in person.keys}
    channels, kinds, keys = ({one[place] for one in wanted} for place in range(3))
    rows = ContactAddress.objects.filter(channel_id__in=channels, kind__in=kinds, key__in=keys)
    rows = rows.select_related("contact")
    return {(row.channel_id, row.kind, row.key): row.contact for row in rows}


def _one_of(person: Person, hits: set[Contact]) -> tuple[Contact, list[Contact]]:
    """The contact behind these addresses, and those that turned out to be the same person."""
    phone = address_key(person.phone)[1] if person.phone else None
    same_phone = None if any(hit.phone_key == phone for hit in hits) else _same_phone(person)
    found = sorted(hits | ({same_phone} if same_phone else set()), key=lambda one: one.pk)
    if not found:
        return _new_contact(person), []
    contact, *others = found
    for other in others:
        merge_contacts(keep=contact, lose=other)
    if others:
        contact.refresh_from_db()
    if contact.phone_key is None and person.phone is not None:
        contact.phone, contact.phone_key = _e164(person.phone), address_key(person.phone)[1]
        Contact.objects.filter(pk=contact.pk).update(phone=contact.phone, phone_key=contact.phone_key)
    return contact, others


def _same_phone(person: Person) -> Contact | None:
    """The same person on another channel of ours."""
    phone = person.phone
    return Contact.objects.filter(phone_key=address_key(phone)[1]).first() if phone else None


def _new_contact(person: Person) -> Contact:
    phone = person.phone
    if phone is None:
        return Contact.objects.create(name=person.name[:120])
    return Contact.objects.get_or_create(
        phone_key=address_key(phone)[1], defaults={"phone": _e164(phone), "name": person.name[:120]}
    )[0]


def _e164(phone: Addr) -> str:
    parsed = parse_phone(phone.value)
    return parsed.e164 if parsed else f"+{phone.value}"


def _add_address(contact: Contact, channel_id: int, addr: Addr) -> None:
    kind, key = address_key(addr)
    ContactAddress.objects.bulk_create(
        [ContactAddress(contact=contact, channel_id=channel_id, kind=kind, key=key, value=addr.value)],
        ignore_conflicts=True,
    )


def private_chats(
    wanted: dict[tuple[int, int], Addr], *, wrote: Collection[tuple[int, int]] = ()
) -> dict[tuple[int, int], Conversation]:
    """The private chat of each (channel, contact), made when new.

    Its address follows the last one from which the person `wrote`: that is the one known to reach them.
    """
    chats = _private(wanted)
    missing = [
        Conversation(channel_id=channel, contact_id=contact, address=addr.key)
        for (channel, contact), addr in wanted.items()
        if (channel, contact) not in chats
    ]
    if missing:
        Conversation.objects.bulk_create(missing, ignore_conflicts=True)
        chats = _private(wanted)
    for key in wrote:
        address = wanted[key].key
        if chats[key].address != address:
            Conversation.objects.filter(pk=chats[key].pk).update(address=address)
            chats[key].address = address
    return chats


def _private(wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], Conversation]:
    rows = Conversation.objects.filter(
        kind=Conversation.Kind.PRIVATE,
        channel_id__in={channel for channel, _ in wanted},
        contact_id__in={contact for _, contact in wanted},
    )
    return {(row.channel_id, row.contact_id or 0): row for row in rows}


def group_chats(wanted: set[tuple[int, str]]) -> dict[tuple[int, str], Conversation]:
    """The chat of each (channel, group address), made when new."""
    chats = _of_groups(wanted)
    missing = [
        Conversation(channel_id=channel, kind=Conversation.Kind.GROUP, address=address)
        for channel, address in wanted
        if (channel, address) not in chats
    ]
    if missing:
        Conversation.objects.bulk_create(missing, ignore_conflicts=True)
        chats = _of_groups(wanted)
    return chats


def _of_groups(wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], Conversation]:
    rows = Conversation.objects.filter(kind=Conversation.Kind.GROUP, address__in={address for _, address in wanted})
    return {(row.channel_id, row.address): row for row in rows}


def lane_for(channel_id: int, *, chat: Addr, sender_alt: Addr | None) -> str:
    """The lane of a message: the group's, or its sender's by phone when the network tells it."""
    if not chat.is_group and chat.kind != "phone" and sender_alt is not None and sender_alt.kind == "phone":
        return lane_key(channel_id, sender_alt)
    return lane_key(channel_id, chat)


def learn(channel_id: int, addr: Addr, also: Addr) -> None:
    """Two addresses are one person's. Nothing to do while neither wrote: whoever writes first brings it again."""
    person = Person(channel_id, addr, also)
    if any((channel_id, *key) in _known([person]) for key in person.keys):
        contacts_of([person])


def welcome_back(contacts: Iterable[Contact]) -> None:
    """Whoever writes is out of the trash by themselves; of whom nobody deleted nothing is asked."""
    trashed = [one.pk for one in contacts if one.trashed_at is not None]
    if trashed:
        Contact.objects.filter(pk__in=trashed).update(trashed_at=None)


def touch(contacts: Iterable[Contact], now: datetime) -> None:
    """They gave signs of life; told once a minute, which is as fine as people read it."""
    quiet = [one.pk for one in contacts if one.last_seen_at is None or now - one.last_seen_at >= A_MINUTE]
    if quiet:
        Contact.objects.filter(pk__in=quiet).update(last_seen_at=now)
