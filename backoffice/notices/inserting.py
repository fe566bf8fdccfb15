"""One INSERT of a notice, its SQL written once: the ORM builds it anew each time, a third of what a notice costs."""

from functools import cache

from django.db import connection

from backoffice.notices.models import GatewayNotice

FIELDS = tuple(field for field in GatewayNotice._meta.concrete_fields if not field.primary_key)


def insert(notice: GatewayNotice) -> int:
    """Store a new notice and return its id. Values are adapted by their fields, as the ORM does."""
    values = [field.get_db_prep_save(getattr(notice, field.attname), connection) for field in FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(_sql(), values)
        return int(cursor.fetchone()[0])


@cache
def _sql() -> str:
    quote = connection.ops.quote_name
    table, names = quote(GatewayNotice._meta.db_table), ", ".join(quote(str(field.column)) for field in FIELDS)
    blanks = ", ".join(["%s"] * len(FIELDS))
    return f"INSERT INTO {table} ({names}) VALUES ({blanks}) RETURNING id"  # noqa: S608 - only our own names
