"""The row with the names of the columns: which of ours each one is, whatever its case, accents and old names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from backoffice.common.errors import DomainError
from backoffice.common.importing.limits import HEADER_WITHIN
from backoffice.common.importing.names import bare
from backoffice.common.importing.reading import Cell

REASON = "motivo"
"""The column that our own files of rejected rows add; it is left out without a word when they come back."""
_LIKE = 72  # of 100: how near a name must be to be suggested


@dataclass(frozen=True, slots=True)
class Header:
    """`names` are the file's own, `columns` say by position which of ours each is ("" for none). `row` is its number.

    `unknown` are the names that mean nothing here, each with what it may have wanted to be, or "".
    """

    row: int
    names: list[str]
    columns: list[str]
    unknown: list[tuple[str, str]] = field(default_factory=list)
    how: str = ""
    highest: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Header":
        return cls(**{**told, "unknown": [tuple(pair) for pair in told["unknown"]]})  # type: ignore[arg-type]


def find(rows: Iterable[tuple[int, Sequence[Cell]]], known: Mapping[str, str], titles: Mapping[str, str]) -> Header:
    """The header among the first rows: the one with most of the `known` names (`names.bare` → field of ours).

    `titles` are how staff call each field.

    Raises:
        DomainError: no row names a column, or one is named twice.
    """
    best: tuple[int, list[Cell]] | None = None
    best_score = 0
    for (number, cells), _ in zip(rows, range(HEADER_WITHIN), strict=False):
        names = {bare(cell) for cell in cells}
        score = sum(name in known for name in names)
        if score > best_score:
            best, best_score = (number, list(cells)), score
    if best is None:
        raise DomainError(
            "No encontramos los nombres de las columnas: la primera fila tiene que decir "
            f"{_listed(list(titles.values()))}.",
            field="file",
        )
    return _read(*best, known, titles)


def _read(row: int, cells: list[Cell], known: Mapping[str, str], titles: Mapping[str, str]) -> Header:
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    columns: list[str] = []
    unknown: list[tuple[str, str]] = []
    for name in names:
        column = known.get(bare(name), "")
        if column and column in columns:
            raise DomainError(f"La columna «{name}» está dos veces: dejá una sola.", field="file")
        columns.append(column)
    for name, column in zip(names, columns, strict=True):
        if name and not column and bare(name) != REASON:
            unknown.append((name, titles.get(_near(name, known, columns), "")))
    return Header(row, names, columns, unknown)


def _near(name: str, known: Mapping[str, str], taken: Sequence[str]) -> str:
    found = process.extractOne(bare(name), list(known), scorer=fuzz.WRatio, score_cutoff=_LIKE)
    column = known[found[0]] if found else ""
    return "" if column in taken else column


def _listed(names: Sequence[str], most: int = 6) -> str:
    told = ", ".join(f"«{name}»" for name in names[:most])
    return told + (" y otras" if len(names) > most else "")
