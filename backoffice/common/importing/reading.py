"""A file, whatever its kind, as numbered rows of cells. What is no table is refused in words, at the file's field."""

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from backoffice.common.errors import DomainError
from backoffice.common.importing import csvs, xlsx
from backoffice.common.importing.limits import MOST_COLUMNS

Cell = str | float
Rows = Iterator[tuple[int, list[Cell]]]
HEAD = 4096
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also what an Excel file with a password is kept in
_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<div", b"<style")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*")


@dataclass(frozen=True, slots=True)
class Opened:
    """The rows of a file, and in words for staff how it was understood: «CSV separado por ;»."""

    rows: Rows
    how: str


@contextmanager
def opened(file: BinaryIO, known: Collection[str]) -> Iterator[Opened]:
    """Read a file, of whose columns these names are known (`names.bare`): they tell what separates the columns.

    A row is (its number in the spreadsheet, its cells); one without anything has no cells that say something. A cell
    is text, or a float when a spreadsheet kept a number with decimals.

    Raises:
        DomainError: it is no table, or one that cannot be read; `.field` is "file".
    """
    file = _bare(file)
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    _refuse_others(head)
    if head.startswith(b"PK"):
        with xlsx.opened(file) as (rows, how):
            yield Opened(_narrow(rows), how)
        return
    with csvs.opened(file, known) as (rows, how):
        yield Opened(_narrow(rows), how)


def _bare(file: Any) -> BinaryIO:
    """The file itself, out of the wrappers of uploads and storages, which the standard library does not take."""
    while not isinstance(file, io.IOBase) and hasattr(file, "file"):
        file = file.file
    return cast(BinaryIO, file)


def refuse(message: str) -> DomainError:
    return DomainError(message, field="file")


def _refuse_others(head: bytes) -> None:
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not begin:
        raise refuse("El archivo está vacío.")
    if head.startswith(_OLD_EXCEL):
        raise refuse(
            "Es un Excel viejo (.xls) o tiene contraseña. Abrilo y guardalo como «Libro de Excel (.xlsx)» sin "
            "contraseña, o como CSV."
        )
    if begin.startswith(b"%pdf"):
        raise refuse("Es un PDF, no una planilla. Pedí el archivo en Excel o CSV.")
    if begin.startswith(_PAGES):
        raise refuse("Es una página web con nombre de planilla. Abrila con Excel y guardala como «.xlsx».")
    if head.startswith(_PICTURES):
        raise refuse("Es una imagen, no una planilla.")


def _narrow(rows: Rows) -> Rows:
    for number, cells in rows:
        if len(cells) > MOST_COLUMNS:
            raise refuse(f"La fila {number} tiene {len(cells)} columnas: como mucho pueden ser {MOST_COLUMNS}.")
        yield number, cells
