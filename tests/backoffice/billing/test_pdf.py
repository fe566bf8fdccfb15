"""The invoice as a file: what it says, and that the same invoice is the same file."""

import base64
import re
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from backoffice.billing.models import Invoice
from backoffice.billing.pdf import INTERNAL, InvoiceSheet, invoice_pdf
from backoffice.billing.selectors import invoice_document

SHEET = InvoiceSheet(
    company="FibraSur",
    company_lines=("Av. San Martín 1200",),
    number="0001-00000012",
    customer="María González",
    customer_lines=("Cliente N° 000101",),
    concept="Fibra 100MB – noviembre 2026",
    issued_on=date(2026, 11, 1),
    due_on=date(2026, 12, 10),
    total=Decimal(18500),
    balance=Decimal(18500),
    state="Impaga",
    how_to_pay=("Alias: FIBRASUR.PAGOS",),
)


def words(pdf: bytes) -> str:
    """The text a reader sees, drawn string by drawn string."""
    out = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        except (ValueError, zlib.error):
            continue
        for piece in re.findall(rb"\((.*?)(?<!\\)\) Tj", content):
            plain = re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match[1], 8)]), piece)
            out.append(re.sub(rb"\\(.)", rb"\1", plain).decode("cp1252"))
    return "\n".join(out)


def logo(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 100), "teal").save(out, kind)
    return out.getvalue()


def test_it_says_all_that_a_customer_needs():
    text = words(invoice_pdf(SHEET))
    for said in ("FibraSur", "María González", "0001-00000012", "10/12/2026", "$ 18.500,00", "Alias: FIBRASUR.PAGOS"):
        assert said in text
    assert text.count(INTERNAL) == 2


def test_the_same_invoice_gives_the_same_bytes():
    assert invoice_pdf(SHEET) == invoice_pdf(replace(SHEET))
    assert invoice_pdf(SHEET) != invoice_pdf(replace(SHEET, total=Decimal(18501)))


def test_a_paid_one_does_not_ask_for_money():
    text = words(invoice_pdf(replace(SHEET, balance=Decimal(0), state="Pagada")))
    assert "Alias" not in text
    assert "Pagada" in text


def test_a_part_paid_one_says_what_is_left():
    assert "Saldo a pagar  $ 500,00" in words(invoice_pdf(replace(SHEET, balance=Decimal(500))))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_logo_is_on_the_page(kind):
    with_logo = invoice_pdf(replace(SHEET, logo=logo(kind)))
    assert b"/Image" in with_logo
    assert with_logo == invoice_pdf(replace(SHEET, logo=logo(kind)))


def test_a_broken_logo_does_not_stop_the_invoice():
    assert words(invoice_pdf(replace(SHEET, logo=b"no es una imagen"))) == words(invoice_pdf(SHEET))


def test_texts_that_do_not_fit_are_cut_and_odd_letters_do_no_harm():
    sheet = replace(SHEET, company="Cooperativa de Servicios Públicos " * 5, concept="Fibra 😀 " * 60)
    assert invoice_pdf(sheet).startswith(b"%PDF")


@pytest.mark.django_db
def test_the_document_of_a_stored_invoice_takes_two_queries(maria, company, django_assert_num_queries):
    company.logo.save("logo.png", ContentFile(logo()))
    invoice = maria.invoices.order_by("-period")[0]
    with django_assert_num_queries(2):
        document = invoice_document(invoice.pk)
    assert (document.filename, document.mimetype) == (f"Factura {invoice.number}.pdf", "application/pdf")
    text = words(document.data)
    assert "Cliente N° 000101 · DNI/CUIT 30111222" in text
    assert "Titular: FibraSur SRL" in text


@pytest.mark.django_db
def test_a_logo_whose_file_went_missing_is_left_out(maria, company):
    company.logo = "empresa/perdido.png"
    company.save()
    assert invoice_document(maria.invoices.all()[0].pk).data.startswith(b"%PDF")


@pytest.mark.django_db
def test_a_placeholder_document_is_not_printed(maria):
    maria.document = "9999999"
    maria.save()
    assert "9999999" not in words(invoice_document(maria.invoices.all()[0].pk).data)


@pytest.mark.django_db
def test_an_unknown_invoice_says_so():
    with pytest.raises(Invoice.DoesNotExist):
        invoice_document(404)
