"""The people who wrote, or came in with an agenda, as their list shows them (OPEN-CNT).

How they are found: `conversations/searching.py`; how an agenda comes in: `importing.py`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from textwrap import shorten

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.common.tables.columns import names_of
from backoffice.conversations.models import Contact, ContactLink, Conversation, Message
from backoffice.customers.models import Customer, CustomerPhone
from backoffice.customers.selectors import by_phone_keys

from .inbox import open_cases
from .models import Ticket
from .phrases import holder, what_was_sent

A_MONTH = timedelta(days=30)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Facts:
    """What no column of a contact tells. `attended_by` is "" when nobody does; `waits` when their case waits."""

    customers: tuple[Customer, ...] = ()
    last: Message | None = None
    attended_by: str = ""
    waits: bool = False

    @property
    def words(self) -> str:
        """The last message in one line."""
        return shorten(what_was_sent(self.last), 60, placeholder="…") if self.last else ""


def everybody() -> QuerySet[Contact]:
    """Everybody who is still somebody: not merged, anonymised nor in the trash. Agents are staff."""
    rows = Contact.objects.filter(merged_into__isnull=True, anonymised_at__isnull=True, agent__isnull=True)
    return rows.filter(trashed_at__isnull=True).prefetch_related("labels")


def of_the_last_month(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    """Those who wrote for the first time in the last thirty days."""
    return rows.filter(created_at__gte=timezone.now() - A_MONTH)


def known(rows: QuerySet[Contact], *, are: bool = True) -> QuerySet[Contact]:
    """Those who are customers of ours, by a link or because their phone is on file; or all but those."""
    linked = Exists(ContactLink.objects.filter(contact=OuterRef("pk")))
    on_file = Exists(CustomerPhone.objects.filter(key=OuterRef("phone_key")))
    return rows.filter(linked | on_file) if are else rows.exclude(linked | on_file)


def facts_of(contacts: Sequence[Contact], *, customers: bool = True) -> dict[int, Facts]:
    """What the list shows of these people beside their own columns, in four queries whatever their number.

    Without `customers`, for whoever may not see them, nothing is told of whose accounts they ask about.
    """
    ids = [one.pk for one in contacts]
    whose = _customers(contacts) if customers else {}
    lasts = _last_words(ids)
    cases = {case.contact_id: case for case in open_cases(Q(contact__in=ids)).order_by("pk")}
    return {pk: _facts(whose.get(pk, ()), lasts.get(pk), cases.get(pk)) for pk in ids}


def labels_told(keys: Sequence[int]) -> dict[int, str]:
    """For a spreadsheet: the labels of each of these contacts, separated by commas."""
    return names_of(Contact.labels.through, "contact", "label")(keys)


def customers_told(keys: Sequence[int]) -> dict[int, str]:
    """For a spreadsheet: «María González (1001)» of each, with all whom they speak for."""
    found = _customers(list(Contact.objects.filter(pk__in=keys).only("pk", "phone_key")))
    return {pk: ", ".join(f"{one.name} ({one.code})" for one in whose) for pk, whose in found.items()}


def last_told(keys: Sequence[int]) -> dict[int, str]:
    """For a spreadsheet: when each wrote or was written to last, on the company's clock."""
    found = _last_words(keys)
    return {pk: f"{timezone.localtime(one.created_at):%d/%m/%Y %H:%M}" for pk, one in found.items()}


def attention_told(keys: Sequence[int]) -> dict[int, str]:
    """For a spreadsheet: who attends each one now, "" when nobody does."""
    cases = open_cases(Q(contact__in=keys)).order_by("pk")
    return {case.contact_id: holder(case) for case in cases if case.state == Ticket.State.IN_PROGRESS}


def _facts(customers: tuple[Customer, ...], last: Message | None, case: Ticket | None) -> Facts:
    attended = case is not None and case.state == Ticket.State.IN_PROGRESS
    return Facts(
        customers=customers,
        last=last,
        attended_by=holder(case) if case is not None and attended else "",
        waits=case is not None and not attended,
    )


def _last_words(ids: Collection[int]) -> dict[int, Message]:
    """The newest message of each, on whichever of our numbers."""
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-id").values("pk")[:1]
    chats = Conversation.objects.filter(contact__in=ids).exclude(channel__kind=Channel.Kind.PREVIEW)
    said = Message.objects.filter(pk__in=chats.values(newest=Subquery(newest)))
    rows = said.select_related("media").annotate(whose=F("conversation__contact")).order_by("pk")
    return {row.whose: row for row in rows}


def _customers(contacts: Sequence[Contact]) -> dict[int, tuple[Customer, ...]]:
    """Whom each speaks for: by a link first, then because their phone is on file."""
    found: dict[int, dict[int, Customer]] = {one.pk: {} for one in contacts}
    for link in ContactLink.objects.filter(contact__in=list(found)).select_related("customer").order_by("pk"):
        found[link.contact_id][link.customer_id] = link.customer
    on_file = by_phone_keys(one.phone_key for one in contacts if one.phone_key)
    for one in contacts:
        for customer in on_file.get(one.phone_key or "", ()):
            found[one.pk].setdefault(customer.pk, customer)
    return {pk: tuple(customers.values()) for pk, customers in found.items()}
