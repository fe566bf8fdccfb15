"""The customers who tell the script, and their lines as the network gives them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from backoffice.demo.people import PLANS, ZONES, Person
from integrations.whatsapp.base import Addr, MessageIn
from tests.bench.script import LINES, phone

__all__ = ["LINES", "people", "phone", "wave"]

_ids = count(1)


def people(amount: int) -> list[Person]:
    """Customers who owe a month, with the phones that will write."""
    return [
        Person(
            name=f"Vecino Número{number}",
            document=str(20_000_000 + number),
            phone=f"+{phone(number)}",
            address=f"Belgrano {number}",
            plan=PLANS[number % len(PLANS)][0],
            zone=ZONES[number % len(ZONES)],
            unpaid=1,
            months=3,
        )
        for number in range(amount)
    ]


def wave(phones: Sequence[str], line: str, prefix: str) -> list[MessageIn]:
    """What the network gives when all these phones write `line`. `prefix` tells one run's ids from another's."""
    now = datetime.now(UTC)
    events = []
    for one in phones:
        address, key = Addr.phone(one), f"{prefix}{next(_ids)}"
        events.append(MessageIn(event_id=key, message_id=key, chat=address, sender=address, at=now, text=line))
    return events
