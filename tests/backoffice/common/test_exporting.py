"""A list on its way to a file: what its cells say, how it is read, and that a file is whole or not there."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from backoffice.catalog.models import Plan, Zone
from backoffice.common.spreadsheets import csv_pieces, neutralised
from backoffice.common.tables import exporting
from backoffice.common.tables.columns import Column
from backoffice.common.tables.exporting import Sheet, keys_of, response, write
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.customers.services import create_customer
from backoffice.customers.tables import CustomerResource, ServiceResource
from integrations.understanding import phones

MENDOZA = ZoneInfo("America/Argentina/Mendoza")


@pytest.fixture
def maria(db: None) -> Customer:
    zone = Zone.objects.create(name="Godoy Cruz")
    made = create_customer(
        name="María González", code="1001", document="27345678", zone=zone, phones=["261 234-5678", "+598 99 123 456"]
    )
    Customer.objects.filter(pk=made.pk).update(created_at=datetime(2026, 1, 1, 1, 30, tzinfo=UTC), notes="=1+1\notra")
    plan = Plan.objects.create(name="Fibra 100MB", price=18500, download=100, upload=50)
    Service.objects.create(customer=made, plan=plan, price=Decimal("18500.50"), since=date(2026, 1, 2))
    return made


def sheet_of(resource: CustomerResource | ServiceResource, *names: str) -> Sheet:
    fields = resource.get_export_fields()
    chosen = [one for one in fields if not names or one.column_name in names]
    return Sheet(resource, chosen, keys_of(resource.rows()), zone=MENDOZA)


def rows(sheet: Sheet, *, native: bool = False) -> list[tuple[object, ...]]:
    return [row for chunk in sheet.chunks(native=native) for row in chunk]


def test_each_cell_says_what_people_write(maria: Customer) -> None:
    assert rows(sheet_of(CustomerResource())) == [
        (
            "1001", "María González", "27345678", "", "", "Godoy Cruz", "Activo", "261 234-5678 / +598 99 123 456",
            "'=1+1\notra", "31/12/2025 22:30",
        )
    ]  # fmt: skip
    assert rows(sheet_of(ServiceResource())) == [
        ("1001", "María González", "Fibra 100MB", "18500,50", "", "Activo", "02/01/2026")
    ]


def test_excel_gets_amounts_and_dates_as_what_they_are(maria: Customer, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write(path, "servicios", sheet_of(ServiceResource()), "xlsx")
    header, row = openpyxl.load_workbook(path).active.iter_rows()
    assert [cell.value for cell in header][:2] == ["número de cliente", "cliente"]
    assert (row[3].value, row[6].value.date(), row[6].number_format) == (18500.5, date(2026, 1, 2), "dd/mm/yyyy")
    write(path, "clientes", sheet_of(CustomerResource(), "alta", "notas"), "xlsx")
    notes, since = next(openpyxl.load_workbook(path).active.iter_rows(min_row=2))
    assert (notes.value, notes.data_type, f"{since.value:%d %H:%M}") == ("'=1+1\notra", "s", "31 22:30")


def test_the_text_is_as_excel_in_spanish_opens_it() -> None:
    text = "".join(csv_pieces(["ñ", "b"], [[("a;b", 'di"jo')], [("uno\ndos", "")]]))
    assert text == '\ufeffñ;b\r\n"a;b";"di""jo"\r\n"uno\ndos";\r\n'
    assert "".join(csv_pieces(["a"], [])) == "\ufeffa\r\n"


@pytest.mark.parametrize("cell", ["=1", "+54", "-3", "@x", "\tx", "\r=x"])
def test_no_text_is_run_as_a_formula(cell: str) -> None:
    assert neutralised([cell]) == [f"'{cell}"]


def test_what_is_no_formula_stays() -> None:
    assert neutralised(["Ñandú", "12", "'ya", "", None, -3, Decimal("-1")]) == [
        "Ñandú", "12", "'ya", "", "", -3, Decimal("-1"),
    ]  # fmt: skip


def test_a_chunk_costs_the_same_queries_however_many_rows_it_has(
    maria: Customer, django_assert_num_queries: Callable
) -> None:
    for number in range(20):
        create_customer(name=f"Cliente {number}", phones=[f"261 500-{number:04}"])
    with django_assert_num_queries(3):  # keys, values, phones
        assert len(rows(sheet_of(CustomerResource()))) == 21


def test_chunks_keep_the_order_of_the_list_and_leave_out_what_was_deleted(
    maria: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    made = [create_customer(name=name) for name in ("Zoe", "Ana", "Luis", "Eva")]
    resource = CustomerResource()
    keys = keys_of(Customer.objects.order_by("-name"))
    made[2].delete()
    sheet = Sheet(resource, resource.get_export_fields()[1:2], keys)
    assert [row[0] for row in rows(sheet)] == ["Zoe", "María González", "Eva", "Ana"]


def test_a_file_is_whole_or_not_there(maria: Customer, tmp_path: Path) -> None:
    path = tmp_path / "clientes.csv"
    path.write_text("la de ayer")

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(path, "clientes", sheet_of(CustomerResource()), "csv", stop)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("clientes.csv", "la de ayer")]
    write(path, "clientes", sheet_of(CustomerResource(), "nombre"), "csv")
    assert path.read_bytes() == "\ufeffnombre\r\nMaría González\r\n".encode()


def test_a_csv_leaves_while_it_is_read(maria: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 1)
    create_customer(name="Ana")
    answer = response("clientes", "clientes", sheet_of(CustomerResource(), "nombre"), "csv")
    pieces: Iterator[bytes] = iter(answer.streaming_content)  # type: ignore[attr-defined]
    assert next(pieces) == b"\xef\xbb\xbfnombre\r\nAna\r\n"
    CustomerPhone.objects.all().delete()  # nothing is held open between two pieces
    assert next(pieces) == "María González\r\n".encode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="clientes.csv"'


def test_a_column_says_what_it_reads() -> None:
    assert Column("zone__name", "zona").paths == ("zone__name",)
    assert Column(column_name="teléfonos", gathers=lambda keys: {}).paths == ()
    assert Column("x", "ejemplo", example="uno | | tres").examples == ["uno", "", "tres"]


def test_a_mobile_is_shown_as_the_library_shows_it() -> None:
    for area in ("11", "261", "2622", "2954", "3404", "351", "2901", "299", "221", "3489"):
        number = f"+549{area}{'4567890123'[: 10 - len(area)]}"
        assert phones.local_display(number) == phones._displayed(number)
    assert phones.local_display("+598 99 123 456") == "+598 99 123 456"
    assert phones.local_display("no es un número") == "no es un número"
