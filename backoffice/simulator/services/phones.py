"""Phones of the network: anybody with a number has WhatsApp here."""

from collections.abc import Iterable
from secrets import randbelow
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from backoffice.simulator.models import Phone, WireEvent
from backoffice.simulator.selectors import phone_key
from backoffice.simulator.services.clock import take_seq, wire_event
from integrations.whatsapp.base import Addr, IdentityLearned


@transaction.atomic
def ensure_phone(*, number: str, name: str = "") -> Phone:
    """The phone with that number, made if new. A name that is given replaces the one it had."""
    phone = ensure_phones(numbers=[number])[phone_key(number)]
    if name and phone.name != name:
        take_seq()
        phone.name = name
        phone.save(update_fields=["name"])
    return phone


@transaction.atomic(savepoint=False)
def ensure_phones(*, numbers: Iterable[str]) -> dict[str, Phone]:
    """Phones by key, made if new: two or three queries, whatever their number."""
    keys = {phone_key(number) for number in numbers}
    found = {phone.key: phone for phone in Phone.objects.filter(key__in=keys)}
    missing = sorted(keys - found.keys())
    if missing:
        Phone.objects.bulk_create([Phone(key=key, lid=_new_lid()) for key in missing], ignore_conflicts=True)
        found |= {phone.key: phone for phone in Phone.objects.filter(key__in=missing)}
    return found


@transaction.atomic
def set_privacy(*, phone: Phone, privacy: str) -> None:
    """Show or hide the number. The bot is told both addresses when a hidden number becomes known."""
    was_hidden = phone.privacy == Phone.Privacy.HIDDEN
    slot = take_seq(count=1)
    phone.privacy = privacy
    phone.save(update_fields=["privacy"])
    if was_hidden and privacy != Phone.Privacy.HIDDEN:
        learned = IdentityLearned(
            event_id=f"identity:{uuid4().hex}",
            addr=Addr.phone(phone.key),
            also=Addr.lid(phone.lid),
            at=timezone.now(),
        )
        WireEvent.objects.bulk_create([wire_event(learned, seq=slot.first if slot.online else None)])


def _new_lid() -> str:
    return str(10**14 + randbelow(9 * 10**14))
