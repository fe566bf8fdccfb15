"""A desk with a million tickets, and pages of its lists asked for. Called by `tests.bench.worker`.

The rows are written by the database itself, as in `tests.bench.history`; what is found of them is made by the product.
"""

import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client

from backoffice.accounts.models import User
from backoffice.catalog.models import Plan
from backoffice.common.models import SearchDirty, SearchEntry
from backoffice.common.search import entries, kind_of, triggers
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
# What `searching.py` of each app makes of these rows; `fill` compares some with what the product itself makes.
_FOLDED = (
    "'cliente ' || CASE {who} % 4 WHEN 0 THEN 'ana' WHEN 1 THEN 'jose' WHEN 2 THEN 'lucia' ELSE 'marta' END"
    " || ' apellido' || {who}"
)
_PHONE = (
    "(2614000000 + {who}) || ' ' || (14000000 + {who}) || ' ' || (4000000 + {who})"
    " || ' ' || substr('' || (1000000 + {who}), 2)"
)
_ENTRIES = (
    "INSERT INTO common_searchentry (id, title, subtitle, text)"
    " {numbers} SELECT {customer} + {base} + i, {name}, 'Cliente 7' || (1000000 + i) || ' · San Martín ' || i,"
    " ' ' || {folded} || ' 7' || (1000000 + i) || ' ' || (20000000 + i) || ' ' || {phone}"
    " || ' san martin ' || i || ' belgrano' FROM n",
    "INSERT INTO common_searchentry (id, title, subtitle, text)"
    " {numbers} SELECT {contact} + {base} + i, {name}, '+54 9 261 400-' || substr('' || (10000 + i), 2),"
    " ' ' || {folded} || ' ' || {phone} FROM n",
)
_CASE_ENTRIES = (
    "INSERT INTO common_searchentry (id, title, subtitle, text)"
    " {numbers} SELECT {ticket} + {base} + i, '#' || ({base} + i) || ' '"
    " || CASE WHEN i % 2 = 0 THEN 'Sin internet' ELSE 'Factura que no llegó' END, 'Cliente',"
    " ' ' || ({base} + i) || CASE WHEN i % 2 = 0 THEN ' sin internet ' ELSE ' factura que no llego ' END || {folded}"
    " || ' ' || {phone} || CASE WHEN i = {last} / 2 THEN ' murcielago en la antena' ELSE ' hola necesito ayuda' END"
    " || ' 7' || (1000000 + {who}) FROM n",
)
TABLES = (Customer, CustomerPhone, Service, Contact, Conversation, Ticket)
SAMPLE = 2_000  # rows of a table that are made findable as the product does it
_BASE = 10_000_000  # above every id that the world began with


def load() -> None:
    """Nothing but the company, its channel, and somebody who sees everything. Static files keep their own names."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    channel = hands.load_world()
    Ticket.objects.all().delete()
    user = User.objects.create_user("banco", is_staff=True)
    user.groups.set([Group.objects.get(name="Administrador")])
    entries.drain_all()
    _set["channel"] = channel


def fill(tickets: int, people: int) -> dict[str, float]:
    """Returns how fast the product makes some of it findable: {"turns": entries, "seconds"}."""
    triggers.uninstall()
    sqlite = connection.vendor == "sqlite"
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')" if sqlite else "now()"
    values = {"base": _BASE, "people": people, "plan": Plan.objects.order_by("pk")[0].pk, "now": now, **_set}
    values |= {"ago": _AGO[connection.vendor], "open": OPEN, "name": _NAME}
    with transaction.atomic():
        _run(_PEOPLE, people, values)
        _run(_CASES, tickets, values)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), TABLES):
            cursor.execute(statement)
    triggers.install()
    start = time.perf_counter()
    for model, count in ((Customer, people), (Ticket, tickets)):
        kind = kind_of(model)
        assert kind is not None
        entries.make(kind, range(_BASE + 1, _BASE + 1 + min(count, SAMPLE)))
    told = {"turns": SearchEntry.objects.count(), "seconds": time.perf_counter() - start}
    _make_entries(tickets, people, values)
    SearchDirty.objects.all().delete()
    with connection.cursor() as cursor:
        for table in (*TABLES, SearchEntry, SearchDirty):
            cursor.execute(f'{"ANALYZE" if sqlite else "VACUUM ANALYZE"} "{table._meta.db_table}"')
    return told


def _run(statements: Sequence[str], last: int, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(numbers=_NUMBERS.format(last=last), last=last, **values))


def _make_entries(tickets: int, people: int, values: dict[str, Any]) -> None:
    """Written by the database, in seconds. Raises: RuntimeError when the product would have made others."""
    known = dict(SearchEntry.objects.values_list("pk", "text"))
    SearchEntry.objects.all().delete()
    kinds = {str(model._meta.model_name): kind_of(model) for model in (Customer, Contact, Ticket)}
    values |= {name: kind.base for name, kind in kinds.items() if kind is not None}
    with transaction.atomic():
        for statements, last, who in ((_ENTRIES, people, "i"), (_CASE_ENTRIES, tickets, f"(1 + i % {people})")):
            _run(
                statements,
                last,
                values | {"who": who, "folded": _FOLDED.format(who=who), "phone": _PHONE.format(who=who)},
            )
    made = SearchEntry.objects.in_bulk([pk for pk in known if pk % (1 << 40) > _BASE])
    wrong = [(text, made[pk].text) for pk, text in known.items() if pk in made and made[pk].text != text]
    if wrong:
        raise RuntimeError(f"{len(wrong)} entries are not as the product makes them: {wrong[0]}")


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
