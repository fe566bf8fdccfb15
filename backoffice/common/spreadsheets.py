"""Cells that leave to a spreadsheet, and lists that come back from one. How lists leave: `tables/exporting.py`."""

import csv
import io
import re
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML has no way to say
RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet runs: a text that looks like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNS) else value


def plain(cell: Any) -> Any:
    """What `neutral` was given."""
    if not isinstance(cell, str):
        return cell
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RUNS) else cell


def printable(text: str) -> str:
    """A text without what an Excel file has no way to say."""
    return _UNWRITABLE.sub("", text)


def read_csv(text: str) -> list[list[str]]:
    """Cells of each line that says something, with whatever separates the columns of the first one."""
    text = text.lstrip("\ufeff").replace("\x00", "")
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[plain(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
