"""Whose data it is: a person with all that is theirs in our tables (Ley 25.326)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db.models import Q, QuerySet

from backoffice.conversations.lanes import lane_key, lane_of
from backoffice.conversations.models import Contact, ContactAddress, ContactLink, Conversation, Lane, Message
from backoffice.tickets.models import Ticket
from integrations.understanding.phones import local_display, phone_key, short_display
from integrations.whatsapp.base import Addr

_SHORTEST_NAME = 3
_SHORTEST_NUMBER = 6
_AT_ONCE = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Subject:
    """A contact, those that were merged into it, and their chats, addresses and cases."""

    contacts: list[Contact]
    chats: list[Conversation]
    addresses: list[ContactAddress]
    tickets: list[Ticket]

    @classmethod
    def of(cls, contact: Contact) -> "Subject":
        people = _with_merged(contact)
        tickets = Ticket.objects.filter(contact__in=people).select_related("customer", "group__conversation")
        return cls(
            contacts=people,
            chats=list(Conversation.objects.filter(contact__in=people)),
            addresses=list(ContactAddress.objects.filter(contact__in=people)),
            tickets=list(tickets.order_by("pk")),
        )

    @property
    def phone_keys(self) -> set[str]:
        keys = {one.phone_key or phone_key(one.phone) for one in self.contacts}
        keys |= {one.key for one in self.addresses if one.kind == ContactAddress.Kind.PHONE}
        return {key for key in keys if key and len(key) >= _SHORTEST_NUMBER}

    @property
    def numbers(self) -> set[str]:
        """Every number by which the network, or we, know them."""
        told = {one.value for one in self.addresses} | {_digits(one.phone) for one in self.contacts}
        told |= {chat.address.partition(":")[2] for chat in self.chats}
        return {one for one in told | self.phone_keys if len(one) >= _SHORTEST_NUMBER}

    @property
    def documents(self) -> set[str]:
        """The DNI or CUIT of the customers that they are, or speak for."""
        linked = ContactLink.objects.filter(contact__in=self.contacts).values_list("customer__document", flat=True)
        told = {*linked} | {case.customer.document for case in self.tickets if case.customer is not None}
        return {one for one in told if one}

    @property
    def names(self) -> set[str]:
        told = {one.name for one in self.contacts} | {chat.title for chat in self.chats}
        told |= {case.customer.name for case in self.tickets if case.customer is not None}
        return {name for name in told if len(name) >= _SHORTEST_NAME}

    def mentions(self) -> re.Pattern[str]:
        """What finds a line of somebody else that speaks of them: their names, numbers, or the words of a case."""
        phones = {one.phone for one in self.contacts if one.phone}
        shown = {show(phone) for phone in phones for show in (local_display, short_display)}
        said = {case.message[:80] for case in self.tickets if len(case.message) >= _SHORTEST_NUMBER}
        words = sorted(self.names | self.numbers | shown | said, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?!\w)", re.IGNORECASE)

    def lanes(self) -> QuerySet[Lane]:
        """Where what happens to them runs, also the lanes that were joined to those."""
        keys = {lane_of(chat) for chat in self.chats}
        keys |= {lane_key(one.channel_id, Addr.parse(f"{one.kind}:{one.value}")) for one in self.addresses}
        own = set(Lane.objects.filter(key__in=keys).values_list("pk", flat=True))
        heirs = set(Lane.objects.filter(pk__in=own, merged_into__isnull=False).values_list("merged_into", flat=True))
        return Lane.objects.filter(Q(pk__in=own | heirs) | Q(merged_into__in=own | heirs))

    def messages(self) -> QuerySet[Message]:
        """What was said in their own chats."""
        return Message.objects.filter(conversation__in=self.chats)


def _with_merged(contact: Contact) -> list[Contact]:
    people, new = [contact], [contact]
    while new:
        new = list(Contact.objects.filter(merged_into__in=new))
        people += new
    return people


def in_chunks(keys: Iterable[T]) -> Iterator[list[T]]:
    """A few hundred at a time: a database takes no more values in one question."""
    rest = iter(keys)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter in "0123456789")
