"""The network's clock: one number for each change, visible in order."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import NamedTuple

from django.db import connection, transaction

from backoffice.conversations.lanes import Bell, ring
from backoffice.simulator.models import Message, Network, WireEvent
from integrations.whatsapp.base import ConnState, Event, to_json

_TAKE = "UPDATE simulator_network SET seq = seq + %s WHERE id = 1 RETURNING seq, state"


class Slot(NamedTuple):
    """The first of the numbers taken, and the state of the link, which stays as it is until the commit."""

    first: int
    state: ConnState

    @property
    def online(self) -> bool:
        return self.state is ConnState.ONLINE


@transaction.atomic(savepoint=False)
def take_seq(*, count: int = 1) -> Slot:
    """Take `count` numbers in a row. Call it first in a transaction: it is also the lock of the whole network."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [count])
        row = cursor.fetchone()
        if row is None:
            fresh = Network(pk=1, pairing_key=token_urlsafe(24))
            Network.objects.bulk_create([fresh], ignore_conflicts=True)
            cursor.execute(_TAKE, [count])
            row = cursor.fetchone()
    ring(Bell.NETWORK)  # whoever listens to this network asks at once, as a webhook would tell
    return Slot(row[0] - count + 1, ConnState(row[1]))


def wire_event(
    event: Event,
    *,
    seq: int | None,
    message: Message | None = None,
    due_at: datetime | None = None,
    overtaken: bool = False,
) -> WireEvent:
    """An unsaved row for the bot's channel."""
    return WireEvent(seq=seq, message=message, payload=to_json(event), due_at=due_at, overtaken=overtaken)


def give_numbers(events: Iterable[WireEvent], *, first: int) -> None:
    """Release held events, in the order given."""
    rows = list(events)
    for position, row in enumerate(rows):
        row.seq = first + position
        row.due_at = None
    WireEvent.objects.bulk_update(rows, ["seq", "due_at"], batch_size=200)


LONGEST_REORDER = timedelta(seconds=3)
