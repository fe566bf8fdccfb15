"""The bot's number: linking, unlinking, bans."""

from datetime import datetime
from secrets import token_urlsafe
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from backoffice.simulator.models import Network, WireEvent
from backoffice.simulator.selectors import phone_key
from backoffice.simulator.services.clock import give_numbers, take_seq, wire_event
from integrations.whatsapp.base import ConnState, StateChanged


@transaction.atomic
def link() -> Network:
    """Scan the QR: the number is linked, and what waited is delivered in its order. Linked already: nothing."""
    slot = take_seq()
    if not slot.online:
        _move_to(ConnState.ONLINE, seq=slot.first)
        waiting = list(WireEvent.objects.filter(seq__isnull=True, due_at__isnull=True).order_by("pk"))
        if waiting:
            give_numbers(waiting, first=take_seq(count=len(waiting)).first)
    return Network.objects.get(pk=1)


@transaction.atomic
def unlink(*, reason: str = "") -> Network:
    """Log the number out, from the phone's side or ours; a new QR is needed. Not linked: nothing."""
    slot = take_seq()
    if slot.state not in (ConnState.LOGGED_OUT, ConnState.PAIRING):
        _move_to(ConnState.LOGGED_OUT, seq=slot.first, reason=reason)
        Network.objects.filter(pk=1).update(pairing_key=token_urlsafe(24))
    return Network.objects.get(pk=1)


@transaction.atomic
def begin_pairing() -> Network:
    """The bot asks for a QR. Linked or banned: nothing changes."""
    slot = take_seq()
    if slot.state in (ConnState.LOGGED_OUT, ConnState.NEW):
        _move_to(ConnState.PAIRING, seq=slot.first)
    return Network.objects.get(pk=1)


@transaction.atomic
def set_account(*, name: str = "", number: str = "") -> Network:
    """The bot's name and number, as people see them on the network. What is empty stays as it was."""
    take_seq()
    told = {"name": name, "number": phone_key(number)}
    Network.objects.filter(pk=1).update(**{field: value for field, value in told.items() if value})
    return Network.objects.get(pk=1)


@transaction.atomic
def ban(*, until: datetime) -> None:
    """Suspend the number until then."""
    slot = take_seq()
    _move_to(ConnState.TEMP_BANNED, seq=slot.first, reason="temp_ban", until=until)


@transaction.atomic
def lift_ban() -> None:
    """Give the number back once its ban is over. Not banned, or not yet: nothing."""
    over = Network.objects.filter(pk=1, state=ConnState.TEMP_BANNED, banned_until__lte=timezone.now())
    if over.exists():
        link()


def _move_to(state: ConnState, *, seq: int, reason: str = "", until: datetime | None = None) -> None:
    Network.objects.filter(pk=1).update(state=state, banned_until=until)
    event = StateChanged(event_id=f"state:{uuid4().hex}", state=state, at=timezone.now(), reason=reason, until=until)
    WireEvent.objects.bulk_create([wire_event(event, seq=seq)])
