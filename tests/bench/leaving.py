"""Customers who leave to a file, by our engine and by hand. Called by `tests.bench.worker`."""

import csv
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from backoffice.catalog.models import Zone
from backoffice.common.tables.exporting import Sheet, keys_of, write
from backoffice.customers.models import Customer, CustomerPhone
from backoffice.customers.tables import CustomerResource

AT_ONCE = 5_000
FIRST = 2_614_000_000  # phone
COLUMNS = ("code", "name", "document", "email", "address", "zone__name", "status", "notes", "created_at")


def fill(rows: int) -> int:
    """So many customers of ten zones, with a phone each and every fifth one two."""
    zones = Zone.objects.bulk_create(Zone(name=f"Zona {number}") for number in range(10))
    for begin in range(0, rows, AT_ONCE):
        made = Customer.objects.bulk_create(_customer(number, zones) for number in range(begin, begin + AT_ONCE))
        CustomerPhone.objects.bulk_create(
            CustomerPhone(customer=one, number=f"+549{FIRST + place * 2 + extra}", key=str(FIRST + place * 2 + extra))
            for place, one in enumerate(made, begin)
            for extra in range(2 if place % 5 == 0 else 1)
        )
    if connection.vendor == "postgresql":  # as a server does by itself after so many rows
        with connection.cursor() as cursor:
            for model in (Customer, CustomerPhone):
                cursor.execute(f'VACUUM ANALYZE "{model._meta.db_table}"')
    return Customer.objects.count()


def _customer(number: int, zones: list[Zone]) -> Customer:
    return Customer(
        code=f"{number:06d}", name=f"Cliente {number * 7919 % 1_000_003}", document=str(20_000_000 + number),
        email=f"cliente{number}@example.com", address=f"Calle {number % 900} {number % 5000}", zone=zones[number % 10],
        status="active" if number % 9 else "suspended", notes="Llamar después de las 18" if number % 3 == 0 else "",
    )  # fmt: skip


def _timed(work: Callable[[Path], int]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        start, cpu = time.perf_counter(), time.process_time()
        rows = work(Path(folder) / "clientes")
        return {"turns": rows, "seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}


def ours() -> dict[str, float]:
    return _timed(lambda path: _export(path, "csv"))


def excel() -> dict[str, float]:
    return _timed(lambda path: _export(path, "xlsx"))


def bare() -> dict[str, float]:
    return _timed(_by_hand)


def peak(rows: int) -> float:
    """The most memory this process has had, in MB, after an export of so many."""
    _timed(lambda path: _export(path, "csv", rows))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _export(path: Path, kind: str, rows: int | None = None) -> int:
    resource_ = CustomerResource()
    keys = keys_of(Customer.objects.order_by("name")[:rows])
    write(path, "clientes", Sheet(resource_, resource_.get_export_fields(), keys), kind)
    return len(keys)


def _by_hand(path: Path) -> int:
    phones: dict[int, list[str]] = {}
    for customer, number in CustomerPhone.objects.values_list("customer_id", "number").iterator():
        phones.setdefault(customer, []).append(number)
    rows: Any = Customer.objects.order_by("name").values_list("pk", *COLUMNS).iterator()
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for pk, *cells in rows:
            writer.writerow([*cells[:7], " / ".join(phones.get(pk, ())), *cells[7:]])
            count += 1
    return count
