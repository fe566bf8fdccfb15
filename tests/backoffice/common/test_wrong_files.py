"""What real people send: ten wrong files with ten clear outcomes, and others that are no tables at all."""

import io
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.catalog.models import Plan
from backoffice.common.importing import limits, xlsx
from backoffice.common.importing.models import Import
from backoffice.company.models import Company
from backoffice.customers.models import Customer, Service
from tests.backoffice.sheets import applied, bring, counts, errors, excel, imported, last, outcomes

CUSTOMERS = "customers_customer"
HEAD = "número de cliente;nombre;DNI o CUIT;teléfonos"


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    company = Company.load()
    company.default_area_code = "261"
    company.save()


def stored() -> list[tuple[str, str, str]]:
    return list(Customer.objects.order_by("code").values_list("code", "name", "document"))


# 1
@pytest.mark.parametrize("separator", [",", "\t", "|"])
def test_another_separator_is_understood(admin: Client, separator: str) -> None:
    text = 'número de cliente;nombre;DNI o CUIT\n101;"Pérez; Ana";30111222\n'.replace(";", separator)
    one = imported(admin, CUSTOMERS, text.replace(f'"Pérez{separator} Ana"', f'"Pérez{separator}Ana"'))
    assert counts(one) == (1, 0, 0, 0)
    assert Customer.objects.get().name == f"Pérez{separator}Ana".replace("\t", " ")


def test_a_separator_that_nobody_uses_says_what_is_missing(admin: Client) -> None:
    page = bring(admin, CUSTOMERS, "número de cliente^nombre^DNI\n101^Ana^30111222\n")
    assert "la primera fila tiene que decir «número de cliente», «nombre»" in page.text
    assert (Import.objects.count(), stored()) == (0, [])


# 2
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_encoding_keeps_its_accents(admin: Client, encoding: str) -> None:
    imported(admin, CUSTOMERS, "Número de Cliente;NOMBRE\n101;Iñaki Peña\n".encode(encoding))
    assert stored() == [("101", "Iñaki Peña", "")]


# 3
def test_dates_that_lost_their_format_are_dates_again(admin: Client) -> None:
    """Excel keeps a day as a number of days; a cell that lost its format shows it (46086 is 5 March 2026)."""
    Customer.objects.create(code="000101", name="Ana")
    Plan.objects.create(name="Fibra", price=1, download=1, upload=1)
    head = "número de cliente;plan;precio mensual;dirección;desde\n"
    rows = "101;Fibra;18.500;Mitre 1;46086\n101;Fibra;18.500;Mitre 2;05/03/2026\n101;Fibra;18.500;Mitre 3;31/02/2026\n"
    imported(admin, "customers_service", head + rows)
    assert [f"{one.since:%d/%m/%Y}" for one in Service.objects.order_by("pk")] == ["05/03/2026", "05/03/2026"]
    assert "febrero de 2026 no tiene un día 31" in errors(last())[4]["desde"]
    book = excel([head.strip().split(";"), ["101", "Fibra", 18500.0, "Mitre 4", date(2026, 3, 5)]])
    imported(admin, "customers_service", book)
    assert f"{Service.objects.get(address='Mitre 4').since:%d/%m/%Y}" == "05/03/2026"


# 4
def test_a_key_that_is_twice_is_told_at_both_rows(admin: Client) -> None:
    bring(admin, CUSTOMERS, f"{HEAD}\n101;Ana;;\n102;Luz;;\n000101;Eva;;\n")
    assert errors(last()) == {
        2: {"número de cliente": "Está repetido: lo tiene también la fila 4."},
        4: {"número de cliente": "Está repetido: lo tiene también la fila 2."},
    }
    applied(admin, last())
    assert stored() == [("102", "Luz", "")]


# 5
def test_a_dni_with_dots_or_out_of_excel_is_its_digits(admin: Client) -> None:
    imported(admin, CUSTOMERS, f"{HEAD}\n101;Ana;30.111.222;\n102;Luz;27-12345678-0;\n103;Eva;123;\n")
    book = excel([["número de cliente", "nombre", "dni"], [104, "Sol", 30111333.0]])
    imported(admin, CUSTOMERS, book)
    assert stored() == [("101", "Ana", "30111222"), ("102", "Luz", "27123456780"), ("104", "Sol", "30111333")]
    assert errors(Import.objects.order_by("pk")[0])[4]["DNI o CUIT"] == "El DNI tiene 7 u 8 números y el CUIT 11."


# 6
def test_a_phone_without_its_area_gets_the_companys(admin: Client) -> None:
    imported(admin, CUSTOMERS, f"{HEAD}\n101;Ana;;555-0102 / 0261 15 234-5678\n102;Luz;;no tiene\n")
    ana = Customer.objects.get()
    assert sorted(ana.phones.values_list("key", flat=True)) == ["2612345678", "2615550102"]
    assert "«no tiene» no parece un teléfono" in errors(last())[3]["teléfonos"]


# 7
def test_the_dot_of_thousands_is_no_decimal(admin: Client) -> None:
    head = "nombre;precio mensual;bajada Mbps;subida Mbps\n"
    imported(admin, "catalog_plan", f"{head}Fibra;18.500;1.000;500\nRara;1.2.3;10,5;1\n")
    plan = Plan.objects.get()
    assert (str(plan.price), plan.download) == ("18500.00", 1000)
    assert errors(last())[3] == {
        "precio mensual": "«1.2.3» no es un importe.",
        "bajada Mbps": "«10,5» tiene que ser un número entero.",
    }


# 8
def test_empty_rows_are_skipped_and_the_numbers_are_the_spreadsheets(admin: Client) -> None:
    bring(admin, CUSTOMERS, f"Listado de clientes;;;\n;;;\n{HEAD}\n;;;\n101;Ana;;\n\n102;;;\n;;;\n;;;\n")
    one = last()
    assert (one.total, one.blank_rows, counts(one)) == (2, 2, (1, 0, 0, 1))
    assert errors(one) == {7: {"nombre": "Poné el nombre del cliente."}}


# 9
def test_a_formula_is_not_taken_for_its_result(admin: Client) -> None:
    bring(admin, CUSTOMERS, f'{HEAD}\n="000101";Ana;;\n102;"=CONCATENAR(A1;B1)";;\n103;#N/D;;\n')
    assert errors(last()) == {
        3: {"nombre": "Tiene una fórmula y no su resultado: poné el valor."},
        4: {"nombre": "La planilla no pudo calcular esta celda (#N/D): poné el valor."},
    }
    applied(admin, last())
    assert stored() == [("000101", "Ana", "")]
    bring(admin, CUSTOMERS, excel([["número de cliente", "nombre"], [105, "Ana"], ["106", "=A2&A3"]]))
    assert errors(last()) == {3: {"nombre": "Tiene una fórmula y no su resultado: poné el valor."}}


# 10
def test_three_hundred_megabytes_are_refused_before_they_are_read(admin: Client) -> None:
    class Unread(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

    answer = admin.generic(
        "POST",
        reverse(f"admin:{CUSTOMERS}_import"),
        CONTENT_LENGTH="314572800",
        content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    assert "El archivo pesa más de 50 MB" in answer.text


def test_more_rows_than_fit_are_refused_whole(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.common.importing.running.MOST_ROWS", 2)
    page = bring(admin, CUSTOMERS, f"{HEAD}\n1;A;;\n2;B;;\n3;C;;\n")
    assert "Tiene más de" in page.text
    assert stored() == []
    assert last().forgotten_at is not None


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in files.items():
            book.writestr(name.replace("__", "/"), data)
    return out.getvalue()


@pytest.mark.once
@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "El archivo está vacío"),
        (b" \n \n", "El archivo está vacío"),
        (b"%PDF-1.7 ...", "Es un PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "Excel viejo (.xls) o tiene contraseña"),
        (b"<html><table><tr><td>nombre</td></tr></table>", "Es una página web"),
        (b"\x89PNG\r\n\x1a\n", "Es una imagen"),
        (b"\x00\x01\x02" * 99, "no es una planilla"),
        (b"PK\x03\x04 broken", "está dañado"),
        (packed(algo=b"x"), "archivo comprimido"),
        (packed(**{"content.xml": b"x"}), "LibreOffice"),
        (packed(**{"xl/workbook.xml": b"<broken"}), "está dañado"),
        (b"n\xc3\xbamero de cliente;nombre\n", "solo los nombres de las columnas"),
        (b"nombre;nombre\nAna;Ana\n", "está dos veces"),
        (b"nombre;domicilio\nAna;Mitre\n", "Falta la columna «número de cliente»"),
    ],
)
def test_what_is_no_table_is_refused_in_words_at_the_file(admin: Client, data: bytes, told: str) -> None:
    page = bring(admin, CUSTOMERS, data)
    assert told in page.text
    assert stored() == []


@pytest.mark.once
def test_a_zip_that_is_a_bomb_is_not_opened(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_UNPACKED", 100_000)
    page = bring(admin, CUSTOMERS, packed(**{"xl/workbook.xml": b"x" * 200_000}))
    assert "demasiado grande por dentro" in page.text


@pytest.mark.once
def test_a_quote_that_is_not_closed_says_after_which_row(admin: Client) -> None:
    page = bring(admin, CUSTOMERS, f'{HEAD}\n1;Ana;;\n2;"Luz;;\n' + "3;Eva;;\n" * 100)
    assert "Después de la fila 2 hay una comilla" in page.text


def test_columns_are_known_by_their_old_names_and_others_are_told(admin: Client) -> None:
    page = bring(admin, CUSTOMERS, "CÓDIGO;Apellido y Nombre;D.N.I.;Nombr;color\n101;Ana;30111222;x;rojo\n")
    assert last().header["unknown"] == [["Nombr", ""], ["color", ""]]
    assert "Columnas que se dejan afuera" in page.text
    applied(admin, last())
    assert stored() == [("101", "Ana", "30111222")]
    page = bring(admin, CUSTOMERS, "código;nombre;telefnos\n101;Ana;261 555-0102\n")
    assert "si es «teléfonos»" in page.text


def test_a_row_with_more_cells_than_names_is_wrong(admin: Client) -> None:
    bring(admin, CUSTOMERS, "código;nombre\n101;Pérez;Ana\n102;Luz\n103\n")
    told = errors(last())
    assert "más celdas" in told[2][""]
    assert told[4] == {"nombre": "Poné el nombre del cliente."}
    assert limits.MOST_ROWS >= 200_000
    assert [outcome.kind for outcome in outcomes(last())] == ["e", "n", "e"]
