"""Verbs of the ISP's customers."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from backoffice.catalog.models import Zone
from backoffice.common.bulk import bulk_create_with_history
from backoffice.common.errors import DomainError
from backoffice.common.models import Counter
from backoffice.company.selectors import area_code
from backoffice.customers.models import Customer, CustomerPhone
from backoffice.customers.selectors import is_placeholder
from integrations.understanding.documents import is_valid_cuit
from integrations.understanding.phones import parse_phone

COUNTER = "customer"
_NOT_DIGIT = re.compile(r"[^0-9]+")
_NOT_LETTER = re.compile(r"[\W_]+")
_NOTHING = frozenset({"", "sd", "sn", "na", "nd", "no", "x", "xx", "xxx", "notiene", "sindni", "sindato", "sindatos"})
"""What spreadsheets say where there is no document: «S/D», «-», «no tiene»."""


@transaction.atomic
def create_customer(
    *,
    name: str,
    code: str = "",
    document: str = "",
    email: str = "",
    address: str = "",
    zone: Zone | None = None,
    status: str = Customer.Status.ACTIVE,
    notes: str = "",
    phones: Iterable[str] = (),
) -> Customer:
    """Add a customer with their phones, as they were typed. Without a code the next free number is given.

    Raises:
        DomainError: no name, a code that is taken, a document or a phone that is none; `.field` says which.
    """
    clean = {"name": clean_name(name), "document": clean_document(document), "code": _free_code(code)}
    numbers = [clean_phone(phone, area_code()) for phone in phones]
    customer = Customer.objects.create(
        **clean, email=email.strip(), address=address.strip(), zone=zone, status=status, notes=notes
    )
    _write_phones(customer, dict(numbers))
    return customer


@transaction.atomic
def update_customer(*, customer: Customer, phones: Iterable[str] | None = None, **changes: Any) -> Customer:
    """Change what is given of a customer; `phones` replaces all of theirs.

    Raises:
        DomainError: as in `create_customer`.
    """
    cleaners = {"name": clean_name, "document": clean_document}
    for field, value in changes.items():
        clean = cleaners.get(field, _as_it_is)
        setattr(customer, field, _free_code(value, but=customer) if field == "code" else clean(value))
    if changes:
        customer.save(update_fields=list(changes))
    if phones is not None:
        wanted = dict(clean_phone(phone, area_code()) for phone in phones)
        customer.phones.exclude(key__in=wanted).delete()
        known = set(customer.phones.values_list("key", flat=True))
        _write_phones(customer, {key: number for key, number in wanted.items() if key not in known})
    return customer


def next_code() -> str:
    """The number the next customer gets when nobody typed one; inside the caller's transaction."""
    return _free_code("")


def clean_name(name: str) -> str:
    """The name with single spaces. Raises: DomainError when it is empty."""
    tidy = " ".join(name.split())
    if not tidy:
        raise DomainError("Poné el nombre del cliente.", field="name")
    return tidy


def clean_document(document: str) -> str:
    """A DNI or CUIT as its digits; empty stays empty, as does «s/d», and a placeholder is kept as it came.

    Raises:
        DomainError: it is neither a DNI nor a valid CUIT.
    """
    digits = _NOT_DIGIT.sub("", document)
    if not digits and _NOT_LETTER.sub("", document.lower()) not in _NOTHING:
        raise DomainError(f"«{document.strip()[:30]}» no es un DNI ni un CUIT: van sólo los números.", field="document")
    if not digits or is_placeholder(digits):
        return digits[:11]
    if len(digits) == 11:
        if not is_valid_cuit(digits):
            raise DomainError("El CUIT no es válido: revisá los números.", field="document")
        return digits
    dni = digits.lstrip("0")
    if len(dni) not in (7, 8):
        raise DomainError("El DNI tiene 7 u 8 números y el CUIT 11.", field="document")
    return dni


def clean_phone(typed: str, area: str) -> tuple[str, str]:
    """The key and the E.164 number of a phone as it was typed. Raises: DomainError when it is none."""
    parsed = parse_phone(typed, area)
    if parsed is None:
        raise DomainError(
            f"«{typed}» no parece un teléfono. Poné la característica y el número, por ejemplo 261 234-5678.",
            field="phones",
        )
    return parsed.key, parsed.e164


def _as_it_is(value: Any) -> Any:
    return value


def _free_code(code: str, *, but: Customer | None = None) -> str:
    """The code when nobody else has it; the next number when none was given."""
    taken = Customer.objects.exclude(pk=but.pk) if but else Customer.objects.all()
    typed = code.strip()
    if typed:
        if taken.filter(code=typed).exists():
            raise DomainError(f"Ya hay un cliente con el número {typed}.", field="code")
        return typed
    given = f"{Counter.next(COUNTER):06d}"
    while taken.filter(code=given).exists():  # staff may have typed it by hand before
        given = f"{Counter.next(COUNTER):06d}"
    return given


def _write_phones(customer: Customer, numbers: dict[str, str]) -> None:
    bulk_create_with_history([CustomerPhone(customer=customer, number=numbers[key], key=key) for key in numbers])
