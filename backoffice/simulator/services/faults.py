"""Failures to act out: some happen at once, the others wait for their moment."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from backoffice.simulator.models import Fault, Group, Phone, WireEvent
from backoffice.simulator.services.clock import take_seq, wire_event
from backoffice.simulator.services.link import ban, unlink
from backoffice.simulator.services.phones import set_privacy
from integrations.whatsapp.base import Addr, GroupChanged

WAITING = (
    "duplicate",
    "reorder",
    "delay",
    "rate_limit",
    "send_timeout",
    "send_lost",
    "send_refused",
    "group_add_refused",
    "group_create_error",
)
AT_ONCE = ("temp_ban", "logged_out", "hide_number", "bot_removed_from_group")


@dataclass(frozen=True)
class NetworkFault:
    """A failure asked for. `seconds` means what the kind says (wait, ban, delay); `code` is a refusal's."""

    kind: str
    times: int = 1
    phone: Phone | None = None
    group: Group | None = None
    seconds: float | None = None
    privacy: str = Phone.Privacy.HIDDEN
    code: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_fault(*, fault: NetworkFault) -> None:
    """Queue a failure, or make it happen now."""
    if fault.kind == "temp_ban":
        ban(until=timezone.now() + timedelta(seconds=60 if fault.seconds is None else fault.seconds))
    elif fault.kind == "logged_out":
        unlink(reason="logged_out")
    elif fault.kind == "hide_number" and fault.phone is not None:
        set_privacy(phone=fault.phone, privacy=fault.privacy)
    elif fault.kind == "bot_removed_from_group" and fault.group is not None:
        _remove_bot(fault.group)
    else:
        told = {"seconds": fault.seconds, "code": fault.code}
        options = {name: value for name, value in told.items() if value not in (None, "")}
        Fault.objects.create(kind=fault.kind, times=fault.times, phone=fault.phone, options=options)


@transaction.atomic(savepoint=False)
def take_fault(*, kinds: tuple[str, ...], phone: Phone | None = None) -> Fault | None:
    """The next failure of these kinds for this phone, used up once; None in the usual, healthy case."""
    whose = Q(phone__isnull=True) | (Q(phone=phone) if phone else Q())
    waiting = Fault.objects.filter(Q(phone__isnull=True) if phone is None else whose, kind__in=kinds, times__gt=0)
    fault = waiting.first()
    if fault is None or not Fault.objects.filter(pk=fault.pk, times__gt=0).update(times=F("times") - 1):
        return None
    return fault


@transaction.atomic
def clear_faults() -> int:
    """Forget the failures that still wait; how many there were."""
    return Fault.objects.all().delete()[0]


def _remove_bot(group: Group) -> None:
    slot = take_seq()
    if not Group.objects.filter(pk=group.pk, bot_member=True).update(bot_member=False):
        return
    event = GroupChanged(
        event_id=f"group:{uuid4().hex}", group=Addr.group(group.wire_id), change="left", at=timezone.now(), me=True
    )
    WireEvent.objects.bulk_create([wire_event(event, seq=slot.first if slot.online else None)])
