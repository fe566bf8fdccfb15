"""The rows of a file as we keep them: a line of JSON each, so that a job goes on in the middle without reading it all.

A line is [number in the spreadsheet, [cells]]. Rows without anything are not kept. A chunk begins at a known byte.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from backoffice.common.importing.reading import Cell


@dataclass(slots=True)
class Row:
    number: int
    cells: list[Cell]


@dataclass(slots=True)
class Spool:
    """Writes rows into `file`, noting where each chunk of so many begins."""

    file: BinaryIO
    chunk: int
    offsets: list[int] = field(default_factory=list)
    count: int = 0

    def add(self, row: Row) -> None:
        if self.count % self.chunk == 0:
            self.offsets.append(self.file.tell())
        self.file.write(json.dumps([row.number, row.cells], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self.count += 1


def chunk(file: BinaryIO, offsets: list[int], number: int) -> Iterator[Row]:
    """The rows of the chunk of that number, the first being 0."""
    file.seek(offsets[number])
    end = offsets[number + 1] if number + 1 < len(offsets) else None
    while (end is None or file.tell() < end) and (line := file.readline()):
        told = json.loads(line)
        yield Row(told[0], told[1])
