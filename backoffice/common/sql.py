"""Small things that the ORM does not say by itself."""

import re
from typing import Any

from django.db.models import Value

_OURS = re.compile(r"[a-z_]{1,30}")


class Written(Value):
    """A constant of our own choices written in the SQL, not given beside it: `filter(status=Written("failed"))`.

    SQLite uses a partial index only when it reads the index's own condition in the query; a parameter is nothing
    to read. Never for what anybody typed.

    Raises:
        ValueError: something else than a whole number or a short lower-case word.
    """

    def __init__(self, constant: int | str) -> None:
        if not isinstance(constant, int) and not _OURS.fullmatch(constant):
            raise ValueError(f"not a constant of ours: {constant!r}")
        super().__init__(constant)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return (str(int(self.value)) if isinstance(self.value, int) else f"'{self.value}'"), ()
