"""An import from the file to its undoing: what is shown, what is written, and what happens when a process dies."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import AuditEvent, User
from backoffice.catalog.models import Plan, Zone
from backoffice.common import worker
from backoffice.common.errors import DomainError
from backoffice.common.importing.models import Import, ImportChunk
from backoffice.common.models import Counter, Job
from backoffice.common.services import imports, jobs
from backoffice.customers.importing import CustomersInBulk
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.customers.services import create_customer, update_customer
from tests.backoffice.sheets import applied, bring, counts, errors, imported, last, outcomes, undone

CUSTOMERS = "customers_customer"
HEAD = "número de cliente;nombre;DNI o CUIT;estado;teléfonos;zona\n"


@pytest.fixture
def maria(db: None) -> Customer:
    Zone.objects.create(name="Centro")
    return create_customer(
        name="María González", code="000101", document="30111222", status="suspended", phones=["2612345678"]
    )


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of two rows."""
    monkeypatch.setattr(CustomersInBulk, "chunk", 2)


def everything() -> list[Any]:
    """All that an import may touch, but for histories."""
    return [
        list(Customer.objects.order_by("code").values_list("code", "name", "document", "status", "zone__name")),
        sorted(CustomerPhone.objects.values_list("customer__code", "key")),
    ]


# --- looking and writing -----------------------------------------------------------------------------


def test_it_is_shown_first_and_nothing_is_written(admin: Client, maria: Customer) -> None:
    before = everything()
    page = bring(admin, CUSTOMERS, f"{HEAD}101;María G.;30111222;;2612345678;centro\n102;Luz;1;;;Marte\n103;Ana;;;;\n")
    assert everything() == before
    assert counts(last()) == (1, 1, 0, 1)
    assert outcomes(last())[0].changes == {"nombre": ["María González", "María G."], "zona": ["", "Centro"]}
    assert "No existe «Marte» en zonas" in page.text
    assert "Importar 2 filas" in page.text
    everywhere = admin.get(page.request["PATH_INFO"], {"ver": "cambiadas"}).text
    assert "<del>María González</del>" in everywhere
    assert "Marte" not in everywhere


def test_what_is_written_is_told_by_its_history_and_the_audit(admin: Client, maria: Customer) -> None:
    one = imported(admin, CUSTOMERS, f"{HEAD}101;María G.;30111222;;;\n;Ana Paz;;Suspendido;261 555-0102;Centro\n")
    assert (one.state, counts(one)) == ("done", (1, 1, 0, 0))
    ana = Customer.objects.get(name="Ana Paz")
    assert (ana.status, str(ana.zone), [phone.key for phone in ana.phones.all()]) == (
        "suspended", "Centro", ["2615550102"],
    )  # fmt: skip
    maria.refresh_from_db()
    assert (maria.name, maria.status, maria.phones.count()) == ("María G.", "suspended", 1)
    for row, kind in ((ana, "+"), (maria, "~"), (ana.phones.get(), "+")):
        line = row.history.latest("history_id")
        told = (line.history_type, str(line.history_user), line.history_change_reason)
        assert told == (kind, "Elena Soto", f"Importación {one.pk}")
    assert maria.history.count() == 2
    told = AuditEvent.objects.filter(kind="data").latest("pk").text
    assert told == "Importó clientes de «planilla.csv»: 1 filas nuevas y 1 cambiadas"


def test_again_the_same_file_changes_nothing(admin: Client, maria: Customer) -> None:
    text = f"{HEAD}101;María;30.111.222;Activo;261 234-5678;\n102;Luz;;;;Centro\n"
    imported(admin, CUSTOMERS, text)
    lines = Customer.history.count() + CustomerPhone.history.count()
    page = bring(admin, CUSTOMERS, text)
    assert counts(last()) == (0, 0, 2, 0)
    assert "Importar" not in page.context["title"] or "Importar 0" not in page.text
    with pytest.raises(DomainError):
        imports.apply(one=last())
    assert Customer.history.count() + CustomerPhone.history.count() == lines


def test_new_ones_without_a_number_get_those_after_the_files_own(admin: Client, db: None) -> None:
    imported(admin, CUSTOMERS, f"{HEAD};Ana;;;;\n000002;Luz;;;;\n;Eva;;;;\n")
    assert list(Customer.objects.order_by("name").values_list("name", "code")) == [
        ("Ana", "000003"), ("Eva", "000004"), ("Luz", "000002"),
    ]  # fmt: skip
    assert Counter.objects.get(name="customer").value == 4


@pytest.mark.parametrize(("key", "cell"), [("document", "30.111.222"), ("phones", "0261 15 234-5678")])
def test_they_are_recognised_by_what_the_user_chose(admin: Client, maria: Customer, key: str, cell: str) -> None:
    column = {"document": "DNI o CUIT", "phones": "celular"}[key]
    one = imported(admin, CUSTOMERS, f"{column};nombre\n{cell};María de Paz\n", key=key)
    assert (one.key, counts(one)) == (key, (0, 1, 0, 0))
    create_customer(name="Otra", document="30111222", phones=["2612345678"])
    bring(admin, CUSTOMERS, f"{column};nombre\n{cell};Quién\n;Nadie\n", key=key)
    told = [next(iter(of_row.values())) for of_row in errors(last()).values()]
    assert told == ["Hay 2 con ese dato: usá otro para reconocerlos.", "Falta, y dice de qué fila se trata."]


def test_two_rows_about_one_customer_and_numbers_of_others_are_told(admin: Client, maria: Customer) -> None:
    update_customer(customer=maria, phones=["2612345678", "2615550102"])
    create_customer(name="Otra", code="7", phones=["2615550103"])
    text = "celular;nombre;código\n2612345678;A;\n2615550102;B;\n2615550103;Otra;000101\n"
    bring(admin, CUSTOMERS, text, key="phones")
    assert errors(last()) == {
        2: {"teléfonos": "Es la misma que la fila 3."},
        3: {"teléfonos": "Es la misma que la fila 2."},
        4: {"número de cliente": "«000101» ya es de otra fila."},
    }


def test_what_the_file_does_not_bring_stays(admin: Client, maria: Customer) -> None:
    imported(admin, CUSTOMERS, "código;correo\n101;maria@example.com\n")
    maria.refresh_from_db()
    assert (maria.name, maria.document, maria.email) == ("María González", "30111222", "maria@example.com")
    bring(admin, CUSTOMERS, "código;correo\n102;x@example.com\n101;no-es-correo\n")
    told = errors(last())
    assert "para agregarlo falta la columna «nombre»" in told[2]["número de cliente"]
    assert "correo" in told[3]


def test_the_rejected_rows_come_down_as_they_were_and_come_back_corrected(admin: Client, maria: Customer) -> None:
    bring(admin, CUSTOMERS, f"{HEAD}101;María;1;;;\n102;'=1+1;;;;\n103;Ana;99;;;Marte\n")
    answer = admin.get(reverse("admin:panel_import_wrong", args=[last().pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == [*HEAD.strip().split(";"), "motivo"]
    assert [row[:3] for row in rows[1:]] == [["101", "María", "1"], ["103", "Ana", "99"]]
    assert "El DNI tiene 7 u 8 números" in rows[2][-1]
    assert "No existe «Marte»" in rows[2][-1]
    corrected = text.replace(";1;", ";30111222;").replace(";99;", ";30111333;").replace("Marte", "Centro")
    one = imported(admin, CUSTOMERS, corrected)
    assert (counts(one), one.header["unknown"]) == ((1, 1, 0, 0), [])


def test_services_come_by_their_customer_and_address(admin: Client, maria: Customer) -> None:
    Plan.objects.create(name="Fibra 100", price=1, download=1, upload=1)
    head = "número de cliente;plan;precio mensual;dirección\n"
    one = imported(admin, "customers_service", f"{head}101;fibra 100;$ 18.500;Mitre 1\n999;Fibra 100;1;x\n101;;1;y\n")
    assert errors(one) == {
        3: {"número de cliente": "No existe «999» en clientes."},
        4: {"plan": "Este campo es obligatorio."},
    }
    one = imported(admin, "customers_service", f"{head}101;Fibra 100;19.500;mitre 1\n")
    service = Service.objects.get()
    assert (counts(one), str(service.price), service.address) == ((0, 1, 0, 0), "19500.00", "Mitre 1")
    undone(admin, one)
    service.refresh_from_db()
    assert (str(service.price), service.history.count()) == ("18500.00", 3)


# --- undoing ----------------------------------------------------------------------------------------------


def test_everything_is_as_it_was(admin: Client, maria: Customer, small: None) -> None:
    before = everything()
    rows = "".join(f"{number};Nuevo {number};;;261555{number:04};Centro\n" for number in range(200, 205))
    one = imported(admin, CUSTOMERS, f"{HEAD}101;Otra;30111333;Activo;2615550199;Centro\n{rows}")
    assert everything() != before
    assert undone(admin, one).state == "undone"
    assert everything() == before
    assert (one.kept, one.undone_at is not None) == (0, True)
    line = maria.history.latest("history_id")
    assert (line.history_type, line.history_change_reason) == ("~", f"Se deshizo la importación {one.pk}")
    assert Customer.history.filter(history_type="-").count() == 5
    with pytest.raises(DomainError):
        imports.undo(one=one)


def test_what_somebody_changed_since_stays_and_is_listed(admin: Client, maria: Customer) -> None:
    plan = Plan.objects.create(name="Fibra", price=1, download=1, upload=1)
    rows = "101;Otra;30111222;;;\n201;Uno;;;;\n202;Dos;;;;\n203;Tres;;;2615550103;\n204;Cuatro;;;;\n"
    one = imported(admin, CUSTOMERS, HEAD + rows)
    update_customer(customer=maria, name="María de Paz")
    Service.objects.create(customer=Customer.objects.get(code="202"), plan=plan, price=1)
    update_customer(customer=Customer.objects.get(code="203"), phones=["2615550104"])
    Customer.objects.get(code="204").delete()
    page = admin.post(reverse("admin:panel_import_undo", args=[one.pk]), follow=True)
    one.refresh_from_db()
    assert [code for code, *_ in everything()[0]] == ["000101", "202", "203"]
    kept = [told for part in one.chunks.all() for told in part.kept]
    assert kept == [
        [2, "María de Paz", "La cambiaron después de importarla."],
        [4, "Dos", "La nombran otros datos que se cargaron después."],
        [5, "Tres", "La cambiaron después de importarla."],
        [6, "", "Ya no está."],
    ]
    assert one.kept == 4
    assert "Lo que no se deshizo" in page.text


def test_a_table_with_verbs_is_undone_by_them(admin: Client, maria: Customer) -> None:
    plan = Plan.objects.create(name="Fibra 100", price=100, download=100, upload=50)
    head = "nombre;precio mensual;bajada Mbps;subida Mbps;zonas\n"
    one = imported(admin, "catalog_plan", f"{head}fibra 100;200;100;50;Centro\nFibra 300;300;300;300;\nX;1;1;1;\n")
    plan.refresh_from_db()
    assert (counts(one), str(plan.price), plan.name, plan.zones.count()) == ((2, 1, 0, 0), "200.00", "Fibra 100", 1)
    Service.objects.create(customer=maria, plan=Plan.objects.get(name="X"), price=1)
    undone(admin, one)
    plan.refresh_from_db()
    assert (str(plan.price), plan.zones.count()) == ("100.00", 0)
    assert set(Plan.objects.values_list("name", flat=True)) == {"Fibra 100", "X"}
    assert [told[1] for part in one.chunks.all() for told in part.kept] == ["X"]


# --- whatever dies, and whenever ------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is no more."""


def dies(patch: pytest.MonkeyPatch, number: int, *, late: bool) -> None:
    """The process dies at the nth piece that is kept: just before its transaction ends, or just after."""
    count = iter(range(1, 1_000))
    advance = jobs.advance

    def before(**kwargs: Any) -> None:
        if next(count) == number:
            raise Killed
        advance(**kwargs)

    if not late:
        patch.setattr(jobs, "advance", before)
        return
    for name, kind in list(worker.kinds().items()):
        patch.setitem(worker.kinds(), name, replace(kind, piece=_dying_after(kind.piece, count, number)))


def _dying_after(piece: worker.Piece, count: Iterator[int], number: int) -> worker.Piece:
    def work(job: Job) -> bool:
        more = piece(job)
        if next(count) == number:
            raise Killed
        return more

    return work


def another_process() -> None:
    """The lease is over and the worker finds the job."""
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert worker.work() is False


TEXT = HEAD + "101;Otra;30111222;;2615550101;Centro\n" + "".join(f"{n};N {n};;;26155502{n};\n" for n in range(10, 16))


@pytest.mark.flow
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("number", range(1, 7))
def test_a_job_that_is_killed_goes_on_exactly_where_it_was(
    maria: Customer, admin: Client, small: None, number: int, late: bool
) -> None:
    """Before or after each of its commits: no row is lost, none is written twice, and its journal undoes it all."""
    before = everything()
    bring(admin, CUSTOMERS, TEXT)
    one = last()
    for verb, state in ((imports.apply, "done"), (imports.undo, "undone")):
        verb(one=one, by=User.objects.get(username="admin2"))
        with pytest.MonkeyPatch.context() as patch, suppress(Killed):
            dies(patch, number, late=late)
            imports.do_now(one=one)
        another_process()
        one.refresh_from_db()
        assert (one.state, counts(one), one.kept) == (state, (6, 1, 0, 0), 0)
        if state == "done":
            assert (len(everything()[0]), Customer.history.count()) == (7, 8)
            assert sum(len(part.journal) for part in one.chunks.all()) == 7
    assert everything() == before


@pytest.mark.parametrize("number", range(1, 8))
def test_reading_that_is_killed_is_done_again(maria: Customer, admin: Client, small: None, number: int) -> None:
    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        dies(patch, number, late=False)
        bring(admin, CUSTOMERS, TEXT)
    another_process()
    assert (last().state, counts(last()), last().chunks.count()) == ("ready", (6, 1, 0, 0), 4)


def test_a_chunk_that_fails_in_its_middle_leaves_nothing_and_can_be_gone_on_with(
    maria: Customer, admin: Client, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(admin, CUSTOMERS, TEXT)
    one = last()
    real = CustomersInBulk.save

    def breaks(self: Any, new: Any, changed: Any) -> None:
        real(self, new, changed)
        if any(draft.row.code == "12" for draft in new):
            raise ZeroDivisionError

    monkeypatch.setattr(CustomersInBulk, "save", breaks)
    imports.apply(one=one)
    for _ in range(worker.TRIES):
        Job.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        worker.work()
    one.refresh_from_db()
    assert (one.state, one.error, Customer.objects.count()) == ("failed", worker.FAULT, 2)
    page = admin.get(reverse("admin:panel_import", args=[one.pk]))
    assert "Seguir importando" in page.text
    monkeypatch.setattr(CustomersInBulk, "save", real)
    assert applied(admin, one).state == "done"
    assert (Customer.objects.count(), Customer.history.count()) == (7, 8)


def test_a_large_one_is_the_workers_and_its_page_tells_how_it_goes(
    maria: Customer, admin: Client, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 3)
    page = bring(admin, CUSTOMERS, TEXT)
    one = last()
    assert (one.state, one.total) == ("reading", 7)
    live = reverse("admin:panel_import_live", args=[one.pk])
    version = page.context["version"]
    assert admin.get(live, {"v": version}).status_code == 204
    worker.work(seconds=0)
    told = admin.get(live, {"v": version})
    assert "2 de 7 filas" in told.text
    worker.work()
    assert admin.get(live)["HX-Refresh"] == "true"
    admin.post(reverse("admin:panel_import_apply", args=[one.pk]))
    assert Customer.objects.count() == 1
    worker.work()
    one.refresh_from_db()
    assert (one.state, Customer.objects.count()) == ("done", 7)


def test_it_is_judged_again_when_it_is_written(maria: Customer, admin: Client) -> None:
    bring(admin, CUSTOMERS, "DNI;nombre;número de cliente\n30111222;Otra;000101\n30111333;Luz;500\n", key="document")
    create_customer(name="Más rápida", code="500")
    one = applied(admin, last())
    assert (counts(one), errors(one)) == ((0, 1, 0, 1), {3: {"número de cliente": "«500» ya es de otra fila."}})


# --- how much it asks, who may, what is kept ---------------------------------------------------------------------


def test_a_chunk_asks_the_same_however_many_rows_it_has(maria: Customer, admin: Client) -> None:
    def asked(count: int, begin: int) -> int:
        rows = "".join(f"{n};N {n};;;26155{n:05};Centro\n" for n in range(begin, begin + count))
        bring(admin, CUSTOMERS, f"{HEAD}101;Con {count};;;26155{begin - 1:05};\n{rows}")
        imports.apply(one=last())
        with CaptureQueriesContext(connection) as queries:
            imports.do_now(one=last())
        assert counts(last())[:2] == (count, 1)
        return len(queries)

    assert asked(3, 1000) == asked(60, 2000)


def test_only_who_may_add_and_change_imports_and_sees_what_others_did(
    admin: Client, signed_in: Callable[..., Client], maria: Customer
) -> None:
    one = imported(admin, CUSTOMERS, f"{HEAD}101;Otra;;;;\n")
    pages = ["panel_import", "panel_import_live", "panel_import_wrong"]
    posts = ["panel_import_apply", "panel_import_undo", "panel_import_cancel"]
    other = signed_in("Operador", username="sol")
    assert other.get(reverse("admin:customers_customer_import")).status_code == 403
    assert other.get(reverse("admin:panel_imports")).status_code == 403
    assert {other.get(reverse(f"admin:{name}", args=[one.pk])).status_code for name in pages} == {403}
    assert {other.post(reverse(f"admin:{name}", args=[one.pk])).status_code for name in posts} == {403}
    clerk = User.objects.get(username="sol")
    codes = ["add_zone", "change_zone", "view_zone", "view_customer", "change_customer"]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=codes))
    listed = other.get(reverse("admin:panel_imports"))
    assert listed.status_code == 200
    assert "planilla.csv" not in listed.text
    assert other.get(reverse("admin:panel_import", args=[one.pk])).status_code == 403
    assert "planilla.csv" in admin.get(reverse("admin:panel_imports")).text


def test_what_it_kept_of_people_goes_after_a_month(admin: Client, maria: Customer) -> None:
    old = imported(admin, CUSTOMERS, f"{HEAD}101;Otra;;;;\n102;Luz;;;;\n")
    bring(admin, CUSTOMERS, f"{HEAD}103;Sol;;;;\n")
    Import.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert imports.forget_old(now=timezone.now()) == 1
    old.refresh_from_db()
    assert (counts(old), bool(old.file or old.spool), old.chunks.count(), old.may_undo) == (
        (1, 1, 0, 0),
        False,
        0,
        False,
    )
    kept = default_storage.listdir("importaciones")[1]
    assert len(kept) == 2
    page = admin.get(reverse("admin:panel_import", args=[old.pk]))
    assert "se borran a los 30 días" in page.text
    assert imports.forget_old(now=timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_one_that_is_cancelled_leaves_nothing(admin: Client) -> None:
    bring(admin, CUSTOMERS, f"{HEAD}103;Sol;;;;\n")
    answer = admin.post(reverse("admin:panel_import_cancel", args=[last().pk]), follow=True)
    assert "No se importó nada." in answer.text
    assert (last().state, default_storage.listdir("importaciones")[1]) == ("cancelled", [])
    assert ImportChunk.objects.count() == 0
    assert not list(Path(default_storage.location).rglob("*.jsonl"))
    with pytest.raises(DomainError):
        imports.cancel(one=last())


def test_the_list_tells_who_brought_what(admin: Client, db: None) -> None:
    assert "Todavía no se importó nada" in admin.get(reverse("admin:panel_imports")).text
    one = imported(admin, CUSTOMERS, f"{HEAD}103;Sol;;;;\n")
    page = admin.get(reverse("admin:panel_imports"), {"estado": "done"})
    assert "Elena Soto" in page.text
    assert f'aria-label="Deshacer la importación {one.pk}"' in page.text
    assert "No hay ninguna así" in admin.get(reverse("admin:panel_imports"), {"estado": "failed"}).text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans each statement by what it asks")
def test_postgresql_looks_again_at_a_table_that_grew(admin: Client, small: None) -> None:
    imported(admin, CUSTOMERS, "nombre;teléfonos\n" + "".join(f"Cliente {n};26155501{n}\n" for n in range(10, 18)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'customers_customer'")
        assert cursor.fetchone() == (4,)
