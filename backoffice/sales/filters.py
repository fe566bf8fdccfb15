"""What the headers of the list of orders filter by (OPEN-ORD-06, 07). What nobody could mean filters nothing."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from backoffice.sales.models import SalesOrder
from integrations.understanding.phones import phone_key

NO_BRANCH = "ninguna"
MOST_DIGITS = 18


class HeaderFilter(admin.SimpleListFilter):
    """A filter whose control is in the header of its column, and takes whatever is typed there."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[SalesOrder]) -> QuerySet[SalesOrder]:
        typed = (self.value() or "").replace("\x00", "").strip()
        wanted = self.wanted(typed) if typed else None
        return queryset if wanted is None else queryset.filter(wanted)

    def wanted(self, typed: str) -> Q | None:
        raise NotImplementedError


class StateFilter(HeaderFilter):
    title, parameter_name = "estado", "estado"

    def wanted(self, typed: str) -> Q | None:
        if typed == "abiertos":
            return Q(state__in=SalesOrder.OPEN)
        return Q(state=typed) if typed in SalesOrder.State.values else None


class BranchFilter(HeaderFilter):
    title, parameter_name = "sucursal", "sucursal"

    def wanted(self, typed: str) -> Q | None:
        if typed == NO_BRANCH:
            return Q(branch__isnull=True)
        return Q(branch_id=int(typed[:MOST_DIGITS])) if _is_number(typed) else None


class NumberFilter(HeaderFilter):
    title, parameter_name = "número", "numero"

    def wanted(self, typed: str) -> Q | None:
        typed = typed.lstrip("#").strip()
        return Q(number=int(typed[:MOST_DIGITS])) if _is_number(typed) else Q(pk__isnull=True)


class ContactFilter(HeaderFilter):
    title, parameter_name = "contacto", "contacto"

    def wanted(self, typed: str) -> Q | None:
        return Q(contact__name__icontains=typed) | Q(customer__name__icontains=typed)


class PhoneFilter(HeaderFilter):
    """A whole number in any of its spellings, or some of its digits."""

    title, parameter_name = "celular", "celular"

    def wanted(self, typed: str) -> Q | None:
        key = phone_key(typed)
        if key:
            return Q(contact__phone_key=key)
        digits = "".join(char for char in typed if char.isascii() and char.isdigit())
        return Q(contact__phone_key__contains=digits) if digits else Q(pk__isnull=True)


class SinceFilter(HeaderFilter):
    title, parameter_name = "desde", "desde"

    def wanted(self, typed: str) -> Q | None:
        day = _day(typed)
        return None if day is None else Q(received_at__gte=_begins(day))


class UntilFilter(HeaderFilter):
    title, parameter_name = "hasta", "hasta"

    def wanted(self, typed: str) -> Q | None:
        day = _day(typed)
        return None if day is None or day == date.max else Q(received_at__lt=_begins(day + timedelta(days=1)))


FILTERS = (NumberFilter, SinceFilter, UntilFilter, ContactFilter, PhoneFilter, BranchFilter, StateFilter)


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal()


def _day(typed: str) -> date | None:
    try:
        day = parse_date(typed)
    except ValueError:  # well written, and no day of the calendar
        return None
    return day if day is not None and 1970 <= day.year <= 9000 else None


def _begins(day: date) -> datetime:
    """Midnight here, which is when a day begins for people."""
    return timezone.make_aware(datetime.combine(day, time()))
