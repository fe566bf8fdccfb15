"""A year of chats, written by the database itself in seconds. Called by `tests.bench.worker` after `engine.load`.

`fill(messages, contacts)` makes the talkers of `tests.bench.engine` and as many strangers as it takes the owners of
that many messages: half said by them (each with its event of the inbox, done) and half by the bot. As in life few
write much and most write little: the chat of message i is the rank `contacts × u³` for an even u, so of 1,000,000
messages of 100,000 people the first one has 21,000 and half of the people fewer than six. The talkers come first.
"""

from typing import Any

from django.core.management.color import no_style
from django.db import connection

from backoffice.conversations.models import (
    Contact,
    ContactAddress,
    Conversation,
    DialogState,
    InboxEvent,
    Lane,
    Message,
)
from tests.bench import dialogue
from tests.bench.engine import PHONES

TABLES = (Contact, ContactAddress, Conversation, DialogState, InboxEvent, Lane, Message)

# A row for each number i, with an even and repeatable u in [0, 1): a form that both databases know.
NUMBERS = (
    "WITH RECURSIVE r(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM r WHERE i < {last}),"
    " n(i, u) AS (SELECT i, (CAST(i AS BIGINT) * 7919 % 1000003) / CAST(1000003 AS DOUBLE PRECISION) FROM r)"
)
AGO = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || (({last} - i) * 31) || ' seconds')",
    "postgresql": "now() - ({last} - i) * interval '31 seconds'",
}
ROUNDING = {"sqlite": 0.0, "postgresql": 0.5}  # one cuts the fraction off, the other rounds it
RANK = "CAST({contacts} * u * u * u - {rounding} AS BIGINT)"


def fill(messages: int, contacts: int) -> dict[str, int]:
    """Returns how many rows each table has afterwards. Raises: ValueError when there are fewer people than talkers."""
    if contacts < PHONES:
        raise ValueError(f"{contacts} contacts, and {PHONES} phones will talk")
    first = _first_ids()
    values = first | {"channel": Conversation.objects.order_by("-pk").values_list("channel_id", flat=True)[0]}
    with connection.cursor() as cursor:
        _hurry(cursor)
        for statement in (*STRANGERS, *TALK):
            people = statement in STRANGERS
            numbers = (PHONES, contacts - 1) if people else (0, messages - 1)
            if numbers[0] <= numbers[1]:
                cursor.execute(_sql(statement, numbers, values | {"contacts": contacts}))
        _settle(cursor)
    return {model._meta.db_table: model._default_manager.count() for model in TABLES}


def _first_ids() -> dict[str, int]:
    """The first talker's rows. They were made last and in order, so the strangers' ids go on from theirs."""
    phones = [dialogue.phone(number) for number in range(PHONES)]
    lanes = Lane.objects.filter(key__endswith=phones[0].removeprefix("549")).values_list("pk", flat=True)
    address = ContactAddress.objects.get(value=phones[0])
    chat = Conversation.objects.get(contact_id=address.contact_id)
    first = {"lane": lanes[0], "address": address.pk, "contact": address.contact_id, "chat": chat.pk}
    for model, name in ((Lane, "lane"), (ContactAddress, "address"), (Contact, "contact"), (Conversation, "chat")):
        if model._default_manager.filter(pk__gte=first[name]).count() != PHONES:
            raise ValueError(f"the talkers' rows of {name} do not follow each other")
    return first


def _sql(statement: str, numbers: tuple[int, int], values: dict[str, Any]) -> str:
    """A statement for this database, its numbers in it (all are ours)."""
    first, last = numbers
    insert, _, select = statement.partition(" SELECT")
    told = values | {"last": last, "rounding": ROUNDING[connection.vendor]}
    pieces = {"ago": AGO[connection.vendor].format(**told), "rank": RANK.format(**told)}
    return f"{insert} {NUMBERS.format(first=first, last=last)} SELECT{select}".format(**told, **pieces)


STRANGERS = (
    " INSERT INTO conversations_contact (id, name, phone, phone_key, created_at, last_seen_at, notes)"
    " SELECT {contact} + i, 'Cliente ' || i, '+' || (5492614000000 + i), '' || (2614000000 + i),"
    " {ago}, {ago}, '' FROM n",
    " INSERT INTO conversations_contactaddress (id, contact_id, channel_id, kind, key, value, last_seen_at)"
    " SELECT {address} + i, {contact} + i, {channel}, 'p', '' || (2614000000 + i), '' || (5492614000000 + i),"
    " {ago} FROM n",
    " INSERT INTO conversations_conversation"
    " (id, channel_id, kind, contact_id, address, title, created_at, last_message_at)"
    " SELECT {chat} + i, {channel}, 'private', {contact} + i, 'p:' || (5492614000000 + i), '', {ago}, {ago} FROM n",
    " INSERT INTO conversations_lane (id, key, token, strikes, expired)"
    " SELECT {lane} + i, '{channel}:p:' || (2614000000 + i), '', 0, 0 FROM n",
    " INSERT INTO conversations_dialogstate (contact_id, flow, step, data, menu, options, memory, updated_at)"
    " SELECT {contact} + i, '', '', '{{}}', 'principal', '[]', '{{}}', {ago} FROM n",
)
TALK = (
    " INSERT INTO conversations_message (conversation_id, channel_id, direction, author, author_name, text,"
    " external_id, status, priority, attempts, error, created_at, status_at)"
    " SELECT {chat} + {rank}, {channel},"
    " CASE WHEN i % 2 = 0 THEN 'in' ELSE 'out' END, CASE WHEN i % 2 = 0 THEN 'contact' ELSE 'bot' END, '',"
    " CASE WHEN i % 2 = 0 THEN 'hola, quería saber cuánto debo' ELSE 'Esto es lo que tenés pendiente: $ 18.500,00' END,"
    " 'old:' || i, CASE WHEN i % 2 = 0 THEN 'received' ELSE 'read' END, 0, 0, '', {ago}, {ago} FROM n",
    " INSERT INTO conversations_inboxevent (lane_id, source, external_id, kind, payload, received_at, state)"
    " SELECT {lane} + {rank}, 'channel:{channel}', 'old:' || i, 'message',"
    """ '{{"kind": "message", "text": "hola, quería saber cuánto debo"}}', {ago}, 1 FROM n WHERE i % 2 = 0""",
)


def _hurry(cursor: Any) -> None:
    """What is written here is right by its making: PostgreSQL need not look each foreign key up."""
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = replica")
    else:
        cursor.execute("PRAGMA foreign_keys = OFF")


def _settle(cursor: Any) -> None:
    """As a server that has run for a year: sequences ahead, statistics taken, nothing left to clean."""
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = DEFAULT")
        for statement in connection.ops.sequence_reset_sql(no_style(), TABLES):
            cursor.execute(statement)
        chores = [*(f'VACUUM ANALYZE "{model._meta.db_table}"' for model in TABLES), "CHECKPOINT"]
    else:
        cursor.execute("PRAGMA foreign_keys = ON")
        chores = ["PRAGMA wal_checkpoint(TRUNCATE)"]
    if not connection.in_atomic_block:  # in a test's transaction they cannot be done, nor are they needed
        for chore in chores:
            cursor.execute(chore)


def longest(amount: int = 5) -> list[int]:
    """How many messages the fullest chats have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM conversations_message GROUP BY conversation_id ORDER BY 1 DESC LIMIT %s", [amount]
        )
        return [row[0] for row in cursor.fetchall()]
