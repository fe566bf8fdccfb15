"""A hundred thousand customers from a spreadsheet: ours, stock django-import-export, and a bare `bulk_create`.

Called by `tests.bench.worker`. Each does the same rows and leaves the tables empty of them.
"""

import io
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any

import tablib
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone
from import_export import resources, widgets
from import_export.fields import Field

from backoffice.accounts.models import User
from backoffice.catalog.models import Zone
from backoffice.common import worker
from backoffice.common.importing.models import Import, ImportChunk
from backoffice.common.models import Counter, Job
from backoffice.common.services import imports
from backoffice.company.models import Company
from backoffice.customers.models import Customer, CustomerPhone

HEAD = ("número de cliente", "nombre", "DNI o CUIT", "correo", "domicilio", "zona", "estado", "teléfonos", "notas")
ZONES = ("Centro", "Norte", "Maipú", "Luján")
STATES = ("Activo", "Suspendido", "De baja")


def rows(amount: int, changed: int = 0) -> Iterator[tuple[str, ...]]:
    """As many customers, of whom one in `changed` is called otherwise (0: none)."""
    for number in range(1, amount + 1):
        name = f"Cliente {number} de Paz" + (" y Ruiz" if changed and number % changed == 0 else "")
        yield (
            f"C{number:06d}", name, f"{20_000_000 + number}", f"cliente{number}@example.com",
            f"San Martín {number}, Godoy Cruz", ZONES[number % 4], STATES[number % 3 if number % 30 == 0 else 0],
            f"0261 15 {5_000_000 + number % 999_999:07d}", "Llamar de tarde" if number % 7 == 0 else "",
        )  # fmt: skip


def prepare() -> None:
    Zone.objects.bulk_create([Zone(name=name) for name in ZONES], ignore_conflicts=True)
    company = Company.load()
    company.default_area_code = "261"
    company.save()
    User.objects.get_or_create(username="bench", defaults={"is_staff": True, "is_superuser": True})


def empty() -> None:
    """Without a trace of the customers of another contender."""
    with connection.cursor() as cursor:
        models = (
            CustomerPhone,
            CustomerPhone.history.model,
            ImportChunk,
            Import,
            Job,
            Customer.history.model,
            Customer,
        )
        for model in models:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
        if connection.vendor == "postgresql":
            for model in models:
                cursor.execute(f'VACUUM ANALYZE "{model._meta.db_table}"')
    Counter.objects.all().delete()


def bare(amount: int) -> float:
    """Seconds of `bulk_create` of the rows, their phones and a line of history of each, and nothing else."""
    zones = {zone.name: zone for zone in Zone.objects.all()}
    states = {str(label): value for value, label in Customer.Status.choices}
    now = timezone.now()
    start = time.perf_counter()
    for batch in _batches(rows(amount), 1_000):
        with transaction.atomic():
            people = Customer.objects.bulk_create(
                Customer(
                    code=code, name=name, document=document, email=email, address=address, zone=zones[zone],
                    status=states[state], notes=notes,
                )
                for code, name, document, email, address, zone, state, _, notes in batch
            )  # fmt: skip
            phones = CustomerPhone.objects.bulk_create(
                CustomerPhone(customer=one, number=f"+549261{line[7][8:]}", key=f"261{line[7][8:]}")
                for one, line in zip(people, batch, strict=True)
            )
            for made in (people, phones):
                history: Any = type(made[0]).history.model  # type: ignore[attr-defined]
                names = [field.attname for field in history.tracked_fields]
                history.objects.bulk_create(
                    history(history_date=now, history_type="+", **{name: getattr(one, name) for name in names})
                    for one in made
                )
    return time.perf_counter() - start


def ours(amount: int, changed: int = 0) -> dict[str, float]:
    """Seconds of reading and judging, and of writing; which rows were new and changed; the peak of this process, MB."""
    text = io.StringIO()
    text.write(";".join(HEAD) + "\n")
    text.writelines(";".join(row) + "\n" for row in rows(amount, changed))
    file = ContentFile(text.getvalue().encode(), name="clientes.csv")
    del text
    by = User.objects.get(username="bench")
    start = time.perf_counter()
    one = imports.bring(table="customers.customer", name="clientes.csv", file=file, by=by)
    _worked(one, "ready")
    read = time.perf_counter()
    if one.to_write:
        imports.apply(one=one, by=by)
        _worked(one, "done")
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"read": read - start, "write": end - read, "new": one.new, "changed": one.changed, "peak": peak}


def _worked(one: Import, state: str) -> None:
    while worker.work(seconds=3_600):
        pass
    one.refresh_from_db()
    if one.state != state:
        raise RuntimeError(f"the import is {one.state}: {one.error}")


class Stock(resources.ModelResource):
    """What the library's documentation says to write for these columns."""

    code = Field("code", HEAD[0])
    name = Field("name", HEAD[1])
    document = Field("document", HEAD[2])
    email = Field("email", HEAD[3])
    address = Field("address", HEAD[4])
    zone = Field("zone", HEAD[5], widgets.ForeignKeyWidget(Zone, "name"))
    status = Field("status", HEAD[6])
    notes = Field("notes", HEAD[8])

    class Meta:
        model = Customer
        fields = ("code", "name", "document", "email", "address", "zone", "status", "notes")
        import_id_fields = ("code",)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        row[HEAD[6]] = {str(label): value for value, label in Customer.Status.choices}[row[HEAD[6]]]

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        phone = CustomerPhone(number=row[HEAD[7]])
        phone.canonise("261")
        CustomerPhone.objects.update_or_create(customer=instance, key=phone.key, defaults={"number": phone.number})


def stock(amount: int, changed: int = 0) -> dict[str, float]:
    """Seconds of its preview (a dry run), and of writing."""
    data = tablib.Dataset(*rows(amount, changed), headers=HEAD)
    start = time.perf_counter()
    Stock().import_data(data, dry_run=True, raise_errors=True)
    middle = time.perf_counter()
    Stock().import_data(data, dry_run=False, raise_errors=True)
    return {"read": middle - start, "write": time.perf_counter() - middle}


def visits(amount: int) -> list[float]:
    """Milliseconds of that many looks at a page of the panel, each with something written, as people do."""
    client = Client(SERVER_NAME="127.0.0.1")
    user = User.objects.get(username="bench")
    client.force_login(user)
    told = []
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nobody collected them here
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        for number in range(amount):
            start = time.perf_counter()
            answer = client.get("/panel/customers/customer/")
            User.objects.filter(pk=user.pk).update(first_name=f"Visita {number}")
            told.append(1_000 * (time.perf_counter() - start))
            if answer.status_code != 200:
                raise RuntimeError(f"the page answered {answer.status_code}")
            time.sleep(0.02)
    return told


def _batches(source: Iterator[tuple[str, ...]], size: int) -> Iterator[list[tuple[str, ...]]]:
    batch: list[tuple[str, ...]] = []
    for row in source:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def profiled(amount: int, changed: int = 0, lines: int = 35) -> str:
    """Where the time of `ours` goes."""
    import cProfile
    import pstats

    profile = cProfile.Profile()
    call: Callable[..., Any] = ours
    profile.runcall(call, amount, changed)
    out = io.StringIO()
    pstats.Stats(profile, stream=out).sort_stats("cumulative").print_stats(lines)
    return out.getvalue()
