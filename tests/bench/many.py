"""A desk with a million tickets, and pages of its lists asked for. Called by `tests.bench.worker`.

The rows are written by the database itself, as in `tests.bench.history`; what is found of them is made by the product.
"""

import time
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client

from backoffice.accounts.models import User
from backoffice.catalog.models import Plan
from backoffice.common.models import SearchDirty, SearchEntry
from backoffice.common.search import entries, kinds, triggers
from backoffice.conversations.models import Contact, Conversation
from backoffice.customers.models import Customer, CustomerPhone, Service
from backoffice.tickets.models import Ticket
from tests import hands

OPEN = 200  # of so many tickets one is open
_AGO = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || i || ' minutes')",
    "postgresql": "now() - i * interval '1 minute'",
}
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
_NAME = (
    "'Cliente ' || CASE i % 4 WHEN 0 THEN 'Ana' WHEN 1 THEN 'José' WHEN 2 THEN 'Lucía' ELSE 'Marta' END"
    " || ' Apellido' || i"
)
_PEOPLE = (
    "INSERT INTO customers_customer (id, code, name, document, email, address, status, notes, created_at)"
    " {numbers} SELECT {base} + i, '7' || (1000000 + i), {name}, '' || (20000000 + i), '', 'San Martín ' || i,"
    " CASE WHEN i % 20 = 0 THEN 'retired' ELSE 'active' END, '', {now} FROM n",
    "INSERT INTO customers_customerphone (customer_id, number, key)"
    " {numbers} SELECT {base} + i, '+549' || (2614000000 + i), '' || (2614000000 + i) FROM n",
    "INSERT INTO customers_service (customer_id, plan_id, price, address, status)"
    " {numbers} SELECT {base} + i, {plan}, 18500, 'Belgrano ' || i, 'active' FROM n",
    "INSERT INTO conversations_contact (id, name, phone, phone_key, created_at, notes)"
    " {numbers} SELECT {base} + i, {name}, '+549' || (2614000000 + i), '' || (2614000000 + i), {now}, '' FROM n",
    "INSERT INTO conversations_conversation (id, channel_id, kind, contact_id, address, title, created_at)"
    " {numbers} SELECT {base} + i, {channel}, 'private', {base} + i, 'p:549' || (2614000000 + i), '', {now} FROM n",
)
_CASES = (
    "INSERT INTO tickets_ticket (id, number, contact_id, conversation_id, customer_id, area, state, priority,"
    " sentiment, subject, message, data, opened_at, close_reason)"
    " {numbers} SELECT {base} + i, {base} + i, {base} + 1 + i % {people}, {base} + 1 + i % {people},"
    " {base} + 1 + i % {people}, 'support',"
    " CASE WHEN i > {last} - {people} AND i % {open} = 0 THEN 'pendiente' ELSE 'cerrado' END, 1, 'neutro',"
    " CASE WHEN i % 2 = 0 THEN 'Sin internet' ELSE 'Factura que no llegó' END,"
    " CASE WHEN i = {last} / 2 THEN 'murciélago en la antena' ELSE 'hola, necesito ayuda' END, '[]', {ago}, '' FROM n",
)
TABLES = (Customer, CustomerPhone, Service, Contact, Conversation, Ticket)
_BASE = 10_000_000  # above every id that the world began with


def load() -> None:
    """Nothing but the company, its channel, and somebody who sees everything."""
    channel = hands.load_world()
    Ticket.objects.all().delete()
    user = User.objects.create_user("banco", is_staff=True)
    user.groups.set([Group.objects.get(name="Administrador")])
    entries.drain_all()
    _set["channel"] = channel


def fill(tickets: int, people: int) -> dict[str, float]:
    """Returns how long it took to make it all findable: {"turns": entries, "seconds"}."""
    triggers.uninstall()
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')" if connection.vendor == "sqlite" else "now()"
    values = {"base": _BASE, "people": people, "plan": Plan.objects.order_by("pk")[0].pk, "now": now, **_set}
    values["ago"] = _AGO[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        for statements, last in ((_PEOPLE, people), (_CASES, tickets)):
            for statement in statements:
                numbers = _NUMBERS.format(last=last)
                cursor.execute(statement.format(numbers=numbers, last=last, name=_NAME, open=OPEN, **values))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), TABLES):
            cursor.execute(statement)
    triggers.install()
    start = time.perf_counter()
    for kind in kinds().values():
        after: int | None = 0
        while after is not None:
            after = entries.make_range(kind, after)
    SearchDirty.objects.all().delete()
    told = {"turns": SearchEntry.objects.count(), "seconds": time.perf_counter() - start}
    with connection.cursor() as cursor:
        for model in (*TABLES, SearchEntry, SearchDirty):
            cursor.execute(
                f'{"ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE"} "{model._meta.db_table}"'
            )
    return told


_set: dict[str, Any] = {}
_client: list[Client] = []


def visit(path: str) -> dict[str, float]:
    """Ask for a page as «banco». Returns {"ms", "queries", "rows": links to rows on it}."""
    if not _client:
        _client.append(Client(HTTP_HOST="127.0.0.1"))
        _client[0].force_login(User.objects.get(username="banco"))
    queries = 0

    def count(execute: Any, *args: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        start = time.perf_counter()
        answer = _client[0].get(path)
        spent = time.perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return {"ms": 1000 * spent, "queries": queries, "rows": answer.content.count(b'<th class="field')}


def bulk(rows: int, watched: bool) -> dict[str, float]:
    """Customers with a phone each, by `bulk_create`, with the triggers or without; nothing of it stays."""
    if not watched:
        triggers.uninstall()
    try:
        start = time.perf_counter()
        with transaction.atomic():
            people = Customer.objects.bulk_create(
                [Customer(code=f"b{n}", name=f"Nueva {n}", address=f"Calle {n}") for n in range(rows)], batch_size=1000
            )
            CustomerPhone.objects.bulk_create(
                [CustomerPhone(customer=one, number=f"+54{n}", key=f"{n}") for n, one in enumerate(people)],
                batch_size=1000,
            )
            spent = time.perf_counter() - start
            transaction.set_rollback(True)
    finally:
        triggers.install()
    return {"turns": rows, "seconds": spent}
