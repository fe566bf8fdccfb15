"""Customers with their phones, services and the invoices of the last months."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from backoffice.billing.models import Invoice
from backoffice.billing.services import COUNTER as INVOICES
from backoffice.billing.services import invoice_number
from backoffice.catalog.models import Plan, Zone
from backoffice.common.bulk import bulk_create_with_history
from backoffice.common.models import Counter
from backoffice.company.selectors import today
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.customers.services import COUNTER as CUSTOMERS
from backoffice.demo.people import Person
from integrations.understanding.dates import month_name
from integrations.understanding.phones import phone_key

DUE_DAY = 10  # of the month that follows


def load_customers(people: list[Person], zones: Mapping[str, Zone], plans: Mapping[str, Plan]) -> dict[str, Customer]:
    """Everybody in a few statements; customers by name."""
    first = Counter.next(CUSTOMERS, len(people))
    rows = bulk_create_with_history([_customer(one, first + n, zones) for n, one in enumerate(people)])
    pairs = list(zip(people, rows, strict=True))
    bulk_create_with_history(
        [CustomerPhone(customer=row, number=one.phone, key=phone_key(one.phone) or "") for one, row in pairs]
    )
    day = today()
    bulk_create_with_history([_service(one, row, plans[one.plan], day) for one, row in pairs])
    _bill(pairs, plans, day)
    return {row.name: row for row in rows}


def _customer(one: Person, number: int, zones: Mapping[str, Zone]) -> Customer:
    return Customer(
        code=f"{number:06d}",
        name=one.name,
        document=one.document,
        address=one.address,
        zone=zones[one.zone],
        status=Customer.Status.SUSPENDED if one.suspended else Customer.Status.ACTIVE,
    )


def _service(one: Person, row: Customer, plan: Plan, day: date) -> Service:
    return Service(
        customer=row,
        plan=plan,
        price=plan.price,
        address=one.address,
        status=Service.Status.SUSPENDED if one.suspended else Service.Status.ACTIVE,
        since=months_back(day, one.months),
    )


def _bill(pairs: list[tuple[Person, Customer]], plans: Mapping[str, Plan], day: date) -> None:
    """A charge a month, the oldest month first, so that numbers follow the dates."""
    longest = max(one.months for one, _ in pairs)
    charges = [(back, one, row) for back in range(longest - 1, -1, -1) for one, row in pairs if back < one.months]
    first = Counter.next(INVOICES, len(charges))
    bulk_create_with_history(
        [
            _invoice(first + n, months_back(day, back), row, plans[one.plan], paid=back >= one.unpaid)
            for n, (back, one, row) in enumerate(charges)
        ]
    )


def _invoice(number: int, period: date, row: Customer, plan: Plan, *, paid: bool) -> Invoice:
    return Invoice(
        number=invoice_number(number),
        customer=row,
        concept=f"{plan.name} – {month_name(period)} {period.year}",
        period=period,
        issued_on=period,
        due_on=months_back(period, -1).replace(day=DUE_DAY),
        total=plan.price,
        balance=Decimal(0) if paid else plan.price,
        status=Invoice.Status.PAID if paid else Invoice.Status.UNPAID,
    )


def months_back(day: date, count: int) -> date:
    """The first day of the month that is `count` months before (after, when negative)."""
    month = day.year * 12 + day.month - 1 - count
    return date(month // 12, month % 12 + 1, 1)
