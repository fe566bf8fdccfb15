"""What is erased of a person, table by table. Counts, states and dates stay, so that the figures still tie out.

Only `services.anonymise` calls these, inside its transaction. A new table that points to a person gets its line here;
a test fails until it has one.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import CharField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from backoffice.common.bulk import bulk_update_with_history
from backoffice.common.models import Activity, Export
from backoffice.common.search.entries import forget_rows
from backoffice.common.services import exports, imports
from backoffice.conversations.lanes import lane_of
from backoffice.conversations.models import (
    ChatMark,
    Contact,
    ContactAddress,
    ContactLink,
    Conversation,
    DialogState,
    InboxEvent,
    Lane,
    Media,
    Message,
)
from backoffice.notices.models import GatewayNotice
from backoffice.safekeeping.models import TrashItem
from backoffice.safekeeping.subject import Subject, in_chunks
from backoffice.sales.models import SalesOrder
from backoffice.tickets.models import Ticket, TicketEvent

ERASED = "(anonimizado)"
CASE = "Caso anonimizado"
CUSTOMER = "Cliente"
_KINDS = TicketEvent.Kind
_AT_ONCE = 100
_OURS = (_KINDS.ANNOUNCED, _KINDS.TAKEN, _KINDS.RATED)  # names of groups and marks: nobody's words
_CUSTOMERS, _CONTACTS = "customers.customer", "conversations.contact"
_NAMED_IN = (_CONTACTS, "tickets.ticket", "sales.salesorder", "notices.gatewaynotice", _CUSTOMERS)
WITHDRAWN = "Se descartó porque podía nombrar a alguien que se anonimizó. Volvé a exportarla."
_ARGENTINE = 10  # digits of a phone, without the country
_SHORTEST = 7  # digits: fewer are found by chance
_THEIRS = (_KINDS.MESSAGE, _KINDS.RATED)


def messages(subject: Subject, in_groups: Sequence[Message]) -> None:
    """The words, the files and the network's ids of all that was said, to them and about them."""
    _blank(subject.messages())
    for some in in_chunks(one.pk for one in in_groups):
        _blank(Message.objects.filter(pk__in=some))


def _blank(rows: QuerySet[Message]) -> None:
    rows.filter(author=Message.Author.CONTACT).update(author_name="")
    rows.filter(status=Message.Status.FAILED).update(status=Message.Status.DISCARDED, due_at=None)
    rows.update(text=ERASED, media=None, location=None, menu=None, external_id=None, error="")


def files(media: Iterable[int]) -> list[str]:
    """Drop the files that no message carries any more. Returns where they are on the disk, to be removed."""
    lonely = [one for some in in_chunks(media) for one in Media.objects.filter(pk__in=some, messages__isnull=True)]
    for some in in_chunks(one.pk for one in lonely):
        Media.objects.filter(pk__in=some).delete()
    names = {str(one.file.name) for one in lonely}
    return sorted(names - set(Media.objects.filter(file__in=names).values_list("file", flat=True)))


def copies() -> list[str]:
    """Take back the lists that staff asked for lately and that may name them. Returns what their files are found by."""
    return exports.withdraw(exports=Export.objects.filter(table__in=_NAMED_IN), why=WITHDRAWN)


def look_for_sheets(subject: Subject) -> imports.Looked:
    """What `sheets` would have to read, read before its transaction."""
    return imports.look_for(rows=_rows(subject), numbers=_numbers(subject))


def sheets(subject: Subject, looked: imports.Looked) -> list[str]:
    """What is kept of the spreadsheets of customers and contacts that have them, which then cannot be undone any more.
    Returns the files to remove.

    Those of services have neither names nor numbers of people; they go by themselves in a month.

    Raises:
        DomainError: one is being read, written or undone.
    """
    return imports.forget_naming(rows=_rows(subject), numbers=_numbers(subject), looked=looked)


def _rows(subject: Subject) -> imports.Rows:
    return {_CUSTOMERS: set(), _CONTACTS: {one.pk for one in subject.contacts}}


def _numbers(subject: Subject) -> set[str]:
    told = subject.documents | {form for key in subject.phone_keys for form in _as_typed(key)}
    return {one for one in told if len(one) >= _SHORTEST}


def _as_typed(key: str) -> set[str]:
    """The digits of a phone as people write it: an Argentine one may have its 15 after an area code of 2 to 4."""
    return {key} | ({f"{key[:area]}15{key[area:]}" for area in (2, 3, 4)} if len(key) == _ARGENTINE else set())


def events(subject: Subject, lanes: Sequence[Lane], in_groups: Sequence[Message]) -> None:
    """What arrived, as it arrived: from them, from the groups about them, and what was kept raw."""
    found = set(InboxEvent.objects.filter(lane__in=lanes).values_list("pk", flat=True))
    found |= set(_raw_about(subject.numbers))
    found |= set(_of_groups(in_groups))
    for some in in_chunks(found):
        rows = InboxEvent.objects.filter(pk__in=some)
        undone = Q(state=InboxEvent.State.PENDING) | Q(state=InboxEvent.State.DEAD)
        rows.filter(undone).update(state=InboxEvent.State.DISCARDED)
        rows.update(payload={}, reason="", ready_at=None, external_id=_numbered("anonimo:"))


def _raw_about(numbers: Iterable[str]) -> Iterator[int]:
    """Of what is kept as it came (a call, a reaction, what nobody understood), that which names one of the numbers."""
    named = Q(pk__in=[])
    for number in numbers:
        named |= Q(written__contains=number)
    raw = InboxEvent.objects.filter(kind="raw").annotate(written=Cast("payload", TextField()))
    return raw.filter(named).values_list("pk", flat=True).iterator()


def _of_groups(in_groups: Sequence[Message]) -> Iterator[int]:
    spoken = [one for one in in_groups if one.direction == Message.Direction.IN and one.external_id]
    chats = Conversation.objects.filter(pk__in={one.conversation_id for one in spoken})
    keys = [lane_of(chat) for chat in chats]
    for some in in_chunks(one.external_id for one in spoken):
        rows = InboxEvent.objects.filter(lane__key__in=keys, payload__message_id__in=some)
        yield from rows.values_list("pk", flat=True)


def queues(lanes: Sequence[Lane]) -> None:
    """The lanes' keys are their numbers. Whoever writes again gets a new one."""
    rows = Lane.objects.filter(pk__in=[lane.pk for lane in lanes])
    nothing = {"ready_at": None, "burst_started_at": None, "lease_until": None, "token": "", "merged_into": None}
    rows.update(key=_numbered("anonimo:"), **nothing)


def cases(subject: Subject) -> None:
    """What each case was about, and what was noted of it. When, how it felt, who attended and its mark stay."""
    keys = [case.pk for case in subject.tickets]
    Ticket.objects.filter(pk__in=keys).update(subject=CASE, message="", data=[], close_reason="", customer=None)
    steps = TicketEvent.objects.filter(ticket__in=keys)
    steps.exclude(kind__in=_OURS).update(text="")
    steps.filter(kind__in=_THEIRS).update(actor=CUSTOMER)


def orders(subject: Subject) -> None:
    """What they asked for and where, now and in each version that is kept. Numbers, states and amounts stay."""
    keys = [one.pk for one in subject.contacts]
    nothing: dict[str, Any] = {"subject": "", "data": [], "comments": "", "customer": None}
    theirs = list(SalesOrder.objects.filter(contact__in=keys))
    for order in theirs:
        for name, value in nothing.items():
            setattr(order, name, value)
    bulk_update_with_history(theirs, tuple(nothing), reason=ERASED)
    SalesOrder.history.filter(contact__in=keys).update(**nothing)


def notices(subject: Subject) -> None:
    """What the ISP's system asked us to tell them."""
    theirs = GatewayNotice.objects.filter(
        Q(phone_key__in=subject.phone_keys) | Q(message__conversation__in=subject.chats)
    )
    gone = {"phone": "", "phone_key": "", "text": "", "media_url": "", "ref": "", "fingerprint": "", "raw": {}}
    theirs.update(phone_raw=ERASED, **gone)


def console(subject: Subject) -> None:
    """The lines of the live console that name them."""
    mentions = subject.mentions()
    lines = Activity.objects.values_list("pk", "text").iterator()
    told = [pk for pk, text in lines if mentions.search(text)]
    for some in in_chunks(told):
        Activity.objects.filter(pk__in=some).update(text=ERASED)


def trash(subject: Subject) -> None:
    """What staff had deleted of them, for good: their own row there, and whatever names a number of theirs or links to
    them. Of the rest only the link to them goes (a label that they had)."""
    people = {one.pk for one in subject.contacts}
    TrashItem.objects.filter(contact__in=people).delete()
    links = Contact.labels.through._meta.label_lower
    for item in TrashItem.objects.filter(contact__isnull=True).defer("freed").iterator(chunk_size=_AT_ONCE):
        if _is_about(item, subject.numbers, people):
            TrashItem.objects.filter(pk=item.pk).delete()
            continue
        rest = [row for row in item.rows if row["table"] != links or row["values"]["contact_id"] not in people]
        if len(rest) < len(item.rows):
            TrashItem.objects.filter(pk=item.pk).update(rows=rest)


def _is_about(item: TrashItem, numbers: Iterable[str], people: Collection[int]) -> bool:
    link = ContactLink._meta.label_lower
    if any(row["table"] == link and row["values"]["contact_id"] in people for row in item.rows):
        return True
    told = json.dumps([item.title, item.of, item.rows], ensure_ascii=False)
    return any(number in told for number in numbers)


def person(subject: Subject) -> None:
    """Who they are, how they are reached, whom they speak for, what staff noted, where their dialogue stood."""
    people = subject.contacts
    for table in (ContactAddress, ContactLink, ChatMark, DialogState, Contact.labels.through):
        table._default_manager.filter(contact__in=people).delete()
    keys = [one.pk for one in people]
    Conversation.objects.filter(pk__in=[one.pk for one in subject.chats]).update(
        address=_numbered("l:anonimo-"), title=""
    )
    Contact.objects.filter(pk__in=keys).update(
        name="", phone="", phone_key=None, notes="", anonymised_at=timezone.now(), trashed_at=None
    )


def found(subject: Subject) -> None:
    """By what they were found. Their rows are found again by what is left of them."""
    orders = SalesOrder.objects.filter(contact__in=subject.contacts).values_list("pk", flat=True)
    forget_rows(Contact, [one.pk for one in subject.contacts])
    forget_rows(Ticket, [case.pk for case in subject.tickets])
    forget_rows(SalesOrder, list(orders))


def _numbered(prefix: str) -> Concat:
    return Concat(Value(prefix), Cast("pk", CharField()))
