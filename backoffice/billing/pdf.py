"""An invoice on a page. Pure: plain values in, the same bytes out each time, so equal invoices have equal hashes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from backoffice.common.paper import ACCENT, GREY, HEIGHT, MARGIN, WIDTH, logo, right, rule, text
from integrations.understanding.money import format_ars

INTERNAL = "Documento interno – no válido como factura"


@dataclass(frozen=True, slots=True)
class InvoiceSheet:
    """What the page says. `logo` is a PNG's or JPG's bytes; `how_to_pay` has one line each."""

    company: str
    company_lines: tuple[str, ...]
    number: str
    customer: str
    customer_lines: tuple[str, ...]
    concept: str
    issued_on: date
    due_on: date
    total: Decimal
    balance: Decimal
    state: str
    how_to_pay: tuple[str, ...] = ()
    logo: bytes | None = None


def invoice_pdf(sheet: InvoiceSheet) -> bytes:
    """One A4 page. A logo that cannot be read is left out."""
    out = BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1)
    page.setTitle(f"{sheet.company} {sheet.number}")
    page.setAuthor(sheet.company)
    y = _header(page, sheet)
    y = _parties(page, sheet, y)
    y = _amounts(page, sheet, y)
    _payment(page, sheet, y)
    _footer(page)
    page.showPage()
    page.save()
    return out.getvalue()


def _header(page: Canvas, sheet: InvoiceSheet) -> float:
    top = HEIGHT - MARGIN
    left = MARGIN + logo(page, sheet.logo, top)
    text(page, left, top - 20, sheet.company, size=18, bold=True, width=290 - (left - MARGIN))
    for position, line in enumerate(sheet.company_lines):
        text(page, left, top - 38 - 12 * position, line, size=9, colour=GREY, width=290)
    right(page, top - 12, "COMPROBANTE", size=9, colour=GREY)
    right(page, top - 30, f"N° {sheet.number}", size=14, bold=True)
    right(page, top - 46, INTERNAL, size=8, colour=GREY)
    y = top - 80
    rule(page, y)
    return y


def _parties(page: Canvas, sheet: InvoiceSheet, y: float) -> float:
    text(page, MARGIN, y - 24, "Cliente", size=9, colour=GREY)
    text(page, MARGIN, y - 40, sheet.customer, size=12, bold=True, width=300)
    for position, line in enumerate(sheet.customer_lines):
        text(page, MARGIN, y - 55 - 13 * position, line, size=10, width=300)
    right(page, y - 24, "Emitida", size=9, colour=GREY)
    right(page, y - 40, f"{sheet.issued_on:%d/%m/%Y}", size=12)
    right(page, y - 62, "Vence", size=9, colour=GREY)
    right(page, y - 78, f"{sheet.due_on:%d/%m/%Y}", size=12, bold=True)
    return y - 70 - 13 * len(sheet.customer_lines)


def _amounts(page: Canvas, sheet: InvoiceSheet, y: float) -> float:
    y -= 40
    rule(page, y)
    text(page, MARGIN, y - 16, "Concepto", size=9, colour=GREY)
    right(page, y - 16, "Importe", size=9, colour=GREY)
    rule(page, y - 24)
    y -= 44
    for line in simpleSplit(sheet.concept, "Helvetica", 11, WIDTH - 2 * MARGIN - 130):
        text(page, MARGIN, y, line, size=11)
        y -= 15
    right(page, y + 15, format_ars(sheet.total), size=11)
    rule(page, y)
    text(page, MARGIN, y - 26, sheet.state, size=10, colour=GREY)
    right(page, y - 28, f"Total  {format_ars(sheet.total)}", size=16, bold=True, colour=ACCENT)
    if sheet.balance not in (sheet.total, Decimal(0)):
        right(page, y - 48, f"Saldo a pagar  {format_ars(sheet.balance)}", size=11, bold=True)
    return y - 70


def _payment(page: Canvas, sheet: InvoiceSheet, y: float) -> None:
    if not sheet.how_to_pay or not sheet.balance:
        return
    text(page, MARGIN, y - 20, "Cómo pagar", size=12, bold=True)
    for position, line in enumerate(sheet.how_to_pay):
        text(page, MARGIN, y - 40 - 15 * position, line, size=11)


def _footer(page: Canvas) -> None:
    rule(page, MARGIN + 16)
    page.setFillColor(GREY)
    page.setFont("Helvetica", 8)
    page.drawCentredString(WIDTH / 2, MARGIN, INTERNAL)
