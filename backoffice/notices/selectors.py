"""Reads about notices: what a new one would repeat, who wants none, how today went."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q, QuerySet, Subquery
from django.utils import timezone

from backoffice.conversations.models import Contact, Message
from backoffice.notices.models import Gateway, GatewayNotice
from integrations.understanding.notice_kinds import PRIORITY, Kind

State = GatewayNotice.State
Status = Message.Status
URGENT = PRIORITY[Kind.PAYMENT]  # answers what the customer just did: it does not wait for the hour
LOST = (Status.FAILED, Status.DISCARDED)
WINDOW = 20_000  # how many notices back the counts of today look


def unwilling(keys: Collection[str]) -> set[str]:
    """Of these phones, those whose person asked for no notices."""
    rows = Contact.objects.filter(phone_key__in=keys, opted_out_at__isnull=False)
    return {key for key in rows.values_list("phone_key", flat=True) if key}


def sent_lately(rows: Sequence[GatewayNotice]) -> dict[tuple[int, str], list[datetime]]:
    """By (gateway, fingerprint), when the notices that these would repeat came in, of those that left or are leaving.

    The rows carry their gateway.
    """
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    if not rows:
        return found
    longest = timedelta(minutes=max(row.gateway.duplicate_minutes for row in rows))
    same = GatewayNotice.objects.filter(
        phone_key__in={row.phone_key for row in rows},
        fingerprint__in={row.fingerprint for row in rows},
        state=State.QUEUED,
        received_at__gte=min(row.received_at for row in rows) - longest,
    )
    told = same.exclude(message__status__in=LOST).values_list("gateway_id", "fingerprint", "received_at")
    for gateway, fingerprint, at in told:
        found[gateway, fingerprint].append(at)
    return found


def is_repeated(row: GatewayNotice, sent: Collection[datetime]) -> bool:
    """Whether it says what was said moments before or after: one that was stored first may be seen second."""
    near = timedelta(minutes=row.gateway.duplicate_minutes)
    return any(abs(row.received_at - at) < near for at in sent)


def is_open(gateway: Gateway, at: time) -> bool:
    """Whether its notices may leave at this local hour. Without hours, always."""
    if gateway.opens is None or gateway.closes is None:
        return True
    return gateway.opens <= at < gateway.closes


def waiting() -> QuerySet[GatewayNotice]:
    return GatewayNotice.objects.filter(due_at__isnull=False)


def waiting_by_channel() -> dict[int, int]:
    """How many wait to leave each channel."""
    counted = waiting().values("gateway__channel").annotate(how_many=Count("pk")).order_by()
    return {row["gateway__channel"]: row["how_many"] for row in counted}


def with_state(rows: QuerySet[GatewayNotice], state: str) -> QuerySet[GatewayNotice]:
    """Those whose `status_shown` is this group: a key of `GROUPS`."""
    return rows.filter(GROUPS[state].which)


@dataclass(frozen=True, slots=True)
class Group:
    """Notices that staff look at together. `tone` as the panel's badges name it."""

    label: str
    tone: str
    which: Q


_MESSAGE = Q(state=State.QUEUED)
GROUPS: dict[str, Group] = {
    "esperan": Group("Esperan", "info", Q(state=State.RECEIVED)),
    "en-camino": Group("En camino", "info", _MESSAGE & Q(message__status__in=[Status.QUEUED, Status.SENDING])),
    "enviados": Group("Enviados", "good", _MESSAGE & Q(message__status__in=[Status.SENT, Status.DELIVERED])),
    "leidos": Group("Leídos", "good", _MESSAGE & Q(message__status=Status.READ)),
    "fallados": Group(
        "No salieron",
        "bad",
        Q(state=State.FAILED) | (_MESSAGE & Q(message__status__in=[*LOST, Status.UNCERTAIN])),
    ),
    "vencidos": Group("Vencidos", "warn", Q(state=State.EXPIRED)),
    "repetidos": Group("Repetidos", "", Q(state=State.DUPLICATE)),
    "no-quieren": Group("No quieren avisos", "", Q(state=State.SUPPRESSED)),
    "cancelados": Group("Cancelados", "", Q(state=State.CANCELLED)),
}


def counts_of_today() -> dict[str, int]:
    """How many of today's are in each of `GROUPS`: one pass over the newest `WINDOW`."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    newest = Subquery(GatewayNotice.objects.order_by("-pk").values("pk")[:1])
    today = GatewayNotice.objects.filter(pk__gt=newest - WINDOW, received_at__gte=midnight)
    counted = {name.replace("-", "_"): Count("pk", filter=group.which) for name, group in GROUPS.items()}
    found = today.aggregate(**counted)
    return {name: found[name.replace("-", "_")] for name in GROUPS}
