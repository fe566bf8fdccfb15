"""Many customers, or many of their services, in a fixed number of statements: what an import writes and undoes.

What they are given is valid already: `people.clean_name`, `clean_document` and `clean_phone` say what valid is, here
and when one customer is typed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from backoffice.common.bulk import bulk_create_with_history, bulk_delete_with_history, bulk_update_with_history
from backoffice.common.models import Counter
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.customers.services.people import COUNTER


@dataclass(frozen=True, slots=True)
class Change:
    """A customer, new or stored, as they have to be. `phones` are all of theirs by key, or None: as they are.

    `fields` are those of a stored one that changed.
    """

    customer: Customer
    fields: Collection[str] = ()
    phones: Mapping[str, str] | None = None


@transaction.atomic
def write_customers(
    *, new: Sequence[Change], changed: Sequence[Change], by: Any = None, reason: str = "", above: int = 0
) -> None:
    """Keep these customers with their phones and their history. New ones without a code get the next free numbers.

    `above` is the highest number that rows yet to come bring with them: those that are given now go on from it.
    """
    uncoded = [one.customer for one in new if not one.customer.code]
    typed = {one.customer.code for one in new}
    for customer, code in zip(uncoded, _next_codes(len(uncoded), typed, above), strict=True):
        customer.code = code
    bulk_create_with_history([one.customer for one in new], by=by, reason=reason)
    fields = sorted({name for one in changed for name in one.fields})
    if fields:
        bulk_update_with_history([one.customer for one in changed if one.fields], fields, by=by, reason=reason)
    _write_phones(new, changed, by, reason)


@transaction.atomic
def remove_customers(*, customers: Sequence[Customer], by: Any = None, reason: str = "") -> None:
    """Take away customers that nothing names, with their phones. Their history stays.

    Raises:
        IntegrityError: something names one.
    """
    phones = list(CustomerPhone.objects.filter(customer__in=[one.pk for one in customers]))
    bulk_delete_with_history(phones, by=by, reason=reason)
    bulk_delete_with_history(customers, by=by, reason=reason)


@transaction.atomic
def write_services(
    *,
    new: Sequence[Service],
    changed: Sequence[tuple[Service, Collection[str]]],
    by: Any = None,
    reason: str = "",
) -> None:
    """Keep these valid contracts, each stored one with the fields of it that changed, and their history."""
    bulk_create_with_history(new, by=by, reason=reason)
    fields = sorted({name for _, names in changed for name in names})
    if fields:
        bulk_update_with_history([service for service, _ in changed], fields, by=by, reason=reason)


@transaction.atomic
def remove_services(*, contracts: Sequence[Service], by: Any = None, reason: str = "") -> None:
    """Take away contracts that nothing names. Raises: IntegrityError when something names one."""
    bulk_delete_with_history(contracts, by=by, reason=reason)


def _next_codes(count: int, typed: Collection[str], above: int) -> list[str]:
    """That many numbers that nobody has, in one reservation unless staff typed some of them by hand before."""
    if not count:
        return []
    behind = above - (Counter.objects.filter(name=COUNTER).values_list("value", flat=True).first() or 0)
    if behind > 0:
        Counter.next(COUNTER, behind)
    free: list[str] = []
    while len(free) < count:
        missing = count - len(free)
        first = Counter.next(COUNTER, missing)
        codes = [f"{number:06d}" for number in range(first, first + missing)]
        taken = set(Customer.objects.filter(code__in=codes).values_list("code", flat=True)) | set(typed)
        free += [code for code in codes if code not in taken]
    return free


def _write_phones(new: Sequence[Change], changed: Sequence[Change], by: Any, reason: str) -> None:
    added = [
        CustomerPhone(customer=one.customer, number=number, key=key)
        for one in new
        for key, number in (one.phones or {}).items()
    ]
    again = {one.customer.pk: one.phones for one in changed if one.phones is not None}
    known: dict[int, set[str]] = {pk: set() for pk in again}
    gone: list[CustomerPhone] = []
    for phone in CustomerPhone.objects.filter(customer__in=list(again)) if again else ():
        known[phone.customer_id].add(phone.key)
        if phone.key not in again[phone.customer_id]:
            gone.append(phone)
    for one in changed:
        for key, number in (one.phones or {}).items():
            if key not in known[one.customer.pk]:
                added.append(CustomerPhone(customer=one.customer, number=number, key=key))
    bulk_delete_with_history(gone, by=by, reason=reason)
    bulk_create_with_history(added, by=by, reason=reason)
