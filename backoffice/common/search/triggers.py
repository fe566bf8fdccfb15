"""Triggers that mark what changed, under any write: an import, a cascade, SQL by hand (ADR 0019).

They only add a line to `SearchDirty`, and only when a searched column really changed: a message that comes in writes
none. A deleted row loses its entry at once. Everything is made from the declarations, for SQLite and PostgreSQL alike.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model

from backoffice.common.models import SearchDirty, SearchEntry
from backoffice.common.search.kinds import SHIFT, Kind, kinds

ENTRIES, DIRTY = SearchEntry._meta.db_table, SearchDirty._meta.db_table
WORDS = "common_searchwords"  # SQLite's index of words
PREFIX = "search_"
#: Each word with its kind before it: what is common among tickets costs nothing to whoever looks for a customer.
OF_A_KIND = f"replace({{row}}text, ' ', ' k' || CAST({{row}}id >> {SHIFT} AS text) || 'x')"
#: PostgreSQL's index is on this, and its queries ask by it: `simple` text search without a parser of its own.
VECTOR = f"array_to_tsvector(string_to_array(btrim({OF_A_KIND.format(row='')}), ' '))"


@dataclass(frozen=True, slots=True)
class Watch:
    """One trigger: on which event of which table, and what it marks. `{row}` stands for the changed row."""

    kind: Kind
    table: str
    event: str  # INSERT, UPDATE or DELETE
    columns: tuple[str, ...]  # of an UPDATE
    marks: tuple[str, ...]  # SELECTs of ids; `{new}` and `{old}` are rows, `{from_}` their table where there is one
    forgets: bool = False

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.kind.number}_{self.table}_{self.event[0].lower()}"[:63]


def watches() -> Iterator[Watch]:
    """All that has to be looked at, of every kind."""
    for kind in kinds().values():
        yield from _own(kind)
        for child in kind.children:
            yield from _of_child(
                kind, child.model, _column(child.model, child.link), _columns(child.model, child.fields)
            )
        for parent in kind.parents:
            target = kind.model._meta.get_field(parent.link).related_model
            assert isinstance(target, type)  # noqa: S101 # a foreign key of a loaded model
            own, link = _q(_table(kind.model)), _q(_column(kind.model, parent.link))
            rows = f"SELECT t.id FROM {own} t WHERE t.{link} = {{new}}.id"
            yield Watch(kind, _table(target), "UPDATE", _columns(target, parent.fields), (rows,))


def _own(kind: Kind) -> Iterator[Watch]:
    table = _table(kind.model)
    links = tuple(parent.link for parent in kind.parents)
    yield Watch(kind, table, "INSERT", (), ("SELECT {new}.id{from_}",))
    yield Watch(kind, table, "UPDATE", _columns(kind.model, (*kind.fields, *links)), ("SELECT {new}.id",))
    yield Watch(kind, table, "DELETE", (), ("SELECT {old}.id{from_}",), forgets=True)


def _of_child(kind: Kind, model: type[Model], link: str, columns: tuple[str, ...]) -> Iterator[Watch]:
    table, column = _table(model), _q(link)
    new, old = (f"SELECT {{{row}}}.{column}{{from_}} WHERE {{{row}}}.{column} IS NOT NULL" for row in ("new", "old"))
    yield Watch(kind, table, "INSERT", (), (new,))
    moved = f"{old} AND {{old}}.{column} IS DISTINCT FROM {{new}}.{column}"
    yield Watch(kind, table, "UPDATE", (link, *columns), (new, moved))
    yield Watch(kind, table, "DELETE", (), (old,))


def install() -> bool:
    """Make what is missing or was declared otherwise. True when something was: what changed meanwhile is unknown."""
    wanted = dict(_wanted())
    present = _present()
    with connection.cursor() as cursor:
        for name, table in present.keys() - {(n, t) for n, (t, _) in wanted.items()}:
            _drop(cursor, name, table)
        if connection.vendor == "sqlite":
            cursor.execute(_FTS)
        else:
            cursor.execute(_GIN)
        missing = {n: (t, sqls) for n, (t, sqls) in wanted.items() if present.get((n, t)) != _mark(sqls)}
        for name, (table, statements) in missing.items():
            if (name, table) in present:
                _drop(cursor, name, table)
            for statement in statements:
                cursor.execute(statement)
            if connection.vendor != "sqlite":
                cursor.execute(f"COMMENT ON TRIGGER {_q(name)} ON {_q(table)} IS '{_mark(statements)}'")
    return bool(missing)


def uninstall() -> None:
    """Before tables change: SQLite cannot rename, nor PostgreSQL drop, what a trigger speaks of."""
    with connection.cursor() as cursor:
        for name, table in _present():
            _drop(cursor, name, table)


def missing() -> list[str]:
    """The names of the triggers that are not there as they should; none when all is well."""
    present = _present()
    return [name for name, (table, statements) in _wanted() if present.get((name, table)) != _mark(statements)]


def _wanted() -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """Name → its table and the statements that make it."""
    write = _for_sqlite if connection.vendor == "sqlite" else _for_postgres
    for watch in watches():
        yield watch.name, (watch.table, write(watch))
    if connection.vendor == "sqlite":
        for name, statement in _INDEXED.items():
            yield name, (ENTRIES, (statement,))


def _for_sqlite(watch: Watch) -> tuple[str, ...]:
    of = f" OF {', '.join(map(_q, watch.columns))}" if watch.columns else ""
    when = f" WHEN {_changed(watch.columns, 'IS NOT')}" if watch.columns else ""
    body = [_marking(watch, one.format(new="NEW", old="OLD", from_="")) for one in watch.marks]
    if watch.forgets:
        body.append(f"DELETE FROM {ENTRIES} WHERE id = {watch.kind.base} + OLD.id;")
    head = f"CREATE TRIGGER {_q(watch.name)} AFTER {watch.event}{of} ON {_q(watch.table)}{when}"
    return (f"{head} BEGIN {' '.join(body)} END".replace("IS DISTINCT FROM", "IS NOT"),)


def _for_postgres(watch: Watch) -> tuple[str, ...]:
    """Once a statement, over all its rows; an UPDATE once a row, since only so a column list and WHEN are allowed."""
    rows = {"INSERT": "fresh", "DELETE": "gone"}.get(watch.event)
    row = {"new": rows, "old": rows, "from_": f" FROM {rows}"} if rows else {"new": "NEW", "old": "OLD", "from_": ""}
    body = [_marking(watch, one.format(**row)) for one in watch.marks]
    if watch.forgets:
        body.append(f"DELETE FROM {ENTRIES} e USING {rows} WHERE e.id = {watch.kind.base} + {rows}.id;")
    function = (
        f"CREATE OR REPLACE FUNCTION {_q(watch.name)}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {' '.join(body)} RETURN NULL; END $$"
    )
    if rows:
        side = "NEW" if watch.event == "INSERT" else "OLD"
        how = f"ON {_q(watch.table)} REFERENCING {side} TABLE AS {rows} FOR EACH STATEMENT"
    else:
        when = _changed(watch.columns, "IS DISTINCT FROM")
        how = f"OF {', '.join(map(_q, watch.columns))} ON {_q(watch.table)} FOR EACH ROW WHEN ({when})"
    return function, f"CREATE TRIGGER {_q(watch.name)} AFTER {watch.event} {how} EXECUTE FUNCTION {_q(watch.name)}()"


def _marking(watch: Watch, select: str) -> str:
    ids = select.replace("SELECT ", f"SELECT {watch.kind.number}, ", 1)
    return f"INSERT INTO {DIRTY} (kind, object_id) {ids};"


def _changed(columns: Iterable[str], differs: str) -> str:
    return " OR ".join(f"OLD.{_q(one)} {differs} NEW.{_q(one)}" for one in columns)


def _present() -> dict[tuple[str, str], str]:
    """(name, table) → what it was made by: SQLite keeps the text, for PostgreSQL we leave a mark of it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 7) = %s",
                [PREFIX],
            )
            return {(name, table): _mark((sql,)) for name, table, sql in cursor.fetchall()}
        cursor.execute(
            "SELECT t.tgname, c.relname, obj_description(t.oid, 'pg_trigger') FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid WHERE left(t.tgname, 7) = %s AND NOT t.tgisinternal"
            " AND c.relnamespace = current_schema()::regnamespace",
            [PREFIX],
        )
        return {(name, table): mark or "" for name, table, mark in cursor.fetchall()}


def _drop(cursor: object, name: str, table: str) -> None:
    run = cursor.execute  # type: ignore[attr-defined]
    if connection.vendor == "sqlite":
        run(f"DROP TRIGGER {_q(name)}")
        return
    run(f"DROP TRIGGER {_q(name)} ON {_q(table)}")
    run(f"DROP FUNCTION IF EXISTS {_q(name)}()")


def _mark(statements: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()[:32]


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _column(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _columns(model: type[Model], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(_column(model, name) for name in names)


def _q(name: str) -> str:
    return f'"{name}"'


_FTS = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS}"
    " USING fts5(words, content='', detail=none, tokenize='unicode61 remove_diacritics 0')"
)
_GIN = f"CREATE INDEX IF NOT EXISTS common_search_words ON {ENTRIES} USING gin (({VECTOR})) WITH (fastupdate = off)"
_ADDED = f"INSERT INTO {WORDS} (rowid, words) VALUES (NEW.id, {OF_A_KIND.format(row='NEW.')});"
_TAKEN = f"INSERT INTO {WORDS} ({WORDS}, rowid, words) VALUES ('delete', OLD.id, {OF_A_KIND.format(row='OLD.')});"
_INDEXED = {
    "search_words_i": f"CREATE TRIGGER search_words_i AFTER INSERT ON {ENTRIES} BEGIN {_ADDED} END",
    "search_words_d": f"CREATE TRIGGER search_words_d AFTER DELETE ON {ENTRIES} BEGIN {_TAKEN} END",
    "search_words_u": (
        f"CREATE TRIGGER search_words_u AFTER UPDATE OF text ON {ENTRIES} WHEN OLD.text IS NOT NEW.text"
        f" BEGIN {_TAKEN} {_ADDED} END"
    ),
}
