"""PostgreSQL: copied by `pg_dump` from a snapshot, put back in one transaction.

`pg_restore` writes the copy as SQL and we run it, because more has to happen in that very transaction: the living
tables are locked and dropped, the copy's are made and compared with what it says of itself, and what must not be sent
again is held. Nobody ever sees the one without the other, and whoever is killed leaves the old data.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg import sql

from backoffice.common.errors import DomainError
from backoffice.safekeeping.backups.client import Client
from backoffice.safekeeping.backups.manifest import Damaged, Figures
from backoffice.safekeeping.backups.progress import Beat, silent

VENDOR = "postgresql"
MEMBER = "database.dump"
SPARE_KEYS = 1000
LOCK_TRIES = 5
LOCK_WAIT = "20s"
PLAIN = ("--no-owner", "--no-privileges", "--no-comments")
# What every client writes for psql or for its own server, and means nothing within a transaction of ours.
_NOT_OURS = re.compile(
    rb"^(\\(un)?restrict .*|SET transaction_timeout .*|SELECT pg_catalog.set_config\('search_path'.*)$"
)
_COPY = re.compile(rb"^COPY .* FROM stdin;$")
_END_OF_COPY = b"\\.\n"
_AS_WRITTEN = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
)
_OWN = """
    SELECT c.relname, c.relkind::text FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    ) ORDER BY c.relname
"""
_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    )
"""
_KINDS = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE"}


def size() -> int:
    """How many bytes the living database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def snapshot(into: Path, beat: Beat) -> tuple[dict[str, Figures], str]:
    """Write the database as it stands at one moment to `into`. Returns that moment's figures and the server's version.

    Raises: DomainError without a `pg_dump` that is as new as the server, or when it fails.
    """
    client = Client.for_server(_server())
    with closing(connection.copy()) as apart, apart.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(_AS_WRITTEN)
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        moment, version = cursor.fetchone()
        beat("Copiando la base de datos", 0, 0)
        client.dump(into, "-Fc", f"--snapshot={moment}", *PLAIN, beat=beat)
        found = {name: _figures(cursor, name, beat) for name in _tables(cursor)}
        cursor.execute("COMMIT")
    return found, str(version)


def check(file: Path, beat: Beat) -> None:
    """Raises: Damaged when pg_restore cannot read the whole of it. Its rows are counted when it is put back."""
    beat("Revisando la base de datos", 0, 0)
    client = Client.for_server(0)
    try:
        with client.script(file, "data") as lines:
            for _ in lines:
                pass
    except DomainError as error:
        raise Damaged(error.message) from None


def put_back(file: Path, expected: dict[str, Figures], settle: Callable[[], None]) -> None:
    """Have the living database be that of the dump, and `settle` called in it, all in one transaction.

    Raises:
        Damaged: what was put back is not what the copy says; the old data stands.
        DomainError: others held the tables for too long.
    """
    client = Client.for_server(_server())
    connection.close()  # what the script sets stays in this connection and goes with it
    try:
        for left in reversed(range(LOCK_TRIES)):
            if _tried(partial(_exchange, client, file, expected, settle)):
                return
            if left:
                time.sleep(1)
    finally:
        connection.close()
    raise DomainError("Otros procesos no soltaron la base de datos a tiempo. No se cambió nada: probá de nuevo.")


def _server() -> int:
    """The server's version: 15."""
    there: Any = connection
    return int(there.pg_version) // 10_000


def _tried(exchange: Callable[[dict[str, int]], None]) -> bool:
    """False when somebody kept a table, or we and they waited for each other: nothing was done."""
    used = None
    try:
        with transaction.atomic():
            used = _lock_all()
            exchange(used)
    except OperationalError:
        connection.close()
        if used is not None:
            raise
        return False
    return True


def _exchange(
    client: Client, file: Path, expected: dict[str, Figures], settle: Callable[[], None], used: dict[str, int]
) -> None:
    _replace(client, file)
    _compare(expected)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or tables with pending checks could not be altered
    settle()
    _leave_keys_unused(used)


def _lock_all() -> dict[str, int]:
    """Hold every table; the last key that each sequence gave."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'; SET LOCAL statement_timeout = 0")
        names = _tables(cursor)
        if names:
            tables = sql.SQL(", ").join(map(_name, names))
            cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(tables))
        return _keys(cursor)


def _replace(client: Client, file: Path) -> None:
    with connection.cursor() as cursor:
        _drop_all(cursor)
        cursor.execute("SET LOCAL check_function_bodies = false")
        for section in ("pre-data", "data", "post-data"):
            with client.script(file, section) as lines:
                _run(cursor, lines)
        cursor.execute("SET LOCAL search_path TO DEFAULT")


def _drop_all(cursor: Any) -> None:
    cursor.execute(_OWN)
    owned = cursor.fetchall()
    for kind in ("v", "m", "r", "p", "S"):
        for name in (name for name, its in owned if its == kind):
            cursor.execute(sql.SQL(f"DROP {_KINDS[kind]} IF EXISTS {{}} CASCADE").format(_name(name)))
    cursor.execute(_FUNCTIONS)
    for (signature,) in cursor.fetchall():
        cursor.execute(f"DROP FUNCTION IF EXISTS {signature} CASCADE")


def _run(cursor: Any, lines: Iterator[bytes]) -> None:
    """Run a script of pg_restore: its statements together, and the rows of each COPY as they come."""
    statements: list[bytes] = []
    for line in lines:
        if _NOT_OURS.match(line.rstrip(b"\n")):
            continue
        if not _COPY.match(line.rstrip(b"\n")):
            statements.append(line)
            continue
        _execute(cursor, statements)
        with cursor.copy(line.decode().rstrip(";\n")) as copy:
            for row in lines:
                if row == _END_OF_COPY:
                    break
                copy.write(row)
    _execute(cursor, statements)


def _execute(cursor: Any, statements: list[bytes]) -> None:
    text = b"".join(statements).decode()
    statements.clear()
    if any(line.strip() and not line.startswith("--") for line in text.splitlines()):
        cursor.execute(text)


def _compare(expected: dict[str, Figures]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_AS_WRITTEN)
        found = {name: _figures(cursor, name, silent) for name in _tables(cursor)}
    wrong = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    if wrong:
        raise Damaged(f"no quedó igual la tabla {', '.join(wrong[:3])}.")


def _leave_keys_unused(used: dict[str, int]) -> None:
    """New rows get keys that nobody had: what was sent or asked under a number before must not be taken for them."""
    with connection.cursor() as cursor:
        now = _keys(cursor)
        for name in used.keys() & now.keys():
            last = max(used[name] + SPARE_KEYS, now[name])
            cursor.execute("SELECT setval(%s::regclass, %s)", [_quoted(name), last])


def _keys(cursor: Any) -> dict[str, int]:
    cursor.execute("SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'")
    return dict(cursor.fetchall())


def _tables(cursor: Any) -> list[str]:
    cursor.execute(_OWN)
    return [name for name, kind in cursor.fetchall() if kind in ("r", "p")]


def _figures(cursor: Any, table: str, beat: Beat) -> Figures:
    """How many rows, and the sum of a hash of each one: the order in which they come does not matter."""
    beat("Revisando la base de datos", 0, 0)
    cursor.execute(
        sql.SQL(
            "SELECT count(*), coalesce(sum(('x' || substr(md5(its_row::text), 1, 16))::bit(64)::bigint::numeric), 0)"
            "::text FROM {} its_row"
        ).format(_name(table))
    )
    count, total = cursor.fetchone()
    return int(count), str(total)


def _name(name: str) -> sql.Identifier:
    return sql.Identifier("public", name)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'public."{escaped}"'
