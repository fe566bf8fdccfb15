"""An order on paper, whole (OPEN-ORD-18). Pure: plain values in, the same bytes out each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from backoffice.common.paper import ACCENT, GREY, HEIGHT, INK, MARGIN, WIDTH, logo, right, rule, text

LABELS = 130  # points: where the values begin
BOTTOM = MARGIN + 40
INTERNAL = "Documento interno – no válido como factura"


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """What the pages say. `facts` are (label, value); `steps` are (when and who, what happened), the oldest first."""

    company: str
    company_lines: tuple[str, ...]
    number: int
    state: str
    facts: Sequence[tuple[str, str]]
    comments: str
    steps: Sequence[tuple[str, str]]
    logo: bytes | None = None


def order_pdf(sheet: OrderSheet) -> bytes:
    """As many A4 pages as it takes."""
    out = BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1)
    page.setTitle(f"{sheet.company} – Pedido {sheet.number}")
    page.setAuthor(sheet.company)
    y = _header(page, sheet)
    for label, value in sheet.facts:
        y = _entry(page, y, label, value)
    if sheet.comments:
        y = _title(page, y, "Comentarios")
        y = _lines(page, y, sheet.comments, MARGIN, WIDTH - 2 * MARGIN)
    if sheet.steps:
        y = _title(page, y, "Historia")
    for when, what in sheet.steps:
        y = _lines(page, y, when, MARGIN, WIDTH - 2 * MARGIN, size=8, colour=GREY)
        y = _lines(page, y + 2, what, MARGIN, WIDTH - 2 * MARGIN) - 4
    _footer(page)
    page.showPage()
    page.save()
    return out.getvalue()


def _header(page: Canvas, sheet: OrderSheet) -> float:
    top = HEIGHT - MARGIN
    left = MARGIN + logo(page, sheet.logo, top)
    text(page, left, top - 20, sheet.company, size=18, bold=True, width=290 - (left - MARGIN))
    for position, line in enumerate(sheet.company_lines):
        text(page, left, top - 38 - 12 * position, line, size=9, colour=GREY, width=290)
    right(page, top - 12, "PEDIDO", size=9, colour=GREY)
    right(page, top - 32, f"N° {sheet.number}", size=18, bold=True)
    right(page, top - 50, sheet.state.upper(), size=11, bold=True, colour=ACCENT)
    rule(page, top - 80)
    return top - 106


def _entry(page: Canvas, y: float, label: str, value: str) -> float:
    y = _room(page, y)
    text(page, MARGIN, y, label, size=9, colour=GREY, width=LABELS - 10)
    return _lines(page, y, value, MARGIN + LABELS, WIDTH - 2 * MARGIN - LABELS) - 4


def _title(page: Canvas, y: float, words: str) -> float:
    y = _room(page, y - 12)
    rule(page, y + 18)
    text(page, MARGIN, y - 2, words, size=12, bold=True)
    return y - 22


def _lines(
    page: Canvas, y: float, words: str, x: float, width: float, *, size: int = 10, colour: object = INK
) -> float:
    """Wrapped to the width, over as many pages as they need; where the next thing begins."""
    for paragraph in words.splitlines() or [""]:
        for line in simpleSplit(paragraph, "Helvetica", size, width):
            y = _room(page, y)
            text(page, x, y, line, size=size, colour=colour)  # type: ignore[arg-type]
            y -= size + 4
    return y


def _room(page: Canvas, y: float) -> float:
    """Another page where this one ends."""
    if y > BOTTOM:
        return y
    _footer(page)
    page.showPage()
    return float(HEIGHT - MARGIN - 10)


def _footer(page: Canvas) -> None:
    rule(page, MARGIN + 16)
    page.setFillColor(GREY)
    page.setFont("Helvetica", 8)
    page.drawString(MARGIN, MARGIN, INTERNAL)
    page.drawRightString(WIDTH - MARGIN, MARGIN, f"Página {page.getPageNumber()}")
