"""Small things that the ORM does not say by itself."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models import BooleanField, F, Func, Value

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


class Among(Func):
    """Whether a column is one of many numbers: `filter(Among("customer", keys))`.

    They are one parameter together. `customer__in` makes a parameter of each, which costs Django more than reading
    the row that it finds.
    """

    arity = 1
    output_field = BooleanField()

    def __init__(self, column: str, numbers: Iterable[int]) -> None:
        super().__init__(F(column))
        self.numbers = list(numbers)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, params = compiler.compile(self.get_source_expressions()[0])
        many = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 # the column is Django's own words
        return many, [*params, json.dumps(self.numbers)]

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        column, params = compiler.compile(self.get_source_expressions()[0])
        return f"{column} = ANY(%s::bigint[])", [*params, "{" + ",".join(map(str, self.numbers)) + "}"]


def grew(model: type[models.Model]) -> None:
    """Have PostgreSQL look again at a table that grew much in one go.

    A plan made while it was small reads it whole, and a session keeps the plans with which it checks foreign keys: each
    row that points to the table would cost as much as the table has, until the server looks by itself.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
