"""What our printed pages share: A4, its colours, and how a line, a rule and the logo are drawn."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
MARGIN = 50
INK, GREY, LINE, ACCENT = HexColor("#111827"), HexColor("#6b7280"), HexColor("#d1d5db"), HexColor("#0f766e")


def logo(page: Canvas, data: bytes | None, top: float) -> float:
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


def text(
    page: Canvas,
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    bold: bool = False,
    colour: HexColor = INK,
    width: float = WIDTH,
) -> None:
    font = "Helvetica-Bold" if bold else "Helvetica"
    lines = simpleSplit(words, font, size, width)
    page.setFillColor(colour)
    page.setFont(font, size)
    page.drawString(x, y, lines[0] + "…" if len(lines) > 1 else words)


def right(page: Canvas, y: float, words: str, *, size: int, bold: bool = False, colour: HexColor = INK) -> None:
    page.setFillColor(colour)
    page.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    page.drawRightString(WIDTH - MARGIN, y, words)


def rule(page: Canvas, y: float) -> None:
    page.setStrokeColor(LINE)
    page.setLineWidth(0.7)
    page.line(MARGIN, y, WIDTH - MARGIN, y)
