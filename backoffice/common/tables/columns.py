"""A column of a table: its name in Spanish, how a cell is read when it comes back, what it reads when it leaves.

Most say only their attribute: what an export reads is told by the attribute and the widget (`zone` with a
`OneByName` reads `zone__name`). What no single path tells has `reads` and `says`, or is gathered.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models
from import_export import widgets
from import_export.fields import Field

from backoffice.common.sql import Among

Says = Callable[..., Any]
#: The keys of some rows, in; what the cell of each says, out. Its queries are the same however many keys there are.
Gathers = Callable[[Sequence[int]], dict[int, str]]


class Column(Field):
    """A column; one without a widget is text, whose empty cells are empty texts.

    `reads` are the paths of `values_list` an export needs and `says` makes one cell of their values; `gathers` reads
    the cells of many rows together. `needs` is the permission without which the column is not offered. `example` is
    its cell in the template, and after a bar in the next rows of the manual's sample: «Centro | Norte».
    """

    def __init__(
        self,
        attribute: str | None = None,
        column_name: str | None = None,
        widget: widgets.Widget | None = None,
        *,
        reads: Sequence[str] = (),
        says: Says | None = None,
        gathers: Gathers | None = None,
        needs: str = "",
        example: str = "",
        readonly: bool = False,
    ) -> None:
        super().__init__(attribute, column_name, widget or widgets.CharWidget(allow_blank=True), readonly=readonly)
        self._reads, self.says, self.gathers, self.needs = tuple(reads), says, gathers, needs
        self.examples = [cell.strip() for cell in example.split("|")]

    @property
    def example(self) -> str:
        """The cell of the template."""
        return self.examples[0]

    @property
    def paths(self) -> tuple[str, ...]:
        """What an export reads of each row; nothing when the cells are gathered."""
        if self.gathers is not None or self._reads:
            return self._reads
        tail = getattr(self.widget, "path", "")
        return (f"{self.attribute}__{tail}" if tail else str(self.attribute),)


def person(attribute: str, name: str, **kwargs: Any) -> Column:
    """Somebody of the staff: their whole name, or what they enter with."""
    reads = tuple(f"{attribute}__{part}" for part in ("first_name", "last_name", "username"))
    return Column(column_name=name, reads=reads, says=full_name, readonly=True, **kwargs)


def full_name(first: str | None, last: str | None, username: str | None) -> str:
    return f"{first or ''} {last or ''}".strip() or username or ""


def names_of(through: type[models.Model], row: str, other: str, name: str = "name") -> Gathers:
    """Gathers the names of a list of other rows (`Plan.zones.through`, "plan", "zone"), separated by commas."""

    def gather(keys: Sequence[int]) -> dict[int, str]:
        found: dict[int, list[str]] = {}
        pairs = through._default_manager.filter(Among(row, keys)).order_by(f"{other}__{name}")
        for key, told in pairs.values_list(f"{row}_id", f"{other}__{name}"):
            found.setdefault(key, []).append(told)
        return {key: ", ".join(told) for key, told in found.items()}

    return gather
