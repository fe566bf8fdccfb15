"""What becomes of a row: new, changed (what), the same, or wrong (which cells, and why)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

NEW, CHANGED, SAME, WRONG = "n", "c", "s", "e"
COUNTED = {NEW: "new", CHANGED: "changed", SAME: "same", WRONG: "wrong"}
ROW = ""
"""The place of an error that is of no one cell."""


@dataclass(slots=True)
class Outcome:
    """Of the row with that number in the file.

    `errors` say what is wrong by the column's title, `ROW` for the whole row. `changes` are [before, after], as people
    read them, by title. `entry` is the line of the journal of a row that was written: [key, before or None, after].
    """

    number: int
    kind: str = SAME
    errors: dict[str, str] = field(default_factory=dict)
    changes: dict[str, list[str]] = field(default_factory=dict)
    entry: list[Any] | None = None

    def wrong(self, column: str, why: str) -> None:
        self.kind = WRONG
        self.errors.setdefault(column, why)

    def as_json(self) -> list[Any]:
        if self.kind == WRONG:
            return [self.number, WRONG, self.errors]
        return [self.number, CHANGED, self.changes] if self.kind == CHANGED else [self.number, self.kind]

    @classmethod
    def of(cls, told: Sequence[Any]) -> "Outcome":
        details = told[2] if len(told) > 2 else {}
        outcome = cls(told[0], told[1])
        if outcome.kind == WRONG:
            outcome.errors = details
        else:
            outcome.changes = details
        return outcome

    @property
    def reason(self) -> str:
        """All that is wrong, for the «motivo» of the file of rejected rows."""
        return " · ".join(f"{column}: {why}" if column else why for column, why in self.errors.items())


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many of each kind, by the name of the field that counts them."""
    told = dict.fromkeys(COUNTED.values(), 0)
    for outcome in outcomes:
        told[COUNTED[outcome.kind]] += 1
    return told
