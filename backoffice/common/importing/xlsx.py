"""An Excel file: dates, numbers and truths as people read them, formulas by the value Excel last worked out."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, BinaryIO

from backoffice.common.errors import DomainError
from backoffice.common.importing.limits import MOST_UNPACKED, MOST_WORDS

BROKEN = "El archivo de Excel está dañado: abrilo con Excel, guardalo de nuevo y probá otra vez."
BREAKS = (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, EOFError)  # what the library lets through
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_BLOCK = 256 * 1024


@contextmanager
def opened(file: BinaryIO) -> Iterator[tuple[Iterator[tuple[int, list[Any]]], str]]:
    """The numbered rows of its first sheet that is shown, and how it was understood.

    Raises:
        DomainError: it is no Excel file, is broken, has a password, or is far heavier than it seems.
    """
    from openpyxl import load_workbook  # 200 ms that only whoever brings one pays
    from openpyxl.utils.exceptions import InvalidFileException

    ways = (True, False) if _checked(file) else (True,)
    books: list[Any] = []
    try:
        try:
            for only_values in ways:
                books.append(load_workbook(file, read_only=True, data_only=only_values, keep_links=False))
            sheets = [_sheet(book) for book in books]
        except (*BREAKS, InvalidFileException):
            raise DomainError(BROKEN, field="file") from None
        yield _guarded(_rows(sheets)), f"Excel, hoja «{sheets[0].title}»"
    finally:
        for book in books:
            book.close()


def _guarded(rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    """A sheet may break in its middle: that is told too."""
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except BREAKS:
            raise DomainError(BROKEN, field="file") from None
        yield row


def _sheet(book: Any) -> Any:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(book.worksheets)
    if not sheets:
        raise DomainError("El archivo de Excel no tiene hojas con filas.", field="file")
    sheets[0].reset_dimensions()  # some programs write a wrong one, and rows would be lost
    return sheets[0]


def _rows(sheets: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    rows = [sheet.iter_rows(values_only=True) for sheet in sheets]
    for number, versions in enumerate(zip(*rows, strict=False), start=1):
        cells = list(versions[0])
        if len(versions) == 2:
            for place, formula in enumerate(versions[1]):
                if place < len(cells) and cells[place] is None and formula is not None:
                    cells[place] = formula  # never worked out: told at its cell
        while cells and cells[-1] is None:
            cells.pop()
        yield number, [_read(cell) for cell in cells]


def _read(cell: Any) -> str | float:
    """What the spreadsheet shows, more or less: 30111222.0 is «30111222», a date is «05/03/2026»."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.replace("\x00", "").replace("_x000D_", "")
    if isinstance(cell, bool):
        return "sí" if cell else "no"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else cell
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == time() else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(getattr(cell, "text", None) or cell)  # an array formula, a span of time


def _checked(file: BinaryIO) -> bool:
    """Whether it has formulas. Raises: DomainError for what must not be opened."""
    try:
        with zipfile.ZipFile(file) as packed:
            return _checked_parts(packed)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError):
        raise DomainError(BROKEN, field="file") from None
    except RuntimeError:  # what the library says of a part with a password
        raise DomainError("El archivo tiene contraseña: guardalo sin ella y probá de nuevo.", field="file") from None
    finally:
        file.seek(0)


def _checked_parts(packed: zipfile.ZipFile) -> bool:
    parts = packed.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise DomainError("El archivo tiene contraseña: guardalo sin ella y probá de nuevo.", field="file")
    if "xl/workbook.xml" not in names:
        if "content.xml" in names:
            raise DomainError("Es una planilla de LibreOffice (.ods): guardala como Excel (.xlsx) o CSV.", field="file")
        raise DomainError(
            "Es un archivo comprimido, no una planilla: descomprimilo y subí lo de adentro.", field="file"
        )
    words = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
    if sum(part.file_size for part in parts) > MOST_UNPACKED or words > MOST_WORDS:
        raise DomainError("El archivo de Excel es demasiado grande por dentro: guardalo como CSV.", field="file")
    sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
    return any(_has_formula(packed, part) for part in sheets)


def _has_formula(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with packed.open(part) as sheet:
        tail = b""
        read = 0
        while block := sheet.read(_BLOCK):
            read += len(block)
            if read > MOST_UNPACKED:  # the sizes a zip tells may be a lie
                raise DomainError(
                    "El archivo de Excel es demasiado grande por dentro: guardalo como CSV.", field="file"
                )
            if _FORMULA.search(tail + block):
                return True
            tail = block[-16:]
    return False
