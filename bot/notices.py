"""Lets the ISP's notices into the outbox, a few at a time and as late as can be (ISPBOT-INT-13, ISPBOT-MODE).

What waits is still in its own table, so the order, the expiry, the hours, the daily cap and «Parado» decide when a
notice is about to leave and not when it came. One transaction a batch: a notice and its message are there together
or not at all, so whoever is killed loses none and doubles none.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.company.selectors import zone
from backoffice.conversations.lanes import Bell, ring
from backoffice.conversations.models import Conversation, Message
from backoffice.conversations.services import mark_spoken
from backoffice.customers.selectors import by_phone_keys
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.notices.selectors import URGENT, is_open, is_repeated, sent_lately, unwilling
from backoffice.operations.models import BotControl
from bot.identity import Person, contacts_of, private_chats
from integrations.understanding.notice_kinds import Kind
from integrations.understanding.notices import outgoing_text
from integrations.whatsapp.base import Addr

IN_OUTBOX = 20
SOON = timedelta(minutes=10)
UNWANTED = "Pidió no recibir promociones ni avisos generales."
SWEEP = timedelta(seconds=30)
State = GatewayNotice.State


class Feeder:
    """One channel's. Exactly one runs at a time: the channel's process holds its lock."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._swept_at: datetime | None = None

    def run_once(self, now: datetime | None = None) -> int:
        """Decide about the notices whose turn it is. Returns how many were decided; 0 when none may go now."""
        moment = now or timezone.now()
        gateways = list(Gateway.objects.filter(channel=self._channel))
        if not gateways:
            return 0
        expired = self._sweep(gateways, moment)
        waiting = GatewayNotice.objects.filter(gateway__in=gateways, due_at__isnull=False)
        stopped = BotControl.objects.filter(pk=1, mode=BotControl.Mode.STOPPED)
        if stopped.exists() or not waiting.exists():
            return expired
        with transaction.atomic():
            return expired + _let_in(self._channel, gateways, moment)

    def _sweep(self, gateways: Sequence[Gateway], now: datetime) -> int:
        if self._swept_at is not None and now - self._swept_at < SWEEP:
            return 0
        self._swept_at = now
        return _expire_waiting(gateways, now) + _expire_unsent(self._channel, gateways, now)


def _let_in(channel: Channel, gateways: Sequence[Gateway], now: datetime) -> int:
    soon = _unsent(channel).filter(due_at__lt=now + SOON)  # one that waits for another day keeps nobody out
    room = IN_OUTBOX - soon[:IN_OUTBOX].count()
    if room <= 0:
        return 0
    local = now.astimezone(zone())
    rows = [row for gateway in gateways for row in _next_of(gateway, local, room)]
    rows.sort(key=lambda row: (row.priority, row.pk))
    return _decide(channel, rows[:room], now)


def _next_of(gateway: Gateway, local: datetime, room: int) -> list[GatewayNotice]:
    """The first that this gateway may send now: by its hours, its cap of today, and whether it is switched on."""
    if gateway.daily_cap is not None:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        today = GatewayNotice.objects.filter(gateway=gateway, queued_at__gte=midnight)
        room = min(room, gateway.daily_cap - today.count())
    if not gateway.enabled or room <= 0:
        return []
    waiting = GatewayNotice.objects.filter(gateway=gateway, due_at__isnull=False)
    if not is_open(gateway, local.time()):
        waiting = waiting.filter(priority=URGENT)
    return list(_locked(waiting).select_related("gateway").order_by("priority", "id")[:room])


def _locked(rows: QuerySet[GatewayNotice]) -> QuerySet[GatewayNotice]:
    """Theirs until we commit: who cancels one meanwhile waits. On SQLite the transaction already holds them."""
    return rows.select_for_update(of=("self",))


def _decide(channel: Channel, rows: Sequence[GatewayNotice], now: datetime) -> int:
    """Repeated, unwanted, or on its way.

    Who said «BAJA» still hears of their own service (SC-24): payments, reconnections, invoices and cuts.
    """
    refusing, sent = unwilling({row.phone_key for row in rows}), sent_lately(rows)
    leaving: list[GatewayNotice] = []
    for row in rows:
        row.due_at = None
        if row.kind == Kind.OTHER and row.phone_key in refusing:
            row.state, row.reason = State.SUPPRESSED, UNWANTED
        elif row.by_id is None and is_repeated(row, sent[row.gateway_id, row.fingerprint]):
            minutes = row.gateway.duplicate_minutes
            row.state, row.reason = State.DUPLICATE, f"El mismo aviso salió hace menos de {minutes} min."
        else:
            row.state, row.queued_at = State.QUEUED, now
            sent[row.gateway_id, row.fingerprint].append(row.received_at)
            leaving.append(row)
    _queue(channel, leaving)
    GatewayNotice.objects.bulk_update(rows, ["state", "reason", "queued_at", "due_at", "message"])
    return len(rows)


def _queue(channel: Channel, rows: Sequence[GatewayNotice]) -> None:
    """A message in the person's own chat for each notice, whoever they are: they may answer."""
    if not rows:
        return
    chats, now = _chats(channel, rows), timezone.now()
    for row in rows:
        row.message = Message(
            conversation=chats[row.phone],
            channel=channel,
            direction=Message.Direction.OUT,
            author=Message.Author.SYSTEM,
            author_name=row.gateway.name,
            text=outgoing_text(row.text, row.media_url),
            priority=Message.Priority.NOTICE,
            due_at=now,
            created_at=now,
            status_at=now,
        )
    Message.objects.bulk_create([row.message for row in rows if row.message])
    mark_spoken(chats=[chat.pk for chat in chats.values()], at=now)
    ring(Bell.OUTBOX)


def _chats(channel: Channel, rows: Iterable[GatewayNotice]) -> dict[str, Conversation]:
    """The private chat behind each phone, made when new."""
    names = _names({row.phone_key for row in rows})
    people = {
        row.phone: Person(channel.pk, Addr.phone(row.phone.lstrip("+")), name=names.get(row.phone_key, ""))
        for row in rows
    }
    contacts = contacts_of(list(people.values()))
    wanted = {(channel.pk, contacts[person].pk): person.addr for person in people.values()}
    chats = private_chats(wanted)
    return {phone: chats[channel.pk, contacts[person].pk] for phone, person in people.items()}


def _names(keys: Collection[str]) -> dict[str, str]:
    """Who has each phone, where the company knows one customer with it: a new chat is called after them."""
    found = by_phone_keys(keys)
    return {key: customers[0].name for key, customers in found.items() if len(customers) == 1}


# --- what is no longer worth saying ---


def _expire_waiting(gateways: Iterable[Gateway], now: datetime) -> int:
    expired = 0
    for gateway in gateways:
        late = now - timedelta(hours=gateway.expiry_hours)
        rows = GatewayNotice.objects.filter(gateway=gateway, due_at__isnull=False, received_at__lt=late)
        expired += rows.update(state=State.EXPIRED, due_at=None, reason=_told(gateway))
    return expired


def _expire_unsent(channel: Channel, gateways: Iterable[Gateway], now: datetime) -> int:
    """In the outbox already, but the number was away for too long."""
    late = Q(pk__in=[])
    for gateway in gateways:
        late |= Q(notice__gateway=gateway, notice__received_at__lt=now - timedelta(hours=gateway.expiry_hours))
    with transaction.atomic():
        unsent = _unsent(channel).filter(late, status=Message.Status.QUEUED)
        ids = list(unsent.values_list("pk", flat=True)[:IN_OUTBOX])
        still = Message.objects.filter(pk__in=ids, status=Message.Status.QUEUED)
        still.update(status=Message.Status.DISCARDED, due_at=None, status_at=now, error="El aviso venció.")
        gone = GatewayNotice.objects.filter(message__in=ids, message__status=Message.Status.DISCARDED)
        return gone.update(state=State.EXPIRED, reason="Venció antes de poder salir.") if ids else 0


def _unsent(channel: Channel) -> QuerySet[Message]:
    """Notices that are in the outbox and did not leave yet."""
    return Message.objects.filter(
        channel=channel,
        priority=Message.Priority.NOTICE,
        due_at__isnull=False,
        status__in=[Message.Status.QUEUED, Message.Status.SENDING],
    )


def _told(gateway: Gateway) -> str:
    return f"No pudo salir en {gateway.expiry_hours} h."
