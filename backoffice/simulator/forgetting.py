"""The stand-in network forgets a person too: their phone, their chat, and what the staff's groups say of them."""

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from backoffice.safekeeping.elsewhere import Traces
from backoffice.simulator.models import MediaFile, Message, Phone, WireEvent
from backoffice.simulator.selectors import phone_key


def forget(traces: Traces) -> None:
    numbers = set(traces.numbers)
    keys = numbers | {phone_key(number) for number in numbers}
    Phone.objects.filter(Q(key__in=keys) | Q(lid__in=numbers)).delete()
    refs = {f"m{pk}" for pk in traces.message_ids}
    of_groups = Message.objects.filter(Q(client_ref__in=refs) | Q(wire_id__in=traces.external_ids))
    MediaFile.objects.filter(message__in=of_groups).delete()
    WireEvent.objects.filter(message__in=of_groups).delete()
    of_groups.update(text="", media=None)
    named = Q(pk__in=[])
    for number in numbers:
        named |= Q(written__contains=number)
    WireEvent.objects.annotate(written=Cast("payload", TextField())).filter(named).delete()
