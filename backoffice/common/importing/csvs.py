"""CSV as programs write it: any usual separator and encoding, `sep=`, cells of several lines."""

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from backoffice.common.errors import DomainError
from backoffice.common.importing.names import bare

SEPARATORS = ";,\t|"
_SAID = {";": "punto y coma", ",": "comas", "\t": "tabuladores", "|": "barras"}
_SAMPLE = 64 * 1024
_BLOCK = 1024 * 1024
_LINES, _LONG = 60, 600  # no cell that somebody typed has so many lines
_CONTROLS = {*range(9), *range(14, 32)} - {27}


@contextmanager
def opened(file: BinaryIO, known: Collection[str]) -> Iterator[tuple[Iterator[tuple[int, list[Any]]], str]]:
    """Its numbered rows, and how it was understood.

    Raises:
        DomainError: it is no text, or a quote is not closed.
    """
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        sample = text.read(_SAMPLE)
        separator, skipped = separator_of(sample, known)
        text.seek(0)
        told = "UTF-8" if encoding.startswith("utf-8") else "Unicode" if encoding.startswith("utf") else "Windows-1252"
        yield _rows(text, separator, skipped), f"CSV separado por {_SAID.get(separator, f'«{separator}»')}, {told}"
    finally:
        text.detach()  # the file belongs to whoever opened it


def encoding_of(file: BinaryIO) -> str:
    """By its mark, or UTF-8 when all of it is, or what Excel in Spanish writes."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head:
        evens, odds = head[::2].count(0), head[1::2].count(0)
        if max(evens, odds) > len(head) // 4 and min(evens, odds) == 0:
            return "utf-16-le" if odds else "utf-16-be"
        raise DomainError("El archivo no es una planilla: guardalo como Excel (.xlsx) o CSV.", field="file")
    if sum(byte in _CONTROLS for byte in head) > len(head) // 20:
        raise DomainError("El archivo no es una planilla: guardalo como Excel (.xlsx) o CSV.", field="file")
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def separator_of(sample: str, known: Collection[str]) -> tuple[str, bool]:
    """What separates the columns, and whether the first line only says so (`sep=;`).

    The separator by which most of the known names appear together in a row wins; then the one that makes most columns.
    """
    first = sample.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], True
    if first.lower() == "sep=":  # a tab, that was stripped
        return "\t", True

    def score(separator: str) -> tuple[int, int]:
        rows = list(_some(sample, separator))
        names = max((sum(bare(cell) in known for cell in row) for row in rows), default=0)
        return names, max((len(row) for row in rows), default=0)

    return max(SEPARATORS, key=score), False


def _some(sample: str, separator: str, most: int = 20) -> Iterator[list[str]]:
    try:
        for row, _ in zip(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), range(most), strict=False):
            yield row
    except csv.Error:
        return


def _rows(text: Any, separator: str, skipped: bool) -> Iterator[tuple[int, list[Any]]]:
    reader = csv.reader(_without_nulls(text), delimiter=separator)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if number == 1 and row:
                row[0] = row[0].lstrip("\ufeff")
            if number == 1 and skipped:
                continue
            if any(len(cell) > _LONG and cell.count("\n") > _LINES for cell in row):
                number -= 1
                raise csv.Error  # it swallowed the rows that follow
            yield number, row
    except csv.Error:
        raise DomainError(
            f"Después de la fila {number} hay una comilla que se abre y no se cierra: corregila y probá de nuevo.",
            field="file",
        ) from None


def _without_nulls(lines: Any) -> Iterator[str]:
    """PostgreSQL has no way to keep the NUL, and nobody types it."""
    for line in lines:
        yield line.replace("\x00", "") if "\x00" in line else line
