"""The six turns that every measure of the engine tells: a customer walks the default menus and asks the balance."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from backoffice.demo.people import PLANS, ZONES, Person
from integrations.whatsapp.base import Addr, MessageIn

LINES = ("hola", "1", "3", "volver", "menú", "2")
"""The greeting, the problems, how to change the WiFi's key, back, the first menu again, and what is owed."""

_ids = count(1)


def phone(number: int) -> str:
    """The network's name of the customer `number` (0 to 999,999)."""
    return f"5492614{number:06d}"


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
