"""Who a phone, a document or a customer number belongs to. One query each, whatever the number of terms."""

import re
from collections.abc import Collection, Iterable

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from backoffice.customers.models import Customer, CustomerPhone
from integrations.understanding.documents import is_valid_cuit

MATCHES = 10  # a phone or document shared by more people than this identifies nobody
_LONGEST_CODE = 20
_GIVEN_WIDTH = 6
_PEOPLE = ("20", "23", "24", "25", "26", "27")
_CUIT_CHECKS = "0123456789"
_NOT_DIGIT = re.compile(r"[^0-9]+")


def by_phone_keys(keys: Iterable[str]) -> dict[str, list[Customer]]:
    """Customers with each phone on file (`phones.PhoneKey.key`), active ones first, at most `MATCHES` a key."""
    wanted = set(keys)
    found: dict[str, list[Customer]] = {key: [] for key in wanted}
    if not wanted:
        return found
    place = Window(RowNumber(), partition_by=F("phones__key"), order_by=[F("status"), F("pk")])
    rows = Customer.objects.filter(phones__key__in=wanted).annotate(phone_on_file=F("phones__key"), place=place)
    for row in rows.filter(place__lte=MATCHES).order_by("place"):
        found[row.phone_on_file].append(row)
    return found


def phone_keys(customers: Collection[Customer]) -> dict[int, tuple[str, ...]]:
    """The keys of every phone on file of these customers, by customer, in one query."""
    found: dict[int, list[str]] = {customer.pk: [] for customer in customers}
    rows = CustomerPhone.objects.filter(customer__in=list(found)).order_by("pk")
    for customer, key in rows.values_list("customer_id", "key") if found else ():
        found[customer].append(key)
    return {customer: tuple(keys) for customer, keys in found.items()}


def by_documents_or_codes(terms: Iterable[str]) -> dict[str, list[Customer]]:
    """Customers whose DNI, CUIT or customer number is each term, as it was typed; at most `MATCHES` a term.

    A DNI also finds the CUIT that contains it and the other way round; a customer number matches with or
    without its leading zeros. Placeholder documents (9999999…) match nobody (AMB-34).
    """
    forms = {term: _forms(term) for term in set(terms)}
    documents = set().union(*(documents for documents, _ in forms.values())) if forms else set()
    codes = set().union(*(codes for _, codes in forms.values())) if forms else set()
    if not documents and not codes:
        return {term: [] for term in forms}
    either = Q(document__in=documents) | Q(code__in=codes)
    rows = list(Customer.objects.filter(either).order_by("status", "pk")[: MATCHES * len(forms)])
    return {term: _matching(rows, *pair)[:MATCHES] for term, pair in forms.items()}


def is_placeholder(document: str) -> bool:
    """Whether it only fills the blank: one digit repeated seven times or more, as ISPCube's 9999999."""
    return len(document) >= 7 and len(set(document)) == 1


def document_forms(term: str) -> set[str]:
    """Every way the document of a term may be stored: the DNI, with its zero, and the CUITs that contain it."""
    digits = _NOT_DIGIT.sub("", term)
    if is_placeholder(digits):
        return set()
    if len(digits) == 11:
        dni = digits[2:10].lstrip("0")
        return {digits, *_dni_forms(dni)} if digits.startswith(_PEOPLE) else {digits}
    dni = digits.lstrip("0")
    return _dni_forms(dni) if len(dni) in (7, 8) else set()


def code_forms(term: str) -> set[str]:
    """Every way a customer number may be stored: as typed, in capitals, with any number of leading zeros."""
    code = term.strip()[:_LONGEST_CODE]
    if not code or is_placeholder(_NOT_DIGIT.sub("", code)):
        return set()
    if not (code.isascii() and code.isdecimal()):
        return {code, code.upper()}
    bare = code.lstrip("0") or "0"
    return {bare.zfill(width) for width in range(len(bare), _LONGEST_CODE + 1)}


def code_as_typed(code: str) -> tuple[str, ...]:
    """A customer number of a spreadsheet, which may have lost its zeros: as it is, without any, as we give them."""
    if not (code.isascii() and code.isdecimal()):
        return (code,)
    bare = code.lstrip("0") or "0"
    return tuple(dict.fromkeys((code, bare, bare.zfill(_GIVEN_WIDTH))))


def _dni_forms(dni: str) -> set[str]:
    if len(dni) not in (7, 8) or is_placeholder(dni):
        return set()
    padded = dni.zfill(8)
    cuits = (f"{prefix}{padded}{check}" for prefix in _PEOPLE for check in _CUIT_CHECKS)
    return {dni, padded, *filter(is_valid_cuit, cuits)}


def _forms(term: str) -> tuple[set[str], set[str]]:
    return document_forms(term), code_forms(term)


def _matching(rows: Collection[Customer], documents: set[str], codes: set[str]) -> list[Customer]:
    return [row for row in rows if row.document in documents or row.code in codes]
