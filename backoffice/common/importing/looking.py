"""What became of the rows of an import, for whoever looks at it: only the chunks of what is on the screen are read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from backoffice.common.importing.models import Import, ImportChunk
from backoffice.common.importing.outcomes import COUNTED, WRONG, Outcome
from backoffice.common.importing.reading import Cell
from backoffice.common.importing.running import table_and_header
from backoffice.common.importing.spool import chunk

KINDS = {"n": ("Nueva", "good"), "c": ("Cambia", "info"), "s": ("Sin cambios", ""), "e": ("Con errores", "bad")}
FIRST = 3
"""How many cells of a row say which it is."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row on the screen: `says` are its first filled cells, `details` what changes or what is wrong, by column."""

    number: int
    kind: str
    label: str
    tone: str
    says: list[str]
    changes: dict[str, list[str]] = field(default_factory=dict)
    errors: list[tuple[str, str, str]] = field(default_factory=list)


def shown(one: Import, kind: str, start: int, stop: int) -> list[Shown]:
    """The rows of that kind ("" for all) from one place to another of the list of them."""
    sizes = one.chunks.order_by("number").values_list("number", *COUNTED.values())
    found: list[Shown] = []
    passed = 0
    wanted: list[tuple[int, int, int]] = []
    for number, *counts in sizes:
        count = sum(counts) if not kind else counts[list(COUNTED).index(kind)]
        begin, end = max(start - passed, 0), min(stop - passed, count)
        if begin < end:
            wanted.append((number, begin, end))
        passed += count
    parts = {part.number: part for part in one.chunks.filter(number__in=[number for number, _, _ in wanted])}
    for number, begin, end in wanted:
        found += _of_part(one, parts[number], kind)[begin:end]
    return found


def rejected(one: Import) -> Iterator[tuple[list[Cell], str]]:
    """The cells of every wrong row, as they came, and why."""
    for part in one.chunks.filter(wrong__gt=0).order_by("number").iterator(chunk_size=20):
        cells = _cells(one, part.number)
        for told in part.outcomes:
            outcome = Outcome.of(told)
            if outcome.kind == WRONG:
                yield cells[outcome.number], outcome.reason


def _of_part(one: Import, part: ImportChunk, kind: str) -> list[Shown]:
    table, header = table_and_header(one)
    titles = {table.column(name): place for place, name in enumerate(header.columns) if name}
    first = sorted(titles.values())[:FIRST]
    cells = _cells(one, part.number)
    found = []
    for told in part.outcomes:
        outcome = Outcome.of(told)
        if kind and outcome.kind != kind:
            continue
        row = cells[outcome.number]
        label, tone = KINDS[outcome.kind]
        errors = [(column, _at(row, titles.get(column, -1)), why) for column, why in outcome.errors.items()]
        says = [told for place in first if (told := _at(row, place))]
        found.append(Shown(outcome.number, outcome.kind, label, tone, says, outcome.changes, errors))
    return found


def _cells(one: Import, number: int) -> dict[int, list[Cell]]:
    with one.spool.open("rb") as file:
        return {row.number: row.cells for row in chunk(cast(BinaryIO, file), one.offsets, number)}


def _at(row: list[Cell], place: int) -> str:
    return str(row[place]) if 0 <= place < len(row) else ""
