"""An invoice on a page. Pure: plain values in, the same bytes out each time, so equal invoices have equal hashes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

from PIL import Image, UnidentifiedImageError
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

from integrations.understanding.money import format_ars

WIDTH, HEIGHT = A4
MARGIN = 50
INK, GREY, LINE, ACCENT = HexColor("#111827"), HexColor("#6b7280"), HexColor("#d1d5db"), HexColor("#0f766e")
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
    left = MARGIN + _logo(page, sheet.logo, top)
    _text(page, left, top - 20, sheet.company, size=18, bold=True, width=290 - (left - MARGIN))
    for position, line in enumerate(sheet.company_lines):
        _text(page, left, top - 38 - 12 * position, line, size=9, colour=GREY, width=290)
    _right(page, top - 12, "COMPROBANTE", size=9, colour=GREY)
    _right(page, top - 30, f"N° {sheet.number}", size=14, bold=True)
    _right(page, top - 46, INTERNAL, size=8, colour=GREY)
    y = top - 80
    _rule(page, y)
    return y


def _parties(page: Canvas, sheet: InvoiceSheet, y: float) -> float:
    _text(page, MARGIN, y - 24, "Cliente", size=9, colour=GREY)
    _text(page, MARGIN, y - 40, sheet.customer, size=12, bold=True, width=300)
    for position, line in enumerate(sheet.customer_lines):
        _text(page, MARGIN, y - 55 - 13 * position, line, size=10, width=300)
    _right(page, y - 24, "Emitida", size=9, colour=GREY)
    _right(page, y - 40, f"{sheet.issued_on:%d/%m/%Y}", size=12)
    _right(page, y - 62, "Vence", size=9, colour=GREY)
    _right(page, y - 78, f"{sheet.due_on:%d/%m/%Y}", size=12, bold=True)
    return y - 70 - 13 * len(sheet.customer_lines)


def _amounts(page: Canvas, sheet: InvoiceSheet, y: float) -> float:
    y -= 40
    _rule(page, y)
    _text(page, MARGIN, y - 16, "Concepto", size=9, colour=GREY)
    _right(page, y - 16, "Importe", size=9, colour=GREY)
    _rule(page, y - 24)
    y -= 44
    for line in simpleSplit(sheet.concept, "Helvetica", 11, WIDTH - 2 * MARGIN - 130):
        _text(page, MARGIN, y, line, size=11)
        y -= 15
    _right(page, y + 15, format_ars(sheet.total), size=11)
    _rule(page, y)
    _text(page, MARGIN, y - 26, sheet.state, size=10, colour=GREY)
    _right(page, y - 28, f"Total  {format_ars(sheet.total)}", size=16, bold=True, colour=ACCENT)
    if sheet.balance not in (sheet.total, Decimal(0)):
        _right(page, y - 48, f"Saldo a pagar  {format_ars(sheet.balance)}", size=11, bold=True)
    return y - 70


def _payment(page: Canvas, sheet: InvoiceSheet, y: float) -> None:
    if not sheet.how_to_pay or not sheet.balance:
        return
    _text(page, MARGIN, y - 20, "Cómo pagar", size=12, bold=True)
    for position, line in enumerate(sheet.how_to_pay):
        _text(page, MARGIN, y - 40 - 15 * position, line, size=11)


def _footer(page: Canvas) -> None:
    _rule(page, MARGIN + 16)
    page.setFillColor(GREY)
    page.setFont("Helvetica", 8)
    page.drawCentredString(WIDTH / 2, MARGIN, INTERNAL)


def _logo(page: Canvas, data: bytes | None, top: float) -> float:
    """Draw it in a 54-point box; how far the text moves to the right."""
    if not data:
        return 0
    try:
        with Image.open(BytesIO(data)) as image:
            picture = ImageReader(image.convert("RGBA"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return 0
    page.drawImage(picture, MARGIN, top - 54, width=54, height=54, preserveAspectRatio=True, mask="auto")
    return 66


def _text(
    page: Canvas,
    x: float,
    y: float,
    text: str,
    *,
    size: int,
    bold: bool = False,
    colour: HexColor = INK,
    width: float = WIDTH,
) -> None:
    font = "Helvetica-Bold" if bold else "Helvetica"
    lines = simpleSplit(text, font, size, width)
    page.setFillColor(colour)
    page.setFont(font, size)
    page.drawString(x, y, lines[0] + "…" if len(lines) > 1 else text)


def _right(page: Canvas, y: float, text: str, *, size: int, bold: bool = False, colour: HexColor = INK) -> None:
    page.setFillColor(colour)
    page.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    page.drawRightString(WIDTH - MARGIN, y, text)


def _rule(page: Canvas, y: float) -> None:
    page.setStrokeColor(LINE)
    page.setLineWidth(0.7)
    page.line(MARGIN, y, WIDTH - MARGIN, y)
